"""Entity tags: how the ETag of a read is made, and compared with If-None-Match (RFC 9110)."""

from __future__ import annotations

import hashlib


def entity_tag(version: str, path: str, query: bytes) -> str:
    """The weak tag of a response: weak, because the same response may be sent compressed.

    It is known before the database is asked: a response depends on nothing but the graph's
    version (`GraphVersion.token`), the path and the query string.
    """
    digest = hashlib.sha256(b"\n".join((version.encode(), path.encode(), query))).hexdigest()[:16]
    return f'W/"{version.partition(":")[0]}-{digest}"'


def matches(if_none_match: bytes, tag: str) -> bool:
    """Whether a header If-None-Match lists the tag, by weak comparison."""
    if not if_none_match:
        return False
    wanted = tag.removeprefix("W/").encode()
    return any(held.strip().removeprefix(b"W/") == wanted for held in if_none_match.split(b","))
