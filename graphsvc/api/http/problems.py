"""Errors as RFC 9457 problem details: one shape for everything that can go wrong.

Each problem type has a stable slug, a status and a meaning; docs/errors.md says the same, and
`GET /docs/errors`, which every `type` points to, shows it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Any, cast

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import BaseModel, ConfigDict, Field
from pydantic_core import to_json
from starlette.exceptions import HTTPException
from starlette.routing import compile_path

from graphsvc.api.http.proxies import path_for_clients, path_within
from graphsvc.api.http.texts import describe_error
from graphsvc.errors import GraphsvcError, NotFoundError, StoreBusyError

MEDIA_TYPE = "application/problem+json"
DOCUMENTATION = "/docs/errors"

RETRY_AFTER_S = 2

_LATER = {"Retry-After": str(RETRY_AFTER_S)}
_WHAT_HELPS: Mapping[int, Mapping[str, str]] = {
    415: {"Accept": "application/json", "Accept-Encoding": "identity"},
    429: _LATER,
    503: _LATER,
}
"""Headers that say what would be answered, or when (RFC 9110, sections 10.2.3 and 15.5.16)."""


@dataclass(frozen=True)
class ProblemType:
    """A kind of problem: its slug never changes."""

    slug: str
    status: int
    title: str
    meaning: str

    @property
    def uri(self) -> str:
        """The `type` of its problems."""
        return path_for_clients(f"{DOCUMENTATION}#{self.slug}")


PROBLEM_TYPES = {
    kind.slug: kind
    for kind in (
        ProblemType(
            "not-found",
            404,
            "Not found",
            "Nothing has this path or id. For an id, `mend` names the nearest ones that exist.",
        ),
        ProblemType(
            "invalid-input",
            422,
            "Invalid input",
            "A parameter is unknown, repeated, empty or not what it must be. `field` names it;"
            " `errors` lists every parameter at fault when there are several.",
        ),
        ProblemType(
            "limit",
            422,
            "Over a limit",
            "A value could be used, were it smaller. `detail` says how large it may be.",
        ),
        ProblemType(
            "analysis",
            422,
            "Cannot be computed",
            "A measure is not defined for the network that the filter leaves, the filter leaves"
            " nothing, or an iteration did not converge.",
        ),
        ProblemType(
            "busy",
            429,
            "Too many analyses",
            "As many analyses run and wait as may. The Retry-After header says when to come back.",
        ),
        ProblemType(
            "bad-statement",
            400,
            "Bad statement",
            "A statement is no Cypher, or cannot run. `line` and `column` (from 1) say where it is"
            " wrong, and `caret` shows it, where the place is known.",
        ),
        ProblemType(
            "malformed-request",
            400,
            "Malformed request",
            "The request cannot be read: its query string is not UTF-8 text or holds control"
            " characters, or its body is no JSON.",
        ),
        ProblemType(
            "host-not-allowed",
            400,
            "Host not allowed",
            "The Host header is missing or names a host this service does not answer for."
            " GRAPHSVC_ALLOWED_HOSTS lists those it does.",
        ),
        ProblemType(
            "method-not-allowed",
            405,
            "Method not allowed",
            "The path exists, but not for this method. The Allow header lists those it has.",
        ),
        ProblemType(
            "request-timeout",
            408,
            "Request timeout",
            "The head of a request has to come within 10 seconds, and a body within 30 and one"
            " more for each 8 KiB of it.",
        ),
        ProblemType(
            "body-too-large",
            413,
            "Body too large",
            "The body of a request may have 1 MiB at most.",
        ),
        ProblemType(
            "unsupported-media-type",
            415,
            "Unsupported media type",
            "The body of a request has to be JSON, uncompressed, and its Content-Type to say so.",
        ),
        ProblemType(
            "address-too-long",
            400,
            "Address too long",
            "Path and query string may have 8 KiB each at most.",
        ),
        ProblemType(
            "headers-too-large",
            431,
            "Headers too large",
            "Address and headers of a request may have 64 KiB together.",
        ),
        ProblemType(
            "not-read-only",
            403,
            "Only reading is allowed",
            "A statement would do more than read. `offence` is the clause, operator or procedure"
            " as it was written; `line`, `column` and `caret` say where it stands.",
        ),
        ProblemType(
            "store-conflict",
            409,
            "Another load was in the way",
            "A load changed the graph at the same time: nothing was written, or an export would"
            " not be whole.",
        ),
        ProblemType(
            "internal",
            500,
            "Internal error",
            "A mistake in graphsvc. The service's log says more under the request id in"
            " `instance`.",
        ),
        ProblemType(
            "query-file",
            500,
            "Bad query file",
            "The statement in a named query's file cannot run, or returns other columns than the"
            " file announces. Whoever runs the service has to mend the file.",
        ),
        ProblemType(
            "store",
            502,
            "Database error",
            "The database failed in a way that is no fault of the request.",
        ),
        ProblemType(
            "store-memory",
            502,
            "Statement out of memory",
            "A statement needed more memory than the database has, and was stopped.",
        ),
        ProblemType(
            "store-busy",
            503,
            "No place now",
            "As many statements or exports run as may, and none ended while this one waited; or"
            " statements made the database start again twice within a minute, so that people's"
            " statements wait. Retry-After says when to ask again.",
        ),
        ProblemType(
            "overloaded",
            503,
            "Too many requests at a time",
            "As many requests are worked at, or connections are open, as may be. Retry-After says"
            " when to ask again.",
        ),
        ProblemType(
            "store-unavailable",
            503,
            "Database unavailable",
            "There is no graph to read now. `reason` is `unreachable` (no database answers, or"
            " it refused the credentials), `empty` (no seed was loaded), `loading` (the first"
            " load has not finished) or `newer-schema` (a newer graphsvc wrote the graph)."
            " Retry-After says when to ask again.",
        ),
        ProblemType(
            "store-timeout",
            504,
            "Statement timed out",
            "A read ran past its time and was stopped.",
        ),
    )
}


class FieldProblem(BaseModel):
    """What is wrong with one parameter."""

    model_config = ConfigDict(extra="forbid")

    field: str = Field(description="The parameter.")
    detail: str = Field(description="What is wrong with it.")


class ProblemDetails(BaseModel):
    """A problem (RFC 9457)."""

    model_config = ConfigDict(extra="forbid")

    type: str = Field(description="Kind of problem; a page that explains it.")
    title: str = Field(description="The kind of problem in a few words.")
    status: int = Field(description="HTTP status.")
    detail: str = Field(description="What went wrong here.")
    instance: str = Field(description="Id of the request, as in the X-Request-ID header.")
    field: str = Field("", description="The parameter at fault; left out where there is none.")
    mend: str = Field("", description="How to put it right; left out where nothing is known.")
    reason: str = Field("", description="Why there is no graph to read; only with status 503.")
    offence: str = Field("", description="What a statement may not do, as it was written.")
    line: int = Field(0, description="Line of the statement, from 1.")
    column: int = Field(0, description="Column of the statement, from 1, in code points.")
    caret: str = Field("", description="That line, and below it a ^ under the column.")
    errors: list[FieldProblem] = Field(
        default_factory=list, description="Every parameter at fault, when there are several."
    )


_WHEN: dict[int | str, str] = {
    400: "The request cannot be read, is too long, or is for another host",
    404: "Nothing has this id",
    422: "A parameter cannot be used",
    503: "There is no graph to read now",
    "default": "Any other problem",
}
_SCHEMA = {"$ref": "#/components/schemas/ProblemDetails"}


def problem_described(when: str) -> dict[str, Any]:
    """What OpenAPI says of a problem: when it comes."""
    return {"description": when, "content": {MEDIA_TYPE: {"schema": _SCHEMA}}}


PROBLEM_RESPONSES: dict[int | str, dict[str, Any]] = {
    status: problem_described(when) for status, when in _WHEN.items()
}
"""What OpenAPI says of every endpoint's problems."""
MERGED: dict[int | str, dict[str, Any]] = {
    308: {"description": "The thing was merged into another: see Location"}
}
"""What OpenAPI says of endpoints about one thing beside that."""


def problem_content(slug: str, detail: str, instance: str, **members: Any) -> dict[str, Any]:
    """A problem as JSON; members that are empty are left out."""
    kind = PROBLEM_TYPES[slug]
    return {
        "type": kind.uri,
        "title": kind.title,
        "status": kind.status,
        "detail": detail,
        "instance": instance,
        **{name: value for name, value in members.items() if value},
    }


def problem_response(
    slug: str,
    detail: str,
    instance: str,
    *,
    headers: Mapping[str, str] | None = None,
    **members: Any,
) -> Response:
    """The answer that states a problem; members that are empty are left out."""
    return _response(problem_content(slug, detail, instance, **members), headers or {})


def _response(content: Mapping[str, Any], headers: Mapping[str, str]) -> Response:
    return Response(
        to_json(content),
        status_code=content["status"],
        media_type=MEDIA_TYPE,
        headers={"Cache-Control": "no-store", **headers},
    )


_MEMBERS = ("field", "mend", "reason", "offence", "line", "column", "caret")


def problem_of(error: GraphsvcError, instance: str) -> dict[str, Any]:
    """The problem that one of graphsvc's errors is, from most specific to least."""
    for cls in type(error).__mro__:
        slug = vars(cls).get("slug")
        if slug in PROBLEM_TYPES:
            members = {name: getattr(error, name, None) for name in _MEMBERS}
            return problem_content(slug, error.message, instance, **members)
    # Seeds and settings are no business of a request.
    return _internal(instance)


def response_to(error: GraphsvcError, instance: str) -> Response:
    """The answer for one of graphsvc's errors."""
    content = problem_of(error, instance)
    headers = _WHAT_HELPS.get(content["status"], {})
    if isinstance(error, StoreBusyError):
        headers = {**headers, "Retry-After": str(max(1, math.ceil(error.retry_after_s)))}
    return _response(content, headers)


def _internal(instance: str) -> dict[str, Any]:
    return problem_content(
        "internal",
        "graphsvc made a mistake while answering.",
        instance,
        mend="Ask whoever runs the service to look up this request in its log.",
    )


def internal_error(instance: str) -> Response:
    """The answer for a mistake of ours: it shows nothing of the inside."""
    return _response(_internal(instance), {})


def request_id(request: Request) -> str:
    """The id of a request, which middleware.py gave it."""
    return str(request.scope["state"]["request_id"])


async def on_graphsvc_error(request: Request, error: Exception) -> Response:
    """Exception handler for graphsvc's own errors; the path of a merged thing sends on."""
    if isinstance(error, NotFoundError) and error.merged_into and _is_in_path(request, error):
        return _sent_on(request, error.merged_into)
    return response_to(cast("GraphsvcError", error), request_id(request))


def _is_in_path(request: Request, error: NotFoundError) -> bool:
    return "id" in request.path_params and error.field in (None, "id")


def _sent_on(request: Request, into: str) -> Response:
    """To the same question about the thing that the path's was merged into."""
    merged = request.path_params["id"]
    path = request.url.path.replace(f"/entities/{merged}", f"/entities/{into}", 1)
    query = request.url.query
    # A merge can be undone: nobody is to remember where it led.
    return RedirectResponse(
        f"{path}?{query}" if query else path, 308, headers={"Cache-Control": "no-cache"}
    )


async def on_validation_error(request: Request, error: Exception) -> Response:
    """Exception handler for parameters that their model refuses."""
    found = [describe_error(item) for item in cast("RequestValidationError", error).errors()]
    errors = [{"field": field, "detail": detail} for field, detail, _ in found]
    field, detail, mend = found[0]
    return problem_response(
        "invalid-input",
        detail,
        request_id(request),
        field=field,
        mend=mend,
        errors=errors if len(errors) > 1 else None,
    )


async def on_http_exception(request: Request, error: Exception) -> Response:
    """Exception handler for what routing finds: no such path, no such method."""
    refusal = cast("HTTPException", error)
    if refusal.status_code == 405:
        allowed = _allowed(request, (refusal.headers or {}).get("Allow", "GET"))
        return problem_response(
            "method-not-allowed",
            f"{request.method} is not a method of this path.",
            request_id(request),
            headers={"Allow": allowed},
            mend=f"Use {allowed}.",
        )
    if refusal.status_code == 404:
        return problem_response(
            "not-found",
            "There is nothing at this path.",
            request_id(request),
            mend=f"{path_for_clients('/docs')} lists every path.",
        )
    return problem_response("malformed-request", str(refusal.detail), request_id(request))


def _allowed(request: Request, found: str) -> str:
    """All methods of a path: what routing found is those of its first route alone."""
    methods = {found}
    for template, operations in request.app.openapi()["paths"].items():
        if compile_path(template)[0].match(path_within(request.scope)):
            methods |= {method.upper() for method in operations}
    return ", ".join(sorted(methods | {"HEAD"} if "GET" in methods else methods))


def documentation_page() -> Response:
    """The page that every problem's `type` points to."""
    parts = [
        f'<h2 id="{kind.slug}">{kind.slug} ({kind.status})</h2>'
        f"<p><b>{escape(kind.title)}.</b> {escape(kind.meaning)}</p>"
        for kind in PROBLEM_TYPES.values()
    ]
    return HTMLResponse(
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>graphsvc: problems</title>'
        f"<h1>Problems</h1>{''.join(parts)}</html>"
    )
