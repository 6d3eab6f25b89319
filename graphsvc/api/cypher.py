"""`POST /v1/cypher`: any statement that only reads, its rows as JSON or as a stream of lines."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BeforeValidator, Field
from pydantic_core import to_json
from starlette.requests import ClientDisconnect
from starlette.types import Receive, Scope, Send

from graphsvc.api.http.answers import Closed, GraphVersionNumber
from graphsvc.api.http.bodies import Body, read_as, request_body
from graphsvc.api.http.disconnect import CLIENT_CLOSED_REQUEST, cancel_on_disconnect
from graphsvc.api.http.live_graph import GraphVersion, live_graph_of
from graphsvc.api.http.negotiation import preferences
from graphsvc.api.http.parameters import no_parameters
from graphsvc.api.http.problems import problem_of, request_id, response_to
from graphsvc.api.http.responses import answer, file_described
from graphsvc.errors import GraphsvcError, LimitError
from graphsvc.store.database import OVERRUN_S
from graphsvc.store.guard import MAX_LENGTH
from graphsvc.store.statements.executor import RowStream
from graphsvc.store.values import typed_value

router = APIRouter(tags=["Cypher"], dependencies=[Depends(no_parameters)])

NDJSON = "application/x-ndjson"

_NO_STORE = {"Cache-Control": "no-store", "Vary": "Accept"}
_READS = "r"
_CHUNK = 64 * 2**10
_LONGEST_SILENCE_S = 0.25

MOST_SECONDS = 60


_MOST_ROWS = 1_000_000_000


def _whole(value: object) -> object:
    # To JSON 5.0 is a whole number too.
    return int(value) if isinstance(value, float) and value.is_integer() else value


class CypherRequest(Body):
    """A statement, with what it needs."""

    statement: str = Field(
        min_length=1,
        max_length=MAX_LENGTH,
        description="One Cypher statement that only reads.",
    )
    parameters: dict[str, Any] = Field(
        {}, description="Values for its $names: null, booleans, 64-bit numbers, text, lists, maps."
    )
    limit: Annotated[int, BeforeValidator(_whole), Field(ge=1, le=_MOST_ROWS)] | None = Field(
        None,
        description="Most rows. As JSON at most GRAPHSVC_MAX_ROWS, which is also what is taken"
        " without it; as NDJSON any number, and all rows without it.",
    )
    timeout: Annotated[float, Field(gt=0, le=MOST_SECONDS)] | None = Field(
        None,
        description="Seconds after which it is stopped, rows still to be sent included; without"
        " it GRAPHSVC_READ_TIMEOUT_S, at most 60.",
    )


Value = Annotated[
    Any,
    Field(
        description="null, true, numbers, text, lists and maps are themselves; all else, inside of"
        " lists and maps too, is an object with `$type`: `node` (`labels`, `properties`),"
        " `relationship` (`type`, `start`, `end`, `properties`), `path` (`nodes`, `relationships`),"
        " `point` (`srid`, `coordinates`), `map` (`value`: a map that has a key `$type` itself), or"
        " with text as its `value` `date`, `time`, `localtime`, `datetime`, `localdatetime`,"
        " `duration` (ISO 8601), `bytes` (base64), `integer` (from 2^53 on) and `float` (NaN,"
        " Infinity, -Infinity)."
    ),
]
"""Not a union of models: generated clients would wrap each cell, plain numbers too."""


class CypherAnswer(Closed):
    """A statement's rows."""

    columns: list[str]
    rows: list[list[Value]] = Field(description="A list for each row, in the order of `columns`.")
    truncated: bool = Field(description="Whether there were more rows than `limit`.")
    ms: float = Field(description="Milliseconds from the question to the last row.")
    query_type: Literal["r"] = Field(
        description="As drivers name what a statement does: what is let pass only reads."
    )
    graph_version: GraphVersionNumber


async def _graph_now(request: Request) -> GraphVersion:
    return await live_graph_of(request.scope).now()


@router.post(
    "/cypher",
    response_model=CypherAnswer,
    summary="Read-only Cypher · 읽기 전용 사이퍼",
    openapi_extra=request_body(CypherRequest.model_json_schema()),
)
async def run_cypher(
    request: Request,
    asked: Annotated[CypherRequest, Depends(read_as(CypherRequest))],
    at: Annotated[GraphVersion, Depends(_graph_now)],
) -> Response:
    """Run one statement that reads, on either database; `GET /v1/schema` says what there is.

    A statement that would do more than read is refused (403), naming the clause, operator or
    procedure and where it stands; one that is no Cypher, is nested deeper than 100 or cannot run
    is told where (400: `line`, `column`, `caret`), and so is one that no database could stop: a
    path of any length over several types or over any, ranges and folds beyond bounds. One that
    runs past its time, or keeps the database from answering, is stopped (504), as is one that runs
    out of memory (502). Where as many run as may it waits for a place as long as it may take, and
    gets 503 with Retry-After. Who hangs up ends the statement: at once on Neo4j, on the embedded
    database when its time is over.

    `POST /v1/cypher/stream` sends rows as they come, however many; so does this one with
    `Accept: application/x-ndjson`.

    `graph_version` is the one that was known when the statement began: rows may already show a
    load that ended meanwhile.
    """
    if _wants_lines(request.headers.get("accept", "")):
        return _Lines(at, asked, request_id(request))
    began = time.perf_counter()
    try:
        result = await cancel_on_disconnect(
            request.receive,
            at.statements.query(
                asked.statement,
                asked.parameters,
                limit=_limit(at, asked),
                timeout_s=_seconds(at, asked),
                convert=typed_value,
            ),
        )
    except ClientDisconnect:
        return Response(status_code=CLIENT_CLOSED_REQUEST)
    content = {
        "columns": result.columns,
        "rows": result.rows,
        "truncated": result.truncated,
        "ms": _since(began),
        "query_type": _READS,
    }
    response = answer(at, content)
    response.headers.update(_NO_STORE)
    return response


@router.post(
    "/cypher/stream",
    response_class=Response,
    summary="Read-only Cypher, row by row · 읽기 전용 사이퍼, 한 줄씩",
    responses={200: file_described(NDJSON)},
    openapi_extra=request_body(CypherRequest.model_json_schema()),
)
async def stream_cypher(
    request: Request,
    asked: Annotated[CypherRequest, Depends(read_as(CypherRequest))],
    at: Annotated[GraphVersion, Depends(_graph_now)],
) -> Response:
    """The same as lines of JSON (NDJSON), in constant memory.

    A first line with `columns`, `query_type` and `graph_version`, an array for each row, and a
    last line with `rows`, `truncated` and `ms`. If something goes wrong on the way the last line is
    `{"problem": ...}`, as in problem details; an answer without either line was cut off.
    """
    return _Lines(at, asked, request_id(request))


def _wants_lines(accept: str) -> bool:
    """Whether lines are named, and liked at least as well as one JSON value."""
    weights = preferences(accept)
    lines = weights.get(NDJSON, 0.0)
    return lines > 0 and lines >= weights.get("application/json", 0.0)


def _limit(at: GraphVersion, asked: CypherRequest) -> int:
    most = at.database.settings.max_rows
    if asked.limit is not None and asked.limit > most:
        raise LimitError(
            f"limit is {asked.limit}; as JSON at most {most} rows are sent.",
            mend=f"Ask for fewer, or take them as they come with Accept: {NDJSON}.",
            field="limit",
        )
    return asked.limit or most


def _seconds(at: GraphVersion, asked: CypherRequest) -> float:
    return asked.timeout or min(at.database.settings.read_timeout_s, MOST_SECONDS)


def _since(began: float) -> float:
    return round(1000 * (time.perf_counter() - began), 1)


class _Lines(Response):
    """Rows as lines, in the memory that a few of them take."""

    def __init__(self, at: GraphVersion, asked: CypherRequest, instance: str) -> None:
        super().__init__(media_type=NDJSON, headers=_NO_STORE)
        del self.headers["content-length"]
        self._at = at
        self._asked = asked
        self._instance = instance
        self._began = time.perf_counter()
        self._rows = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send them, for as long as somebody listens and takes them."""
        try:
            await cancel_on_disconnect(receive, self._serve(scope, receive, send))
        except ClientDisconnect:
            # Without its last line the answer is seen to be cut off.
            return

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        asked, seconds = self._asked, _seconds(self._at, self._asked)
        started = False

        async def sent(body: bytes, *, more: bool) -> None:
            await send({"type": "http.response.body", "body": body, "more_body": more})

        try:
            async with self._at.statements.stream(
                asked.statement, asked.parameters, timeout_s=seconds
            ) as stream:
                end = asyncio.get_running_loop().time() + seconds + OVERRUN_S
                async for chunk in _chunks(self._lines(stream)):
                    if not started:
                        await self._start(send)
                        started = True
                    async with _taken_until(end):
                        await sent(chunk, more=True)
        except GraphsvcError as error:
            if not started:
                await response_to(error, self._instance)(scope, receive, send)
                return
            await sent(_line({"problem": problem_of(error, self._instance)}), more=False)
            return
        await sent(b"", more=False)

    async def _start(self, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})

    async def _lines(self, stream: RowStream) -> AsyncIterator[bytes]:
        """The answer, some lines at a time; nothing before the first rows are there."""
        most = self._asked.limit
        head = _line(
            {
                "columns": stream.columns,
                "query_type": _READS,
                "graph_version": self._at.version,
            }
        )
        truncated = False
        while batch := await stream.rows(_wanted(most, self._rows), typed_value):
            if most is not None and self._rows + len(batch) > most:
                batch, truncated = batch[: most - self._rows], True
            self._rows += len(batch)
            yield head + b"".join(map(_line, batch))
            head = b""
            if truncated:
                break
        yield head + _line({"rows": self._rows, "truncated": truncated, "ms": _since(self._began)})


@asynccontextmanager
async def _taken_until(end: float) -> AsyncIterator[None]:
    """Who leaves rows lying until the statement's time is over is taken to have left."""
    try:
        async with asyncio.timeout_at(end):
            yield
    except TimeoutError:
        raise ClientDisconnect from None


def _wanted(most: int | None, had: int) -> int:
    return 2**31 if most is None else most + 1 - had


def _line(content: Any) -> bytes:
    return to_json(content) + b"\n"


async def _chunks(lines: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """Lines put together, so that few and large pieces are sent, but none is held back long."""
    held = bytearray()
    sent_at = 0.0
    async for line in lines:
        held += line
        if len(held) >= _CHUNK or time.monotonic() - sent_at > _LONGEST_SILENCE_S:
            yield bytes(held)
            held.clear()
            sent_at = time.monotonic()
    if held:
        yield bytes(held)
