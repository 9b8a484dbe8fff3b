"""Who may ask, and how much: the token, the size of a body, and that no web page asks in its reader's name."""

from __future__ import annotations

import hmac
from typing import Any

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assay.serving.ascii_response import AsciiResponse

_OPEN = frozenset(("/health", "/v1/ping"))


class BodyTooLarge(Exception):
    """A body went over the limit while it came in."""


class Guard:
    """ASGI middleware. token: "" for none. most_bytes: of a body."""

    def __init__(self, app: ASGIApp, token: str, most_bytes: int) -> None:
        self._app, self._token, self._most_bytes = app, token.encode(), most_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers: dict[bytes, bytes] = dict(scope["headers"])
        refusal = self._refusal(scope, headers)
        if refusal is not None:
            await refusal(scope, receive, send)
            return
        left = self._most_bytes

        async def counted() -> Message:
            nonlocal left
            message = await receive()
            left -= len(message.get("body", b""))
            if left < 0:
                raise BodyTooLarge
            return message

        try:
            await self._app(scope, counted, send)
        except BodyTooLarge:
            await self._too_large()(scope, receive, send)

    def _refusal(self, scope: Scope, headers: dict[bytes, bytes]) -> JSONResponse | None:
        if self._token and scope["path"] not in _OPEN and not self._knows_token(headers):
            return said(
                401, "This server wants its token: Authorization: Bearer TOKEN.", {"WWW-Authenticate": "Bearer"}
            )
        if b"origin" in headers:
            return said(403, "Web pages may not ask this server.")
        if scope["method"] == "POST" and not headers.get(b"content-type", b"").startswith(b"application/json"):
            return said(415, "The body must be JSON: Content-Type: application/json.")
        length = headers.get(b"content-length", b"0")
        if not length.isdigit() or int(length) > self._most_bytes:
            return self._too_large()
        return None

    def _knows_token(self, headers: dict[bytes, bytes]) -> bool:
        kind, _, given = headers.get(b"authorization", b"").partition(b" ")
        given = given.strip() if kind.lower() == b"bearer" else headers.get(b"x-api-key", b"")
        return hmac.compare_digest(given, self._token)

    def _too_large(self) -> JSONResponse:
        return said(413, f"The body is larger than {self._most_bytes >> 20} MiB.", {"Connection": "close"})


def said(status: int, sentence: str, headers: dict[str, str] | None = None) -> JSONResponse:
    """A refusal: `detail` is what FastAPI's servers say it in, SandboxFusion among them."""
    body: dict[str, Any] = {"detail": sentence}
    return AsciiResponse(body, status, headers)
