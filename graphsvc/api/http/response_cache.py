"""Finished answers, kept while the graph stays as it is: a bounded store, oldest use first out.

An answer that depends on the graph alone cannot change within one version of it, so none is ever
thrown away for its age, and all are when another version is seen.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

from prometheus_client import Counter, Gauge

Key = tuple[bytes | str, ...]

_LOOKED_UP = Counter(
    "graphsvc_answer_cache_lookups", "Reads that were looked up in the cache of answers", ["found"]
)
_FOUND, _MISSED = _LOOKED_UP.labels("yes"), _LOOKED_UP.labels("no")
_BYTES = Gauge(
    "graphsvc_answer_cache_bytes", "Bytes of the answers kept", multiprocess_mode="livesum"
)

_LARGEST_SHARE = 8
"""No answer may take more than this part of the cache, lest one throws out all others."""

_OVERHEAD = 1_000
"""Bytes that an answer costs besides its body and its key: headers, keys of dictionaries."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What was sent: the headers as they go over the wire, and the body; `route` answered it."""

    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes
    route: Any = None


class AnswerCache:
    """Answers by request, of one version of the graph at a time.

    Parameters
    ----------
    most_bytes
        What all answers together may take; 0 keeps none.
    """

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._answers: OrderedDict[Key, Answer] = OrderedDict()
        self._version = ""
        self._bytes = 0

    @property
    def largest(self) -> int:
        """The most bytes that one answer's body may have to be kept."""
        return self._most_bytes // _LARGEST_SHARE

    def find(self, version: str, key: Key) -> Answer | None:
        """The answer that was kept for this request and this version of the graph."""
        if version != self._version:
            self._clear(version)
        answer = self._answers.get(key)
        if answer is None:
            _MISSED.inc()
            return None
        self._answers.move_to_end(key)
        _FOUND.inc()
        return answer

    def keep(self, version: str, key: Key, answer: Answer) -> None:
        """Keep an answer, and let go of those that were not asked for longest."""
        if version != self._version or len(answer.body) > self.largest:
            return
        self._forget(key)
        self._answers[key] = answer
        self._bytes += _size(key, answer)
        while self._bytes > self._most_bytes:
            self._forget(next(iter(self._answers)))
        _BYTES.set(self._bytes)

    def _forget(self, key: Key) -> None:
        answer = self._answers.pop(key, None)
        if answer is not None:
            self._bytes -= _size(key, answer)

    def _clear(self, version: str) -> None:
        self._answers.clear()
        self._version, self._bytes = version, 0
        _BYTES.set(0)


def _size(key: Key, answer: Answer) -> int:
    return _OVERHEAD + len(answer.body) + sum(len(part) for part in key)
