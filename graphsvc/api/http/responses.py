"""Responses as unescaped UTF-8 JSON: one thing, or a page of a list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from fastapi import Request, Response

from graphsvc.api.http import cursors
from graphsvc.api.http.live_graph import GraphVersion
from graphsvc.api.http.parameters import PageParameters
from graphsvc.api.http.proxies import path_within
from graphsvc.api.http.short_items import require_members, shortened
from graphsvc.model.json_numbers import json_bytes
from graphsvc.usecases.lists.pages import ListPage, Position

_LEFT_ALONE = "%=&+,:;/?@!$'()*[]~"
"""What a query string may have that means nothing in a Link header."""


@dataclass(frozen=True, slots=True)
class Walk:
    """One page request of a list: which list it is, and where the page begins.

    `first` is the address of the list's first page, as clients have it.
    """

    path: str
    query: PageParameters
    start: Position | None
    first: str

    @classmethod
    def of(cls, request: Request, query: PageParameters, *key_types: type) -> Walk:
        """The page that a request asks for: the first, or the one at its cursor.

        Raises
        ------
        InvalidInputError
            When its cursor is none, or that of another request, or items have no such member.
        """
        path, shown = path_within(request.scope), request.scope["path"]
        require_members(request, query.fields)
        if query.cursor is None:
            # As it was sent: to take it apart and put it together costs more than all the rest.
            given = quote(request.scope["query_string"], safe=_LEFT_ALONE)
            return cls(path, query, None, _address(shown, given))
        pairs = [pair for pair in request.query_params.multi_items() if pair[0] != "cursor"]
        start = cursors.decoded(query.cursor, _mark(path, query), key_types)
        return cls(path, query, start, _address(shown, urlencode(pairs)))

    def answer(self, at: GraphVersion, part: ListPage, **members: Any) -> Response:
        """The page as an answer, with links to the first page and the next (RFC 8288)."""
        cursor = None
        if part.next is not None:
            cursor = cursors.encoded(_mark(self.path, self.query), part.next)
        items = shortened(part.items, self.query.fields, compact=self.query.compact)
        content = {"items": items, "next_cursor": cursor, "total": part.total, **members}
        response = answer(at, content)
        response.headers["Link"] = self._links(cursor)
        return response

    def _links(self, cursor: str | None) -> str:
        links = [f'<{self.first}>; rel="first"']
        if cursor is not None:
            mark = "&" if "?" in self.first else "?"
            links.append(f'<{self.first}{mark}cursor={cursor}>; rel="next"')
        return ", ".join(links)


def _mark(path: str, query: PageParameters) -> str:
    return cursors.request_mark(path, query.model_dump(mode="json"))


def _address(path: str, query: str) -> str:
    return f"{quote(path)}?{query}" if query else quote(path)


def file_described(*media_types: str) -> dict[str, Any]:
    """What OpenAPI says of an answer that is a file, which has no schema.

    `application/octet-stream` stands for all of them: some generators know no other bytes.
    """
    content: dict[str, Any] = {name: {} for name in (*media_types, "application/octet-stream")}
    return {"description": "The file.", "content": content}


def answer(at: GraphVersion, content: Mapping[str, Any]) -> Response:
    """Content as JSON, with the graph version it was read from.

    The content is what the response model of the route describes, but is not run through it:
    the tests do that, and a page is written in half the time.
    """
    return Response(
        json_bytes({**content, "graph_version": at.version}),
        media_type="application/json",
    )
