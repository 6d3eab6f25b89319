"""Named queries: questions that stand in `.cypher` files, each with a path of its own."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from fastapi import APIRouter, Depends, Request, Response
from pydantic import Field
from starlette.requests import ClientDisconnect

from graphsvc.api.http.answers import Closed, GraphVersionNumber, Page
from graphsvc.api.http.disconnect import CLIENT_CLOSED_REQUEST, cancel_on_disconnect
from graphsvc.api.http.live_graph import GraphVersionDep
from graphsvc.api.http.parameters import no_parameters
from graphsvc.api.http.query_schemas import LIMIT, has_own_limit, limit_of, require_sane_lengths
from graphsvc.api.http.responses import answer
from graphsvc.store.queries import depends_on_the_graph_alone
from graphsvc.usecases.about.named_queries import ask, described, find_query, resolve

router = APIRouter(tags=["Queries"])


class QueryParameter(Closed):
    """What a query takes."""

    name: str
    type: str = Field(description="string, integer, float, boolean, date, or `list of` these.")
    required: bool
    default: Any = Field(description="What it is when left out; null where nothing stands for it.")
    text: str = Field(description="What it means.")


class QueryColumn(Closed):
    """What each row of a query's answer holds."""

    name: str
    type: str = Field(
        description="As of parameters, or map, node, relationship, path, any. It may be null."
    )
    text: str = Field(description="What it means.")


class QueryDescription(Closed):
    """A named query."""

    name: str
    why: str = Field(description="What it answers.")
    timeout_s: float = Field(description="Seconds after which it is stopped.")
    parameters: list[QueryParameter]
    returns: list[QueryColumn]
    statement: str = Field(description="Its Cypher, to begin one of your own from.")


class ResolvedText(Closed):
    """A name, or the id of a thing that was merged, and the thing that it means."""

    given: str
    id: str


class QueryAnswer(Closed):
    """The answer of a named query."""

    name: str = Field(description="The query.")
    columns: list[str] = Field(description="The columns of every row, in order.")
    rows: list[dict[str, Any]] = Field(description="The rows, keyed by column, in order.")
    truncated: bool = Field(description="Whether there are more rows than were asked for.")
    resolved: list[ResolvedText] = Field(
        [], description="What was given for a thing and is not its id; left out where all were."
    )
    graph_version: GraphVersionNumber


@router.get(
    "/queries",
    response_model=Page[QueryDescription],
    summary="The named queries · 질의 목록",
    dependencies=[Depends(no_parameters)],
)
async def list_queries(at: GraphVersionDep) -> Response:
    """What can be asked by name, with what each takes and returns; all on one page.

    An operator adds queries by dropping `.cypher` files into the folder GRAPHSVC_QUERIES_DIR.
    """
    items = [described(query) for query in at.queries.statements.values()]
    return answer(at, {"items": items, "next_cursor": None, "total": len(items)})


@router.get("/queries/{name}", response_model=QueryAnswer, summary="A named query · 질의")
async def ask_query(name: str, request: Request, at: GraphVersionDep) -> Response:
    """Ask a named query; each has a path, parameters and columns of its own in this description.

    A list is one parameter with commas between its items. A thing is given by its id, the id of
    one that was merged into it, or a name; what nothing is called is 404. `limit`, the most rows
    of an answer, is the service's, unless the query's own file has a parameter of that name: then
    it means what the file says.
    """
    query = find_query(at.queries, name)
    given = dict(request.query_params)
    most = at.database.settings.max_rows
    limit = most if has_own_limit(query) else limit_of(query, given.pop(LIMIT, None), most)
    require_sane_lengths(query, given)
    values, resolved = await resolve(at.database, query, given)
    asking = ask(at.statements, query, values, limit=limit)
    try:
        result = await cancel_on_disconnect(request.receive, asking)
    except ClientDisconnect:
        return Response(status_code=CLIENT_CLOSED_REQUEST)
    content = {
        "name": query.name,
        "columns": result.columns,
        "rows": result.objects(),
        "truncated": result.truncated,
    }
    if resolved:
        content["resolved"] = [asdict(each) for each in resolved]
    response = answer(at, content)
    if not depends_on_the_graph_alone(query):
        response.headers["Cache-Control"] = "no-store"
    return response
