"""The response cache: bounded in bytes, and of one version of the graph."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from graphsvc.api.http.response_cache import CachedResponse, ResponseCache

MOST = 80_000


def answer(size: int) -> CachedResponse:
    return CachedResponse(((b"content-type", b"application/json"),), b"x" * size)


def test_an_answer_is_found_again_for_the_same_request_and_version() -> None:
    cache = ResponseCache(MOST)
    assert cache.find("1", ("/v1/a",)) is None
    cache.keep("1", ("/v1/a",), answer(10))

    assert cache.find("1", ("/v1/a",)) == answer(10)
    assert cache.find("1", ("/v1/b",)) is None


def test_another_version_finds_nothing_of_the_one_before() -> None:
    cache = ResponseCache(MOST)
    cache.find("1", ("/v1/a",))
    cache.keep("1", ("/v1/a",), answer(10))

    assert cache.find("2", ("/v1/a",)) is None
    assert cache.find("1", ("/v1/a",)) is None


def test_an_answer_that_was_begun_before_a_load_is_not_kept_for_the_version_after_it() -> None:
    cache = ResponseCache(MOST)
    cache.find("1", ("/v1/a",))
    cache.find("2", ("/v1/a",))
    cache.keep("1", ("/v1/a",), answer(10))

    assert cache.find("2", ("/v1/a",)) is None


def test_what_was_asked_for_longest_ago_goes_first() -> None:
    cache = ResponseCache(MOST)
    cache.find("1", ("",))
    for name in ("a", "b", "c", "d", "e", "f", "g"):
        cache.keep("1", (name,), answer(MOST // 8))
        cache.find("1", ("a",))
    cache.keep("1", ("h",), answer(MOST // 8))

    assert cache.find("1", ("a",)) is not None
    assert cache.find("1", ("b",)) is None


def test_an_answer_too_large_for_its_share_is_not_kept() -> None:
    cache = ResponseCache(MOST)
    cache.find("1", ("a",))
    cache.keep("1", ("a",), answer(MOST // 8 + 1))

    assert cache.find("1", ("a",)) is None


@given(st.lists(st.tuples(st.sampled_from("abcdefgh"), st.integers(0, MOST // 8)), max_size=60))
def test_it_never_takes_more_than_it_may(kept: list[tuple[str, int]]) -> None:
    cache = ResponseCache(MOST)
    cache.find("1", ("",))
    for name, size in kept:
        cache.keep("1", (name,), answer(size))
        held = {key: found for key in "abcdefgh" if (found := cache.find("1", (key,)))}

        assert sum(len(found.body) for found in held.values()) <= MOST
        assert name in held
