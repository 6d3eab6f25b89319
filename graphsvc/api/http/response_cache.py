"""The cache of responses for one version of the graph: least recently used, bounded in bytes.

A response that depends on the graph alone cannot change within one version of it, so none expires,
and all are dropped when another version is seen.
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
"""No response may take more than this part of the cache, lest one evicts all others."""

_OVERHEAD = 1_000
"""Bytes that a response costs besides its body and its key: headers, keys of dictionaries."""


@dataclass(frozen=True, slots=True)
class CachedResponse:
    """A response of status 200: its headers as sent, its body, and the route that made it."""

    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes
    route: Any = None


class ResponseCache:
    """Responses by request, of one version of the graph at a time.

    Parameters
    ----------
    most_bytes
        What all responses together may take; 0 keeps none.
    """

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._responses: OrderedDict[Key, CachedResponse] = OrderedDict()
        self._version = ""
        self._bytes = 0

    @property
    def largest(self) -> int:
        """The most bytes that the body of one response may have to be kept."""
        return self._most_bytes // _LARGEST_SHARE

    def find(self, version: str, key: Key) -> CachedResponse | None:
        """The response that was kept for this request and this version of the graph."""
        if version != self._version:
            self._clear(version)
        response = self._responses.get(key)
        if response is None:
            _MISSED.inc()
            return None
        self._responses.move_to_end(key)
        _FOUND.inc()
        return response

    def keep(self, version: str, key: Key, response: CachedResponse) -> None:
        """Keep a response, and evict those least recently used."""
        if version != self._version or len(response.body) > self.largest:
            return
        self._forget(key)
        self._responses[key] = response
        self._bytes += _size(key, response)
        while self._bytes > self._most_bytes:
            self._forget(next(iter(self._responses)))
        _BYTES.set(self._bytes)

    def _forget(self, key: Key) -> None:
        response = self._responses.pop(key, None)
        if response is not None:
            self._bytes -= _size(key, response)

    def _clear(self, version: str) -> None:
        self._responses.clear()
        self._version, self._bytes = version, 0
        _BYTES.set(0)


def _size(key: Key, response: CachedResponse) -> int:
    return _OVERHEAD + len(response.body) + sum(len(part) for part in key)
