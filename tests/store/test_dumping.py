"""Dump and restore carry everything, and nothing that is not whole."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import io
import json
from collections.abc import Callable
from typing import Any

import pytest

from graphsvc.errors import InvalidInputError, StoreUnavailableError
from graphsvc.model.seed import Seed
from graphsvc.store.database import Database
from graphsvc.store.state import read_state
from graphsvc.usecases.loading import restore as restoring
from graphsvc.usecases.loading.dump import dump
from graphsvc.usecases.loading.dump_reading import check_dump
from graphsvc.usecases.loading.load import load
from graphsvc.usecases.loading.restore import restore
from tests.conftest import Cypher
from tests.store.conftest import with_entity, with_fact, without

pytestmark = pytest.mark.anyio


async def dumped(database: Database) -> bytes:
    out = io.BytesIO()
    await dump(database, out)
    return out.getvalue()


@pytest.fixture(scope="module")
def _made_once() -> list[bytes]:
    return []


@pytest.fixture
async def history(
    database: Database, harbor: Seed, cypher: Cypher, _made_once: list[bytes]
) -> bytes:
    """The dump of a graph that was changed three times; the database is empty again."""
    if _made_once:
        return _made_once[0]
    await load(database, harbor)
    await load(database, without(harbor, "wave-funds-pier"))
    await load(database, with_fact(harbor, "two-centers-sum", note="as corrected"))
    await load(database, with_entity(harbor, "tide-center", name="새물결센터"))
    _made_once.append(await dumped(database))
    cypher("MATCH (n) DETACH DELETE n")
    return _made_once[0]


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
        (lambda data: gzip.compress(data), "is compressed"),
        (lambda data: gzip.compress(data)[:100], "is compressed"),
        (lambda data: data.decode().encode("utf-16"), "is no UTF-8"),
        (lambda data: data.decode().encode("utf-8-sig"), "Line 1 of the dump is no JSON"),
        (lambda data: data + b"x" * 20_000_000, "not the last"),
        (lambda data: b"x" * 20_000_000, "has more than 16,777,216 bytes"),
        (lambda data: b"[" * 100_000 + data, "Line 1 of the dump is"),
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
        "compressed",
        "compressed and cut short",
        "UTF-16",
        "with a byte order mark",
        "much more after the end",
        "one endless line",
        "nested without end",
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


def resealed(data: bytes, edit: Callable[[list[dict[str, Any]]], Any]) -> bytes:
    """The dump with its lines edited, and a last line that fits them."""
    lines = [json.loads(line) for line in data.splitlines()][:-1]
    edit(lines)
    written = [line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines]
    content = b"".join(line + b"\n" for line in written)
    counts = {"nodes": content.count(b'"labels": ['), "relationships": content.count(b'"start": ')}
    digest = hashlib.sha256(content).hexdigest()
    return content + json.dumps({"end": counts, "sha256": digest}).encode() + b"\n"


def labelled(label: str, **values: Any) -> Callable[[list[dict[str, Any]]], None]:
    """Gives the first node of a label other values; None takes one away."""

    def edit(lines: list[dict[str, Any]]) -> None:
        node = next(line for line in lines if label in line.get("labels", ()))
        node["properties"] = {
            name: value
            for name, value in {**node["properties"], **values}.items()
            if value is not None
        }

    return edit


def linked(type_name: str, member: str | None = None, **values: Any) -> Callable[[Any], None]:
    """Gives the first relationship of a type that has an amount, or any, other values."""

    def edit(lines: list[dict[str, Any]]) -> None:
        links = [line for line in lines if line.get("type") == type_name]
        link = next((each for each in links if "amount" in each["properties"]), links[0])
        (link if member else link["properties"]).update(values)

    return edit


def in_the_state(**values: Any) -> Callable[[list[dict[str, Any]]], None]:
    return lambda lines: lines[0]["state"].update(values)


def nested(lines: list[Any]) -> None:
    lines.insert(1, b'{"labels":' + b"[" * 50_000 + b"]" * 50_000 + b"}")


def as_text(old: str, new: str) -> Callable[[list[Any]], None]:
    """Writes the first line that holds a text with another in its place."""

    def edit(lines: list[Any]) -> None:
        at = next(n for n, line in enumerate(lines) if n and old in json.dumps(line))
        lines[at] = json.dumps(lines[at]).replace(old, new, 1).encode()

    return edit


WRONG = {
    "an amount that is no number": (linked("FUNDS", amount="lots"), "is not a decimal number"),
    "an amount below zero": (linked("FUNDS", amount="-5"), "zero or more"),
    "an amount as a number": (linked("FUNDS", amount=5), "FUNDS relationship"),
    "another currency": (linked("FUNDS", currency="XXX"), "ISO 4217"),
    "an amount that its hash does not know": (linked("FUNDS", amount="7"), "FUNDS relationship"),
    "evidence that is none": (linked("FUNDS", evidence=["x"]), "is not a locator"),
    "no evidence": (linked("FUNDS", evidence=[]), "evidence"),
    "evidence of an unknown document": (
        linked("FUNDS", evidence=["gone#p1:0-5@0123456789abcdef"], documents=["gone"]),
        "FUNDS relationship",
    ),
    "a wrong hash": (labelled("Entity", content_hash="0" * 16), "content_hash"),
    "a wrong hash of a fact": (linked("FUNDS", content_hash="0" * 16), "FUNDS relationship"),
    "a wrong hash of a document": (labelled("Document", content_hash="0" * 16), "content_hash"),
    "a hash of a funding": (labelled("Funding", content_hash="0" * 16), "content_hash"),
    "an instant that is none": (labelled("Entity", recorded_at="yesterday"), "is not an instant"),
    "an instant that does not exist": (
        labelled("Document", recorded_at="2030-02-30T00:00:00.000000Z"),
        "does not exist",
    ),
    "an instant of another form": (labelled("Load", at="2030-02-03T00:00:00Z"), "no instant"),
    "a version that is no number": (labelled("Load", version="1"), "no count"),
    "a fact of a version": (labelled("FactVersion", fact='{"id": "x"}'), "FactVersion node"),
    "an entity of a version": (labelled("EntityVersion", entity="[]"), "EntityVersion node"),
    "an unknown change": (labelled("FactVersion", change="lost"), "'lost'"),
    "a kind of other labels": (labelled("Entity", kind="Market"), "labels differ"),
    "an unknown kind": (labelled("Entity", kind="Planet"), "Entity node"),
    "an unknown metric": (labelled("Observation", metric="mood"), "Observation node"),
    "a name that is a number": (labelled("Entity", name=5), "name"),
    "a missing name": (labelled("Entity", name=None), "name"),
    "an extra property": (labelled("Entity", colour="red"), "colour"),
    "an extra member": (linked("FUNDS", member="x", colour="red"), "no node or relationship"),
    "an extra member of the state": (in_the_state(colour="red"), "colour"),
    "a missing end": (linked("FUNDS", member="end", end="gone"), "FUNDS relationship"),
    "an end that is no text": (linked("FUNDS", member="end", end=5), "no node or relationship"),
    "an id that is no text": (labelled("Entity", id=5), "no node or relationship"),
    "a node twice": (lambda lines: lines.insert(1, lines[1]), "stands twice"),
    "nodes in another order": (lambda lines: lines.insert(1, lines.pop(2)), "order of a dump"),
    "a relationship twice": (lambda lines: lines.append(lines[-1]), "it is there twice"),
    "relationships first": (lambda lines: lines.insert(1, lines.pop()), "order of a dump"),
    "a relationship less": (lambda lines: lines.pop(), "MENTIONS relationship"),
    "an entity less": (lambda lines: lines.pop(1), "unknown entity"),
    "another version of the schema": (in_the_state(schema_version=0), "schema version 0"),
    "other numbers": (in_the_state(facts=1), "documents, entities and facts"),
    "a vocabulary's wrong hash": (in_the_state(vocabulary_hash="0" * 16), "vocabulary_hash"),
    "a load that never was": (in_the_state(loaded_at="then"), "loaded_at"),
    "deep nesting": (nested, "Line 2 of the dump is"),
    "NaN": (as_text("true", "NaN"), "has NaN"),
    "an infinity": (as_text("true", "1e999"), "beyond all"),
    "a huge number": (as_text("true", "9" * 5000), "Line"),
    "more than 64 bits": (as_text("true", str(2**63)), "64 bits"),
    "a member twice": (as_text('"labels": [', '"labels": [], "labels": ['), "has a member twice"),
    "NUL": (labelled("Entity", note="a\0b"), "NUL"),
    "half a character": (labelled("Entity", note="\ud800"), "half a character"),
}


@pytest.mark.parametrize(("edit", "said"), WRONG.values(), ids=WRONG)
async def test_a_dump_with_a_right_digest_is_held_to_what_graphsvc_writes(
    database: Database,
    history: bytes,
    edit: Callable[[list[dict[str, Any]]], Any],
    said: str,
) -> None:
    bad = resealed(history, edit)
    for work in (
        lambda: restore(database, io.BytesIO(bad)),
        lambda: asyncio.to_thread(check_dump, io.BytesIO(bad)),
    ):
        with pytest.raises(InvalidInputError, match=r"Line \d+") as refused:
            await work()
        assert said in refused.value.message
        assert refused.value.mend

    assert await read_state(database) is None
    rows = await database.read("read/node_count", {"label": "Entity"})
    assert rows == [{"nodes": 0}]


async def test_a_dump_is_whole_whatever_blanks_stand_in_it(
    database: Database, history: bytes
) -> None:
    await restore(database, io.BytesIO(resealed(history, lambda lines: None)))

    assert await dumped(database) == history


class Pipe(io.BytesIO):
    """Can be read once."""

    def seekable(self) -> bool:
        return False

    def seek(self, *_: Any) -> int:
        raise OSError("Illegal seek")


async def test_a_dump_from_a_pipe_is_checked_before_it_is_written(
    database: Database, history: bytes
) -> None:
    with pytest.raises(InvalidInputError, match="Line"):
        await restore(database, Pipe(resealed(history, linked("FUNDS", amount="lots"))))
    assert await read_state(database) is None

    await restore(database, Pipe(history))
    assert await dumped(database) == history


@pytest.mark.embedded_only
async def test_a_lost_engine_in_the_middle_makes_it_restore_once_more(
    database: Database, history: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill, said = restoring._fill, []

    async def lost_at_first(*arguments: Any) -> Any:
        if not said:
            raise StoreUnavailableError("The engine was lost.", reason="engine-lost")
        return await fill(*arguments)

    monkeypatch.setattr(restoring, "_fill", lost_at_first)
    await restore(database, io.BytesIO(history), said.append)

    assert said == ["The embedded database was restarted in the middle; restoring it again."]
    assert await dumped(database) == history
