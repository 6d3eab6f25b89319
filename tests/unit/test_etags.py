"""Entity tags: what makes them differ, and how If-None-Match is compared with them."""

from __future__ import annotations

import pytest

from graphsvc.api.http.etags import entity_tag, matches

VERSION, PATH, QUERY = "3:2026-05-21", "/v1/entities", b"kind=Center"
TAG = entity_tag(VERSION, PATH, QUERY)


@pytest.mark.parametrize(
    "other",
    [
        ("4:2026-05-21", PATH, QUERY),
        ("3:2026-05-22", PATH, QUERY),
        (VERSION, "/v1/documents", QUERY),
        (VERSION, PATH, b""),
    ],
)
def test_another_version_path_or_query_has_another_tag(other: tuple[str, str, bytes]) -> None:
    assert entity_tag(*other) != TAG
    assert entity_tag(VERSION, PATH, QUERY) == TAG


@pytest.mark.parametrize(
    ("header", "found"),
    [
        (TAG, True),
        (TAG.removeprefix("W/"), True),
        (f'"other", {TAG}', True),
        (f',{TAG},"other"', True),
        ("", False),
        ('"other"', False),
        (TAG.strip('W/"'), False),
    ],
)
def test_if_none_match_is_compared_weakly_with_each_tag_that_it_lists(
    header: str, found: bool
) -> None:
    assert matches(header.encode(), TAG) is found
