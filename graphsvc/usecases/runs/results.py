"""Results on disk, by their content: what was computed once is not computed again."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from graphsvc.analysis.result import Result, versions
from graphsvc.usecases.question import Question

MOST_FILES = 500
MOST_BYTES = 2 * 2**30


def content_key(question: Question, graph_hash: str) -> str:
    """What a result follows from: network, measure, parameters, seed, and packages by version."""
    asked = question.plain()
    parts = [asked["metric"], asked["parameters"], asked["seed"], graph_hash, versions()]
    return _digest(parts)


def question_key(question: Question, graph_state: list[object]) -> str:
    """The same without reading the network: the question, and the state of the graph."""
    return _digest([question.plain(), graph_state, versions()])


def _digest(parts: list[object]) -> str:
    text = json.dumps(parts, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


class Results:
    """The results in one folder, bounded in number and bytes; the least recently used go."""

    def __init__(self, folder: Path, forget: Callable[[str], None]) -> None:
        self._folder = folder / "results"
        self._folder.mkdir(parents=True, exist_ok=True)
        self._forget = forget

    def find(self, key: str) -> Result | None:
        """A result that is still there."""
        path = self._path(key)
        try:
            text = path.read_bytes()
        except FileNotFoundError:
            return None
        os.utime(path)
        return Result.from_json(text)

    def keep(self, key: str, result: Result) -> None:
        """Write a result, whole or not at all."""
        with tempfile.NamedTemporaryFile(dir=self._folder, suffix=".part", delete=False) as part:
            part.write(result.to_json())
        Path(part.name).replace(self._path(key))
        self._make_room()

    def _make_room(self) -> None:
        files = sorted(self._folder.glob("*.json"), key=lambda file: file.stat().st_mtime)
        size = sum(file.stat().st_size for file in files)
        while files[1:] and (len(files) > MOST_FILES or size > MOST_BYTES):
            oldest = files.pop(0)
            size -= oldest.stat().st_size
            oldest.unlink(missing_ok=True)
            self._forget(oldest.stem)

    def _path(self, key: str) -> Path:
        return self._folder / f"{key}.json"
