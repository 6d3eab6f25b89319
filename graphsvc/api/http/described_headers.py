"""What OpenAPI says of the headers of answers, and of answers that are headers alone (304)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from graphsvc.api.http.old_names import OLD_NAMES
from graphsvc.api.http.safety_headers import SAFETY_HEADERS

_TEXTS = {
    "Allow": "The methods that the path has; with 405.",
    "Cache-Control": "`no-cache`: ask again with If-None-Match. `no-store`: keep nothing.",
    "Content-Disposition": "A name for the file.",
    "Deprecation": "Since when a name that was used should not be (RFC 9745), as @ and seconds.",
    "Content-Security-Policy": "What a browser may load for the answer, and who may frame it.",
    "ETag": "Tag of this answer, for If-None-Match.",
    "Link": "Addresses that belong to the answer (RFC 8288): the `first` and the `next` page, or"
    " the run that a result is `describedby`.",
    "Location": "Where the thing is.",
    "Preference-Applied": "`respond-async`, where nothing was waited for (RFC 7240).",
    "Retry-After": "Seconds after which to ask again.",
    "Vary": "The headers of a request that choose among answers.",
    "X-Content-Type-Options": "`nosniff`: the answer is what Content-Type says.",
    "X-Request-ID": "Id of the request, as in the log: the one that was sent, or a new one.",
}
_RUNS = "/v1/analysis/runs"
_NOT_MODIFIED = "What the tag in If-None-Match stands for is still the answer"


def describe_headers(description: dict[str, Any]) -> None:
    """Say of each answer which headers it has, and that reads may be answered with 304."""
    components = description["components"]
    components["headers"] = {
        name: {"description": text, "schema": {"type": "integer" if name == "Retry-After"
                                               else "string"}}
        for name, text in _TEXTS.items()
    }  # fmt: skip
    for path, operations in description["paths"].items():
        for method, operation in operations.items():
            responses = operation["responses"]
            if _is_tagged(method, path):
                responses["304"] = {"description": _NOT_MODIFIED}
            for status, response in responses.items():
                names = sorted(set(_headers(method, path, status, response, components)))
                response_headers = {
                    name: {"$ref": f"#/components/headers/{name}"} for name in names
                }
                responses[status] = {**response, "headers": response_headers}
            operation["responses"] = dict(sorted(responses.items()))


def _is_tagged(method: str, path: str) -> bool:
    """Whether it is a read of the graph alone; runs change while it stays as it is."""
    return method == "get" and path.startswith("/v1/") and not path.startswith(_RUNS)


def _headers(
    method: str, path: str, status: str, response: dict[str, Any], components: dict[str, Any]
) -> Iterator[str]:
    yield from ("X-Request-ID", "Cache-Control", *SAFETY_HEADERS)
    if any(name.path.fullmatch(path) for name in OLD_NAMES):
        yield "Deprecation"
    if status in ("200", "304"):
        yield "Vary"
        if _is_tagged(method, path):
            yield "ETag"
    if status in ("202", "308"):
        yield "Location"
    if status in ("202", "429", "503", "default"):
        yield "Retry-After"
    if status == "default":
        yield "Allow"
    if (method, path) == ("post", _RUNS) and status in ("200", "202"):
        yield "Preference-Applied"
    if status == "200" and method == "get":
        yield from _of_content(path, response["content"], components["schemas"])


def _of_content(path: str, content: dict[str, Any], schemas: dict[str, Any]) -> Iterator[str]:
    """Pages and results link to others; files have names."""
    shown = content.get("application/json", {}).get("schema", {})
    if not shown:
        yield from ("Link",) if path.startswith(_RUNS) else ()
        yield from ("Content-Disposition",) if "application/octet-stream" in content else ()
    parts = [shown, *shown.get("anyOf", ()), *shown.get("oneOf", ())]
    names = [part["$ref"].rpartition("/")[2] for part in parts if "$ref" in part]
    if any("next_cursor" in schemas[name].get("properties", {}) for name in names):
        yield "Link"
