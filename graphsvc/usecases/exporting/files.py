"""An export as a file: its name, its media type, and its bytes in chunks, in constant memory."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any

from graphsvc.model.choices import ExportFormat
from graphsvc.model.time_question import ANY_TIME, TimeQuestion
from graphsvc.store.cypher_files import Catalog, Statement
from graphsvc.store.database import Database
from graphsvc.store.rows import require_amounts
from graphsvc.store.state import GraphState, require_ready, require_unchanged
from graphsvc.store.statements.executor import StatementExecutor
from graphsvc.usecases.about.named_queries import resolve
from graphsvc.usecases.exporting.gexf import Gexf
from graphsvc.usecases.exporting.graphml import GraphML
from graphsvc.usecases.exporting.jsonld import JsonLd
from graphsvc.usecases.exporting.node_link import NodeLink
from graphsvc.usecases.exporting.parts import WHOLE, Part, named_by_query, neighbourhood
from graphsvc.usecases.exporting.script import Script
from graphsvc.usecases.exporting.source import Source
from graphsvc.usecases.exporting.tables import Tables
from graphsvc.usecases.exporting.writer import About, Writer
from graphsvc.usecases.lists.entities import require_entities

CHUNK = 64 * 1024
"""Bytes that are sent at a time, at least."""


@dataclass(frozen=True)
class _Kind:
    media_type: str
    suffix: str
    writer: Callable[[About, Catalog], Writer]


def _plain(writer: Callable[[About], Writer]) -> Callable[[About, Catalog], Writer]:
    return lambda about, _: writer(about)


_KINDS = {
    ExportFormat.GRAPHML: _Kind("application/graphml+xml", "graphml", _plain(GraphML)),
    ExportFormat.GEXF: _Kind("application/gexf+xml", "gexf", _plain(Gexf)),
    ExportFormat.JSON: _Kind("application/json", "json", _plain(NodeLink)),
    ExportFormat.CSV: _Kind("application/zip", "csv.zip", _plain(Tables)),
    ExportFormat.JSONLD: _Kind("application/ld+json", "jsonld", _plain(JsonLd)),
    ExportFormat.CYPHER: _Kind("text/plain; charset=utf-8", "cypher", Script),
}
MEDIA_TYPES = {chosen: kind.media_type for chosen, kind in _KINDS.items()}


@dataclass(frozen=True)
class Wanted:
    """What is exported: the whole graph, a thing's neighbourhood, or what a query names."""

    format: ExportFormat
    entity: str | None = None
    depth: int = 1
    query: Statement | None = None
    parameters: Mapping[str, Any] = field(default_factory=dict)
    time: TimeQuestion = ANY_TIME


@dataclass(frozen=True)
class Export:
    """A file on its way; close `chunks` when it is not read to its end."""

    filename: str
    media_type: str
    part: str
    """What it holds, in words."""
    chunks: AsyncGenerator[bytes, None]


async def export(database: Database, statements: StatementExecutor, wanted: Wanted) -> Export:
    """Begin an export; what it holds is read while its chunks are.

    The chunks raise StoreConflictError when a load changed the graph since they began: what came
    until then has no end, so that no reader takes it for whole.

    Raises
    ------
    NotFoundError
        When no thing has the id.
    InvalidInputError
        When the query's parameters are not what it takes.
    LimitError
        When the query has too many rows.
    """
    state = await require_ready(database)
    part = await _part(database, statements, state, wanted)
    source = Source(database, state, part, wanted.time)
    writer = _KINDS[wanted.format].writer(
        About(state, source.vocabulary, part, wanted.time), database.catalog
    )
    chunks = _chunks(database, state, source, writer)
    return Export(*_name(state, wanted), part.text, chunks)


async def export_name(database: Database, wanted: Wanted) -> tuple[str, str]:
    """Filename and media type of an export, without beginning it; costs one lookup.

    Raises
    ------
    NotFoundError
        When no thing has the id.
    InvalidInputError
        When the query's parameters are not what it takes.
    """
    state = await require_ready(database)
    if wanted.entity is not None:
        ever = wanted.time.known_at is not None
        await require_entities(database, ever=ever, entity=wanted.entity)
    if wanted.query is not None:
        await resolve(database, wanted.query, wanted.parameters)
    return _name(state, wanted)


def _name(state: GraphState, wanted: Wanted) -> tuple[str, str]:
    kind = _KINDS[wanted.format]
    return f"{state.seed_id}-v{state.version}.{kind.suffix}", kind.media_type


async def _part(
    database: Database, statements: StatementExecutor, state: GraphState, wanted: Wanted
) -> Part:
    if wanted.entity is not None:
        return await neighbourhood(database, wanted.entity, wanted.depth, wanted.time)
    if wanted.query is not None:
        types = state.vocabulary().types
        return await named_by_query(database, statements, types, wanted.query, wanted.parameters)
    return WHOLE


async def _chunks(
    database: Database, state: GraphState, source: Source, writer: Writer
) -> AsyncGenerator[bytes, None]:
    waiting: list[bytes] = []
    size = 0
    async with aclosing(_pieces(database, state, source, writer)) as pieces:
        async for piece in pieces:
            waiting.append(piece)
            size += len(piece)
            if size >= CHUNK:
                yield b"".join(waiting)
                waiting.clear()
                size = 0
                await asyncio.sleep(0)  # whoever waits meanwhile has a turn
    yield b"".join(waiting)


async def _pieces(
    database: Database, state: GraphState, source: Source, writer: Writer
) -> AsyncGenerator[bytes, None]:
    yield writer.begin()
    for section in writer.sections:
        yield writer.open(section)
        async for row in source.read(section):
            require_amounts(row["properties"] if isinstance(row, dict) else row.properties)
            yield writer.add(section, row)
        yield writer.close(section)
    await require_unchanged(database, state)
    yield writer.end()
