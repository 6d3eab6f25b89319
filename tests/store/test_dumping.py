"""Dump and restore carry everything, and nothing that is not whole."""

from __future__ import annotations

import io
import json
from collections.abc import Callable

import pytest

from graphsvc.errors import InvalidInputError
from graphsvc.model.seed import Seed
from graphsvc.store.database import Database
from graphsvc.store.state import read_state
from graphsvc.usecases.loading.dump import dump
from graphsvc.usecases.loading.load import load
from graphsvc.usecases.loading.restore import restore
from tests.conftest import Cypher
from tests.store.conftest import with_entity, with_fact, without

pytestmark = pytest.mark.anyio


async def dumped(database: Database) -> bytes:
    out = io.BytesIO()
    await dump(database, out)
    return out.getvalue()


@pytest.fixture
async def history(database: Database, harbor: Seed, cypher: Cypher) -> bytes:
    """The dump of a graph that was changed three times; the database is empty again."""
    await load(database, harbor)
    await load(database, without(harbor, "wave-funds-pier"))
    await load(database, with_fact(harbor, "two-centers-sum", note="as corrected"))
    await load(database, with_entity(harbor, "tide-center", name="새물결센터"))
    data = await dumped(database)
    cypher("MATCH (n) DETACH DELETE n")
    return data


@pytest.mark.smoke
async def test_a_restored_graph_dumps_to_the_same_bytes(database: Database, history: bytes) -> None:
    counts = await restore(database, io.BytesIO(history))

    assert await dumped(database) == history
    assert json.loads(history.splitlines()[-1])["end"] == {
        "nodes": counts.nodes,
        "relationships": counts.relationships,
    }
    assert b"as corrected" in history
    assert "새물결센터".encode() in history


async def test_a_restored_graph_takes_the_next_load(
    database: Database, history: bytes, harbor: Seed
) -> None:
    await restore(database, io.BytesIO(history))

    plan = await load(database, with_entity(harbor, "tide-center", name="새물결센터"))

    assert plan.changes_nothing


async def test_a_graph_in_use_is_not_restored_over(
    database: Database, history: bytes, harbor: Seed
) -> None:
    await load(database, harbor)
    before = await dumped(database)

    with pytest.raises(InvalidInputError, match="into an empty database"):
        await restore(database, io.BytesIO(history))

    assert await dumped(database) == before


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (lambda data: b"", "cut short"),
        (lambda data: b"hello\n" + data, "Line 1 of the dump is no JSON"),
        (lambda data: b"[]\n" + data, "Line 1 of the dump is no JSON object"),
        (lambda data: b"{}\n" + data, "Line 1 of the dump is no header"),
        (lambda data: data.replace(b'"dump":1', b'"dump":99', 1), "is no header"),
        (lambda data: data.replace(b'"schema_version":1', b'"schema_version":99', 1), "Upgrade"),
        (lambda data: data.replace(b'"schema_version":1', b'"schema_version":"1"', 1), "no header"),
        (lambda data: data.replace(b'"phase":"ready"', b'"phase":"loading"', 1), "not finished"),
        (lambda data: data[: data.rindex(b"\n", 0, -1) + 1], "cut short"),
        (lambda data: data.replace(b'"amount":"', b'"amount":"9', 1), "changed or damaged"),
        (lambda data: data.replace(b'"type":"FUNDS"', b'"type":"BRIBES"', 1), "no node or rel"),
        (lambda data: data.replace(b'["Entity",', b'["Person",', 1), "no node or rel"),
        (lambda data: data + b"\n", "not the last of the file"),
    ],
    ids=[
        "empty file",
        "no JSON",
        "no object",
        "no header",
        "newer dump format",
        "newer schema",
        "schema version as text",
        "an unfinished graph",
        "cut short",
        "changed",
        "foreign type",
        "foreign label",
        "more after the end",
    ],
)
async def test_a_damaged_dump_is_refused_and_leaves_the_database_empty(
    database: Database, history: bytes, damage: Callable[[bytes], bytes], said: str
) -> None:
    with pytest.raises(InvalidInputError, match=said):
        await restore(database, io.BytesIO(damage(history)))

    assert await read_state(database) is None
    rows = await database.read("read/node_count", {"label": "Entity"})
    assert rows == [{"nodes": 0}]
