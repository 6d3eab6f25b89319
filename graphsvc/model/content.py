"""What was curated of one thing, as a line of JSON and as a digest of it."""

from __future__ import annotations

import hashlib

from pydantic import BaseModel


def to_json(value: BaseModel) -> str:
    """What was curated, as one line of JSON without what is left at its default."""
    return value.model_dump_json(exclude_defaults=True)


def content_hash(value: BaseModel) -> str:
    """The first 16 hex digits of the SHA-256 of what was curated; equal for equal content."""
    return hashlib.sha256(to_json(value).encode("utf-8")).hexdigest()[:16]
