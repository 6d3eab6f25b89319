"""The curl lines of docs/api.md with what they answer, and the examples that OpenAPI shows.

Both are real answers over the packaged seed. As a script it asks a running service again and
writes both anew::

    graphsvc serve & python -m tests.documented_answers
"""

from __future__ import annotations

import html
import json
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from graphsvc import paths
from graphsvc.store.queries import read_queries

REPOSITORY = Path(__file__).resolve().parent.parent
DOCUMENTATION = REPOSITORY / "docs" / "api.md"
EXAMPLES = REPOSITORY / "graphsvc" / "api" / "http" / "examples.json"
ADDRESS = "localhost:8000"

MORE = "…"
"""Stands in a shown answer for what was left out of it."""

MOVING = frozenset(
    {"recorded_at", "loaded_at", "retracted_at", "superseded_at", "at", "graph_version", "ms"}
    | {"version", "until", "next_cursor", "database"}
    | {"created_at", "started_at", "ended_at", "finished_at", "versions", "seconds_left"}
)
"""Members whose value is another after each load or on each database: only its type is compared."""

_ROW = re.compile(
    r"^\| `(?P<endpoint>(?:GET|POST|DELETE) \S+)` \| (?P<what>.+) \| `(?P<curl>curl .+)`"
    r" \| <code>(?P<shown>.*)</code> \|$",
    re.MULTILINE,
)
_RUN = re.compile(r"[0-9a-f]{32}")
"""Id of a run: another each time."""

_MS = re.compile(r'(?<="ms":)[0-9.]+')
"""Milliseconds in an answer that is lines of JSON."""

_LONGEST_TEXT = 40
_MOST_MEMBERS = 7
_LONGEST_LINE = 160


@dataclass(frozen=True)
class Documented:
    """One row of the table."""

    endpoint: str
    what: str
    curl: str
    shown: str

    def row(self, shown: str) -> str:
        """The row with this answer."""
        cell = html.escape(shown, quote=False).replace("|", "&#124;")
        return f"| `{self.endpoint}` | {self.what} | `{self.curl}` | <code>{cell}</code> |"


def documented() -> list[Documented]:
    """Every row of the table in docs/api.md."""
    return [
        Documented(row["endpoint"], row["what"], row["curl"], html.unescape(row["shown"]))
        for row in _ROW.finditer(DOCUMENTATION.read_text("utf-8"))
    ]


def run(curl: str, address: str) -> str:
    """What a curl line prints, sent to a service at another address."""
    command = shlex.split(curl.replace(ADDRESS, address))
    return subprocess.run(command, capture_output=True, check=True).stdout.decode(
        "utf-8", "replace"
    )


def content_of(text: str) -> Any:
    """The answer as JSON, or the text where it is none."""
    try:
        return json.loads(text)
    except ValueError:
        return text


def short(value: Any) -> Any:
    """A value with what is too much for a table left out."""
    match value:
        case dict():
            kept = {name: short(item) for name, item in list(value.items())[:_MOST_MEMBERS]}
            return kept | ({MORE: MORE} if len(value) > _MOST_MEMBERS else {})
        case list():
            return [short(item) for item in value[:1]] + ([MORE] if len(value) > 1 else [])
        case str() if len(value) > _LONGEST_TEXT:
            return value[:_LONGEST_TEXT] + MORE
    return value


def shown(answer: str) -> str:
    """An answer as the table shows it."""
    content = content_of(answer)
    if not isinstance(content, str):
        return json.dumps(short(content), ensure_ascii=False)
    line = " ".join(content[: 2 * _LONGEST_LINE].split())
    return line if len(line) <= _LONGEST_LINE else line[:_LONGEST_LINE] + MORE


def differences(said: Any, real: Any, where: str = "$") -> Iterator[str]:
    """Where a real answer is not what is said of it, as paths into the answer."""
    match said, real:
        case dict(), dict():
            yield from _different_members(said, real, where)
        case list(), list():
            cut = said[-1:] == [MORE]
            items = said[:-1] if cut else said
            if len(real) < len(items) or (len(real) > len(items) and not cut):
                yield f"{where}: {len(real)} items"
            for number, (one, other) in enumerate(zip(items, real, strict=False)):
                yield from differences(one, other, f"{where}[{number}]")
        case str(), str() if _RUN.fullmatch(said) and _RUN.fullmatch(real):
            return
        case str(), str() if _MS.sub("", said) == _MS.sub("", real):
            return
        case str(), str() if said.endswith(MORE):
            if not real.startswith(said.removesuffix(MORE)):
                yield f"{where}: {real[:80]!r}"
        case _ if said != real or type(said) is not type(real):
            yield f"{where}: {real!r} and not {said!r}"


def _different_members(said: dict[str, Any], real: dict[str, Any], where: str) -> Iterator[str]:
    names = said.keys() - {MORE}
    if missing := names - real.keys():
        yield f"{where}: no {sorted(missing)}"
    if MORE not in said and (added := real.keys() - names):
        yield f"{where}: also {sorted(added)}"
    for name in names & real.keys():
        if name in MOVING and _may_be(said[name], real[name]):
            continue
        yield from differences(said[name], real[name], f"{where}.{name}")


def _may_be(said: Any, real: Any) -> bool:
    """Whether both have one type, or one of them is not there."""
    return None in (said, real) or isinstance(real, type(said))


def examples() -> dict[str, Any]:
    """OpenAPI's examples: by method and path, `curl`, `answer`, and `body` where one is sent."""
    held: dict[str, Any] = json.loads(EXAMPLES.read_text("utf-8"))
    return held


def write(address: str) -> None:
    """Ask again, and write the table's answers and the examples anew."""
    text = DOCUMENTATION.read_text("utf-8")
    answers = {}
    for row in documented():
        answer = run(row.curl, address)
        answers[row.endpoint] = {"curl": row.curl, "answer": content_of(answer)}
        words = shlex.split(row.curl)
        if "-d" in words:
            answers[row.endpoint]["body"] = json.loads(words[words.index("-d") + 1])
        old = next(match[0] for match in _ROW.finditer(text) if match["curl"] == row.curl)
        text = text.replace(old, row.row(shown(answer)))
    for name in read_queries(paths.cypher_dir() / "queries").statements:
        curl = f"curl -s '{ADDRESS}/v1/queries/{name}?limit=1'"
        answer = content_of(run(curl, address))
        answers[f"GET /v1/queries/{name}"] = {"curl": curl, "answer": answer}
    DOCUMENTATION.write_text(text, "utf-8")
    lines = (
        f"{json.dumps(endpoint)}: {json.dumps(answer, ensure_ascii=False)}"
        for endpoint, answer in answers.items()
    )
    EXAMPLES.write_text("{\n" + ",\n".join(lines) + "\n}\n", "utf-8")


if __name__ == "__main__":
    write(sys.argv[1] if len(sys.argv) > 1 else ADDRESS)
