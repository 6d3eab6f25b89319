"""Headers that keep a browser from taking an answer for more than it is, on every answer.

`nosniff`: an answer is what its Content-Type says. The Content-Security-Policy lets an answer load
and run nothing and no page frame it; the pages of the documentation may load what they consist of,
and run the scripts that stand in them.
"""

from __future__ import annotations

import base64
import hashlib
import re

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_NOBODY = "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

# A picture (SVG) that is opened by itself has styles, and may hold an image.
_POLICY = f"default-src 'none'; style-src 'unsafe-inline'; img-src data:; {_NOBODY}"
_POLICY_OF_PAGES = (
    "default-src 'none'; script-src 'self'{scripts}; style-src 'self' 'unsafe-inline';"
    f" img-src 'self' data:; connect-src 'self'; {_NOBODY}"
)
_SCRIPT = re.compile(rb"<script>(.*?)</script>", re.DOTALL)

SAFETY_HEADERS = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": _POLICY}
"""Those of an answer that is no page."""


class SafetyHeaders:
    """ASGI middleware that adds them; it stands around everything else."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        page: Message | None = None

        async def protected(message: Message) -> None:
            nonlocal page
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(SAFETY_HEADERS)
                if headers.get("content-type", "").startswith("text/html"):
                    page = message  # its policy names its scripts, which come with its body
                    return
            elif page is not None:
                policy = _policy_of(message.get("body", b""))
                MutableHeaders(scope=page)["Content-Security-Policy"] = policy
                await send(page)
                page = None
            await send(message)

        await self._app(scope, receive, protected)


def _policy_of(page: bytes) -> str:
    """The policy of a page, which is sent in one piece: its scripts by their digests (CSP 3)."""
    digests = (hashlib.sha256(script).digest() for script in _SCRIPT.findall(page))
    scripts = (f" 'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)
    return _POLICY_OF_PAGES.format(scripts="".join(scripts))
