"""Cursors: a walk sees every row once, and nothing but our own cursor is taken."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graphsvc.api.http import cursors
from graphsvc.errors import InvalidInputError
from graphsvc.model.seed import Seed
from graphsvc.usecases.lists.pages import Position
from tests.api.conftest import Api, ids, walk

PATH = "/v1/relationships"
_added = count()


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    limit=st.integers(3, 40),
    sort=st.sampled_from(["recency", "amount"]),
    period=st.sampled_from([None, "2029", "2030-04", "2031", "../2030"]),
    page_before_load=st.integers(0, 3),
)
def test_a_walk_sees_every_row_once_also_when_facts_are_added_meanwhile(
    harbor: Api,
    harbor_seed: Seed,
    limit: int,
    sort: str,
    period: str | None,
    page_before_load: int,
) -> None:
    harbor.load(harbor_seed)
    here = set(ids(harbor.items(PATH, limit=500)))
    pattern = harbor_seed.facts["tide-supports-anchor"]
    new = pattern.model_copy(update={"id": f"added-{next(_added)}", "period": period})
    seen = []
    for number, page in enumerate(walk(harbor, PATH, limit=limit, sort=sort)):
        seen += ids(page["items"])
        if number == page_before_load:
            harbor.load(replace(harbor_seed, facts={**harbor_seed.facts, new.id: new}))

    assert len(seen) == len(set(seen))
    assert here <= set(seen) <= here | {new.id}


def test_the_size_of_pages_may_change_on_the_way(harbor: Api) -> None:
    first = harbor.ok(PATH, params={"limit": 3})
    rest = harbor.ok(PATH, params={"limit": 500, "cursor": first["next_cursor"]})

    assert ids(first["items"] + rest["items"]) == ids(harbor.items(PATH, limit=500))
    assert rest["total"] == first["total"] == len(first["items"] + rest["items"])


@pytest.mark.parametrize(
    "other",
    [
        {"type": "FUNDS"},
        {"sort": "amount"},
        {"subject": "tide-center"},
        {"known_at": "2030-01-01T00:00:00Z"},
    ],
)
def test_the_cursor_of_another_request_is_refused(harbor: Api, other: dict[str, str]) -> None:
    cursor = harbor.ok(PATH, params={"limit": 3})["next_cursor"]
    problem = harbor.problem(PATH, 422, "invalid-input", params={**other, "cursor": cursor})

    assert problem["field"] == "cursor"


def test_the_cursor_of_another_path_is_refused(harbor: Api) -> None:
    cursor = harbor.ok(PATH, params={"limit": 3})["next_cursor"]

    harbor.problem("/v1/fundings", 422, "invalid-input", params={"cursor": cursor})


def _packed(content: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).decode().rstrip("=")


MARK = cursors.request_mark(PATH, {"sort": "recency"})


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "!!!!",
        "가나다",
        "A" * 2000,
        _packed({}),
        _packed([]),
        _packed([MARK]),
        _packed([MARK, None, "a"]),
        _packed([MARK, None, 1, "a"]),
        _packed([MARK, None, "a", "b", "c"]),
        _packed([MARK, -1, "a", "b"]),
        _packed([MARK, True, "a", "b"]),
        base64.urlsafe_b64encode(b"[" * 1500).decode(),
        base64.urlsafe_b64encode(b"\xff\xfe").decode(),
    ],
)
def test_what_is_no_cursor_of_ours_is_refused(cursor: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        cursors.decoded(cursor, MARK, (str, str))

    assert refused.value.field == "cursor"


@given(
    total=st.none() | st.integers(0, 10**9),
    key=st.text(max_size=20) | st.integers(-(2**63), 2**63 - 1),
    id_=st.text(max_size=20),
)
def test_a_cursor_is_read_back_as_it_was_written(
    total: int | None, key: str | int, id_: str
) -> None:
    position = Position((key, id_), total)
    cursor = cursors.encoded(MARK, position)

    assert cursors.decoded(cursor, MARK, (type(key), str)) == position
    assert cursor.isascii()


@given(data=st.data())
def test_a_cursor_with_a_changed_letter_is_refused_or_stands_elsewhere(data: st.DataObject) -> None:
    position = Position(("2030-04-01", "wave-funds-pier"), 40)
    cursor = cursors.encoded(MARK, position)
    place = data.draw(st.integers(0, len(cursor) - 1))
    letter = data.draw(st.characters(codec="ascii").filter(lambda other: other != cursor[place]))
    try:
        found = cursors.decoded(cursor[:place] + letter + cursor[place + 1 :], MARK, (str, str))
    except InvalidInputError:
        return
    assert found != position


@pytest.mark.parametrize(
    "name",
    [
        "\N{HANGUL SYLLABLE GAG}" * 300,
        "\N{GRINNING FACE}" * 300,
        "\N{HANGUL CHOSEONG KIYEOK}\N{HANGUL JUNGSEONG A}\N{HANGUL JONGSEONG KIYEOK}" * 100,
        '"' * 300,
        "\\" * 300,
        "a\N{LINE SEPARATOR}b" * 100,
    ],
    ids=["hangul", "emoji", "jamo", "quotes", "backslashes", "separators"],
)
def test_a_walk_goes_on_at_any_name(harbor: Api, harbor_seed: Seed, name: str) -> None:
    like = harbor_seed.entities["tide-center"]
    long = [
        like.model_copy(update={"id": f"{'x' * 98}-{end}", "name": name, "aliases": ()})
        for end in "ab"
    ]
    things = {each.id: each for each in long}
    harbor.load(replace(harbor_seed, entities={**harbor_seed.entities, **things}))

    seen = [id_ for page in walk(harbor, "/v1/entities", limit=1, kind="Center")
            for id_ in ids(page["items"])]  # fmt: skip

    assert len(seen) == len(set(seen))
    assert things.keys() <= set(seen)
