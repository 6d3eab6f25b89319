"""Reads a dump and says what is wrong with it, by line.

A dump is held to its own counts and digest, to its order, and to what graphsvc writes: each node
and relationship to the thing or fact that it stands for, and these to the rules of a seed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any, BinaryIO

from pydantic import TypeAdapter

from graphsvc.errors import InvalidInputError
from graphsvc.model.content import content_hash
from graphsvc.model.instant import parse_instant
from graphsvc.model.vocabulary import GENERATED_TYPES, Vocabulary
from graphsvc.store.state import SCHEMA_VERSION, GraphState
from graphsvc.usecases.loading.dump import DUMP_FORMAT, RECORDS, Counts
from graphsvc.usecases.loading.expected_rows import Difference, ExpectedRows

_STATE = TypeAdapter(GraphState)

_LONGEST_LINE = 16 * 2**20
"""A vocabulary is the largest thing that a dump has on one line."""

_MOST_TOLD = 20
_INTEGERS = range(-(2**63), 2**63)
_GZIP = b"\x1f\x8b"
_MEND = "Make it again with `graphsvc dump`, and look at its graph with `graphsvc doctor`."


def check_dump(source: BinaryIO) -> Counts:
    """Read a dump to its end; costs memory as reading its seed does.

    Raises
    ------
    InvalidInputError
        Naming the first lines that are wrong, and why.
    """
    reader = DumpReader(source)
    state = reader.header()
    rows = ExpectedRows(state.vocabulary())
    for line in reader.lines(state.vocabulary()):
        at, properties = reader.line_number, line["properties"]
        if "type" in line:
            rows.relationship(line["type"], line["start"], line["end"], properties, at)
        else:
            label = line["labels"][0]
            rows.node(label, line["labels"], properties, at)
    found = [*_state_differences(state, rows), *rows.end()]
    if found:
        more = f"\n  and {len(found) - _MOST_TOLD} more" if len(found) > _MOST_TOLD else ""
        told = "".join(f"\n  {_told(difference)}" for difference in found[:_MOST_TOLD])
        raise InvalidInputError(f"The dump is not what graphsvc writes:{told}{more}\n", mend=_MEND)
    return reader.counts


def _state_differences(state: GraphState, rows: ExpectedRows) -> Iterator[Difference]:
    stated = (state.documents, state.entities, state.facts)
    if stated != (rows.documents, rows.entities, rows.facts) and not rows.differences:
        reason = (
            "documents, entities and facts are"
            f" {rows.documents}, {rows.entities} and {rows.facts}, not {stated}"
        )
        yield Difference(1, "the header", "changed", reason)
    if state.vocabulary_hash != content_hash(state.vocabulary()):
        yield Difference(1, "the header", "changed", "vocabulary_hash is not the vocabulary's")
    if state.version < 1 or not _is_instant(state.loaded_at):
        yield Difference(1, "the header", "changed", "version or loaded_at is none")


def _is_instant(text: str) -> bool:
    try:
        return parse_instant(text) == text
    except ValueError:
        return False


def _told(difference: Difference) -> str:
    where = f"Line {difference.line}: " if difference.line else ""
    how = "is not made of it" if difference.how == "missing" else "is wrong"
    return f"{where}{difference.what} {how}{difference.reason and ': '}{difference.reason}."


class DumpReader:
    """Reads a dump line by line and holds it to its form, its order, its counts and digest."""

    def __init__(self, source: BinaryIO) -> None:
        self._source = source
        self._digest = hashlib.sha256()
        self._nodes = 0
        self._relationships = 0
        self.line_number = 0
        """Of the line read last, from 1."""

    @property
    def counts(self) -> Counts:
        """How many nodes and relationships were read."""
        return Counts(self._nodes, self._relationships)

    def header(self) -> GraphState:
        """The state of the graph that was dumped; read it first.

        Raises
        ------
        InvalidInputError
            When the first line is none, or of a newer schema.
        """
        line = self._next()
        if line.keys() != {"dump", "graphsvc", "state"} or line["dump"] != DUMP_FORMAT:
            raise self._bad("is no header of a dump that this program reads")
        try:
            state = _STATE.validate_json(json.dumps(line["state"]), strict=True)
            state.vocabulary()
        except ValueError:
            raise self._bad("is no header of a dump that this program reads") from None
        if unknown := line["state"].keys() - state.properties().keys():
            raise self._bad(f"has the unknown member {min(unknown)!r} in its state")
        if state.phase != "ready":
            raise self._bad("is of a graph whose first load had not finished")
        if state.schema_version > SCHEMA_VERSION:
            raise InvalidInputError(
                f"The dump was made by graphsvc {state.written_by} with schema version"
                f" {state.schema_version}; this program knows versions up to {SCHEMA_VERSION}.",
                mend="Upgrade graphsvc.",
            )
        if state.schema_version < 1:
            raise self._bad(f"has schema version {state.schema_version}, which there never was")
        return state

    def lines(self, vocabulary: Vocabulary) -> Iterator[dict[str, Any]]:
        """Nodes, with `labels` and `properties`, and relationships; the last line is checked.

        Raises
        ------
        InvalidInputError
            Naming the line.
        """
        allowed: dict[tuple[str, ...], int] = {
            (label,): place for place, label in enumerate(RECORDS, start=1)
        }
        allowed |= {vocabulary.labels(kind): 0 for kind in vocabulary.kinds}
        types = (*sorted(vocabulary.types), *sorted(GENERATED_TYPES))
        order = {name: len(allowed) + place for place, name in enumerate(types)}
        before: tuple[int, str] = (0, "")
        while (line := self._next()).keys() != {"end", "sha256"}:
            place = self._place(line, allowed, order)
            # Relationships of a type stand by where they start, a batch of nodes at a time.
            id_ = line["properties"]["id"] if "labels" in line else ""
            if (place, id_) < before or (id_ and (place, id_) == before):
                raise self._bad("stands twice, or not in the order of a dump")
            before = (place, id_)
            yield line
        self._check_end(line)

    def _place(
        self, line: dict[str, Any], allowed: dict[tuple[str, ...], int], order: dict[str, int]
    ) -> int:
        """Where the kind of line stands in the order of a dump."""
        try:
            if not isinstance(line["properties"]["id"], str):
                raise TypeError
            if line.keys() == {"labels", "properties"}:
                place = allowed[tuple(line["labels"])]
                self._nodes += 1
                return place
            if line.keys() == {"type", "start", "end", "properties"}:
                if not (isinstance(line["start"], str) and isinstance(line["end"], str)):
                    raise TypeError
                place = order[line["type"]]
                self._relationships += 1
                return place
        except (KeyError, TypeError):
            pass
        raise self._bad("is no node or relationship of this graph")

    def _next(self) -> dict[str, Any]:
        data = self._source.readline(_LONGEST_LINE + 1)
        self.line_number += 1
        if not data:
            raise self._bad("is missing: the dump was cut short")
        if data.startswith(_GZIP):
            raise self._bad("is compressed: unpack it, as by `gzip -dc FILE | graphsvc restore -`")
        if len(data) > _LONGEST_LINE:
            raise self._bad(f"has more than {_LONGEST_LINE:,} bytes")
        self._last = self._digest.copy()
        self._digest.update(data)
        try:
            line = json.loads(
                data.decode("utf-8"), object_pairs_hook=_without_repeats, parse_constant=_no_number
            )
            why = _why_not(line)
        except UnicodeDecodeError:
            raise self._bad("is no UTF-8") from None
        except _NotOfADumpError as error:
            raise self._bad(str(error)) from None
        except ValueError:
            raise self._bad("is no JSON") from None
        except RecursionError:
            raise self._bad("is nested too deep") from None
        if why:
            raise self._bad(why)
        if not isinstance(line, dict):
            raise self._bad("is no JSON object")
        return line

    def _check_end(self, line: dict[str, Any]) -> None:
        counted = {"nodes": self._nodes, "relationships": self._relationships}
        if line["end"] != counted or line["sha256"] != self._last.hexdigest():
            raise self._bad("does not fit the lines before it: the dump was changed or damaged")
        if self._source.read(1):
            raise self._bad("is not the last of the file")

    def _bad(self, what: str) -> InvalidInputError:
        return InvalidInputError(f"Line {self.line_number} of the dump {what}.", mend=_MEND)


class _NotOfADumpError(ValueError):
    """JSON that `graphsvc dump` does not write."""


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _NotOfADumpError("has a member twice")
    return found


def _no_number(text: str) -> None:
    raise _NotOfADumpError(f"has {text}, which is no number")


def _why_not(value: Any) -> str | None:
    """Why no database would hold a value as it stands."""
    match value:
        case str():
            if "\0" in value:
                return "has a NUL in a text"
            if any("\ud800" <= character <= "\udfff" for character in value):
                return "has half a character in a text"
        case bool():
            return None
        case int():
            return None if value in _INTEGERS else "has an integer of more than 64 bits"
        case float():
            return None if abs(value) != float("inf") else "has a number beyond all that are held"
        case list() | dict():
            items = value if isinstance(value, list) else [*value, *value.values()]
            return next((why for why in map(_why_not, items) if why), None)
    return None
