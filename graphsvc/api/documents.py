"""Documents: the sources of facts."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import Field

from graphsvc.api.facts import EntityName
from graphsvc.api.http.answers import Closed, GraphVersionNumber, InstantText, Page
from graphsvc.api.http.live_graph import GraphVersionDep
from graphsvc.api.http.parameters import PageParameters, no_parameters
from graphsvc.api.http.responses import Walk, answer
from graphsvc.api.http.routes import ReadRoute
from graphsvc.usecases.lists.documents import document_detail, documents

router = APIRouter(tags=["Documents"], route_class=ReadRoute)


class Document(Closed):
    """A source."""

    id: str
    publisher: str | None = Field(description="Null where the document names none.")
    carrier: str | None = Field(description="The portal that carried it.")
    published: str | None = Field(description="EDTF, from the byline alone.")
    retrieved: str | None = Field(description="The day it was fetched.")
    sha256: str = Field(description="Digest of the stored file.")
    description: str = Field(description="What it is about, in our own words.")


class DocumentDetail(Document):
    """A source and the things its facts name."""

    recorded_at: InstantText
    entities: list[EntityName]
    graph_version: GraphVersionNumber


class DocumentParameters(PageParameters):
    """Which page."""


@router.get("/documents", response_model=Page[Document], summary="Sources · 문서 목록")
async def list_documents(
    request: Request, at: GraphVersionDep, query: Annotated[DocumentParameters, Query()]
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
async def get_document(id: str, at: GraphVersionDep) -> Response:  # noqa: A002 - as the path shows
    """With every thing that its facts name."""
    return answer(at, await document_detail(at.database, id))
