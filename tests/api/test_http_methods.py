"""HEAD, content negotiation and conditional requests, as RFC 9110 has them, on every read."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.api.conftest import Api

EXAMPLES = {
    "/v1/search": "/v1/search?q=tide",
    "/v1/entities/{id}": "/v1/entities/tide-center",
    "/v1/entities/{id}/relationships": "/v1/entities/tide-center/relationships",
    "/v1/entities/{id}/neighbourhood": "/v1/entities/tide-center/neighbourhood",
    "/v1/entities/{id}/history": "/v1/entities/tide-center/history",
    "/v1/paths": "/v1/paths?from=wave-ministry&to=anchor-works",
    "/v1/facts/{id}": "/v1/facts/wave-funds-pier",
    "/v1/documents/{id}": "/v1/documents/harbor-001",
    "/v1/timeline": "/v1/timeline?entity=tide-center",
    "/v1/export": "/v1/export?format=json",
}
"""An address for each path that cannot be asked as it stands."""

OTHERS = ["/", "/docs", "/docs/errors", "/openapi.json", "/health", "/ready", "/metrics"]
REFUSED = ["/v1/entities?kind=Centre", "/v1/entities/nobody", "/v1/export?format=xls", "/nothing"]
VARIABLE = {"x-request-id", "content-length", "transfer-encoding", "date"}


def reads(api: Api) -> list[str]:
    """One address for each GET that OpenAPI has; of runs, those without an id."""
    found = []
    for path, operations in api.app.openapi()["paths"].items():
        if "get" in operations and not path.startswith("/v1/analysis/runs/"):
            found.append(EXAMPLES.get(path, path))
    return [path for path in found if "{" not in path and not path.startswith("/v1/queries/")]


def headers(response: Any) -> dict[str, str]:
    return {name: value for name, value in response.headers.items() if name not in VARIABLE}


@pytest.mark.parametrize("coding", ["identity", "gzip"])
def test_head_is_answered_as_get_without_a_body_wherever_get_is(harbor: Api, coding: str) -> None:
    addresses = [*reads(harbor), *OTHERS, *REFUSED]
    assert len(addresses) > 25
    for address in addresses:
        accepting = {"Accept-Encoding": coding}
        # HEAD first: what it says must not come from what a GET left behind.
        head = harbor.request("HEAD", address, headers=accepting)
        get = harbor.get(address, headers=accepting)

        assert (head.status_code, head.content) == (get.status_code, b""), address
        assert headers(head) == headers(get), address
        if "content-length" in head.headers and address != "/metrics":
            assert head.headers["content-length"] == get.headers["content-length"], address


@pytest.mark.parametrize("path", ["/v1/cypher"])
def test_head_is_refused_where_nothing_can_be_got(harbor: Api, path: str) -> None:
    response = harbor.request("HEAD", path)

    assert (response.status_code, response.headers["allow"]) == (405, "POST")
    assert harbor.request("PUT", "/v1/entities").headers["allow"] == "GET, HEAD"


def test_head_is_in_no_description(api: Api) -> None:
    operations = [op for path in api.app.openapi()["paths"].values() for op in path]
    assert "head" not in operations


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("gzip", "gzip"),
        ("GZIP", "gzip"),
        ("x-gzip", "gzip"),
        ("br, gzip;q=0.5", "gzip"),
        ("*", "gzip"),
        ("identity;q=0.5, gzip", "gzip"),
        ("gzip;q=0", None),
        ("gzip; q=0.000", None),
        ("*;q=0", None),
        ("gzip;q=0, *", None),
        ("identity, gzip;q=0.5", None),
        ("gzip;q=some", None),
        ("gzip;q=7", None),
        ("notgzip", None),
        ("br", None),
        ("", None),
    ],
)
def test_an_answer_is_compressed_for_those_who_take_it(
    harbor: Api, accepted: str, coding: str | None
) -> None:
    response = harbor.get("/v1/entities?limit=50", headers={"Accept-Encoding": accepted})

    assert response.headers.get("content-encoding") == coding
    assert response.headers["vary"] == "Accept-Encoding"
    assert response.json()["items"]


@pytest.mark.parametrize(
    ("accepted", "lines"),
    [
        ("application/x-ndjson", True),
        ("application/x-ndjson;q=0", False),
        ("application/x-ndjson ; q=0.0, application/json", False),
        ("application/json;q=0, application/x-ndjson;q=0.1", True),
        ("application/json, application/x-ndjson;q=0.5", False),
        ("*/*", False),
    ],
)
def test_rows_come_as_lines_for_those_who_like_them_best(
    harbor: Api, accepted: str, lines: bool
) -> None:
    response = harbor.request(
        "POST", "/v1/cypher", json={"statement": "RETURN 1 AS n"}, headers={"Accept": accepted}
    )

    assert (response.headers["content-type"] == "application/x-ndjson") is lines


@pytest.mark.parametrize("coding", ["identity", "gzip"])
def test_a_304_has_the_headers_that_its_200_would_have(harbor: Api, coding: str) -> None:
    for address in reads(harbor):
        accepting = {"Accept-Encoding": coding}
        whole = harbor.get(address, headers=accepting)
        if "etag" not in whole.headers:
            continue
        for tag in (whole.headers["etag"], "*", " * "):
            for method in ("GET", "HEAD"):
                unchanged = harbor.request(
                    method, address, headers={**accepting, "If-None-Match": tag}
                )
                assert (unchanged.status_code, unchanged.content) == (304, b""), address
                for name in ("etag", "vary", "cache-control"):
                    assert unchanged.headers[name] == whole.headers[name], (address, name)


def test_any_tag_says_nothing_of_what_is_not_there(harbor: Api) -> None:
    for address in REFUSED:
        given = harbor.get(address, headers={"If-None-Match": "*"})
        assert given.status_code == harbor.get(address).status_code >= 400


def test_the_headers_of_an_export_are_told_without_reading_the_graph(
    harbor: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_export(*_: Any) -> None:
        raise AssertionError("an export was begun")

    monkeypatch.setattr("graphsvc.api.export.export", no_export)
    for wanted in ("", "&entity=tide-center&depth=3", "&query=funding_by_ministry"):
        response = harbor.request("HEAD", f"/v1/export?format=graphml{wanted}")
        assert response.status_code == 200
        assert re.fullmatch(
            r'attachment; filename=".+\.graphml"', response.headers["content-disposition"]
        )
    assert harbor.request("HEAD", "/v1/export?format=json&entity=nobody").status_code == 404
    bad = "/v1/export?format=json&query=funding_by_ministry&params={%22what%22:1}"
    assert harbor.request("HEAD", bad).status_code == 422


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "GZIP", "identity, gzip"])
def test_a_compressed_body_is_refused_as_such(harbor: Api, coding: str) -> None:
    response = harbor.request(
        "POST",
        "/v1/cypher",
        content=b"\x1f\x8b\x08",
        headers={"Content-Type": "application/json", "Content-Encoding": coding},
    )

    assert response.status_code == 415
    assert response.headers["accept-encoding"] == "identity"
    assert "Content-Encoding" in response.json()["mend"]


def test_a_body_of_no_coding_is_read(harbor: Api) -> None:
    response = harbor.request(
        "POST",
        "/v1/cypher",
        json={"statement": "RETURN 1 AS n"},
        headers={"Content-Encoding": "identity"},
    )
    assert response.status_code == 200
