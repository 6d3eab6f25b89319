"""Sources."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from graphsvc.api.http.live_graph import AtVersion
from graphsvc.api.http.parameters import PageParameters, no_parameters
from graphsvc.api.http.responses import Page, Walk, answer
from graphsvc.api.http.routes import ReadRoute
from graphsvc.api.models import Document, DocumentDetail
from graphsvc.usecases.lists.documents import document_detail, documents

router = APIRouter(tags=["Documents · 문서"], route_class=ReadRoute)


class DocumentParameters(PageParameters):
    """Which page."""


@router.get("/documents", response_model=Page[Document], summary="Sources · 문서 목록")
async def list_documents(
    request: Request, at: AtVersion, query: Annotated[DocumentParameters, Query()]
) -> Response:
    """In the order of ids."""
    walk = Walk.of(request, query, str)
    total = at.state.documents
    return walk.answer(at, await documents(at.database, walk.start, query.limit, total))


@router.get(
    "/documents/{id}",
    response_model=DocumentDetail,
    summary="One source · 문서 하나",
    dependencies=[Depends(no_parameters)],
)
async def show_document(id: str, at: AtVersion) -> Response:  # noqa: A002 - as the path shows
    """With every thing that its facts name."""
    return answer(at, await document_detail(at.database, id))
