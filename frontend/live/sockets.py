"""WebSockets: their limits (number, duration, message size, time without reading), and how they are closed."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

import structlog
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketDisconnect

from frontend.auth import subprotocol_of
from frontend.errors import kind, render
from frontend.metrics import Metrics
from frontend.parts import in_parts
from frontend.settings import Settings
from speech.errors import BadParameter, Cancelled, DeadlineExceeded, Overloaded, SpeechError, TooLong

NORMAL, POLICY, TOO_BIG, FAILURE, TRY_LATER = 1000, 1008, 1009, 1011, 1013
"""Close codes (RFC 6455, section 7.4)."""
_MAX_REASON_BYTES = 123
"""Longest reason of a close frame (RFC 6455, section 5.5)."""
GOODBYE_S = 60.0
"""Seconds after which the connection is dropped if the client does not read the reason for the close."""

log = structlog.get_logger()

Handler = Callable[["Socket"], Awaitable[None]]


class Sockets:
    """The limits of all WebSockets of this server, and the number of open ones."""

    def __init__(self, settings: Settings, metrics: Metrics) -> None:
        self._metrics = metrics
        self.message_bytes = settings.live_message_bytes
        self.buffer_s = settings.live_buffer_s
        self.connection_s = settings.live_connection_s
        self.send_timeout_s = settings.live_send_timeout_s
        self._origins = settings.allowed_origins
        self._limit, self._limit_per_client = settings.live_connections, settings.live_connections_per_client
        self._clients: Counter[str] = Counter()
        """Number of open connections by address of the client."""

    def check_origin(self, headers: Mapping[str, str]) -> None:
        """Raises BadParameter for a web page of an origin that may not connect.

        Browsers let any page open a WebSocket and send its `Origin`. Other clients send none, and may connect.
        """
        origin = headers.get("origin")
        if not origin or not self._origins or "*" in self._origins or origin in self._origins:
            return
        if origin.partition("://")[2] != headers.get("host"):
            raise BadParameter(f"web pages of {origin} may not connect; ALLOWED_ORIGINS lists those that may")

    @contextmanager
    def place(self, client: str) -> Iterator[None]:
        """Count a connection of this address for as long as the context lasts. Raises Overloaded above the limits."""
        if self._clients.total() >= self._limit:
            raise Overloaded(f"all {self._limit} live connections are taken; try again later")
        if self._clients[client] >= self._limit_per_client:
            raise Overloaded(f"{client} has {self._limit_per_client} live connections already; close one of them")
        self._clients[client] += 1
        try:
            with self._metrics.sockets.track_inprogress():
                yield
        finally:
            self._clients[client] -= 1
            if not self._clients[client]:
                del self._clients[client]


class Socket:
    """One accepted WebSocket."""

    def __init__(self, websocket: WebSocket, limits: Sockets) -> None:
        self._websocket = websocket
        self.limits = limits

    @property
    def query(self) -> Mapping[str, str]:
        """The parameters in the URL."""
        return self._websocket.query_params

    @property
    def state(self) -> Any:
        """The AppState."""
        return self._websocket.state

    async def receive(self) -> str | bytes:
        """The next message. Raises Cancelled if the client has gone, and TooLong if the message is too large."""
        message = await self._websocket.receive()
        if message["type"] == "websocket.disconnect":
            raise Cancelled("the client went away")
        content: str | bytes = message["bytes"] if message.get("text") is None else message["text"]
        if len(content) > self.limits.message_bytes:
            raise TooLong(f"a message has {len(content)} bytes; send at most {self.limits.message_bytes} at once")
        return content

    async def send(self, content: str | bytes) -> None:
        """Send text as one message, and bytes as one or more, of at most PART_BYTES each.

        Waits while the client does not read. Raises Overloaded if that takes too long, and Cancelled if it has gone.
        """
        try:
            for part in [content] if isinstance(content, str) else in_parts(content):
                async with asyncio.timeout(self.limits.send_timeout_s):
                    if isinstance(part, str):
                        await self._websocket.send_text(part)
                    else:
                        await self._websocket.send_bytes(part)
        except TimeoutError:
            raise Overloaded(f"the client read nothing for {self.limits.send_timeout_s:g} s; read faster") from None
        except (WebSocketDisconnect, RuntimeError):  # RuntimeError: the client closed it
            raise Cancelled("the client went away") from None

    async def close(self, code: int, reason: str, last_event: Mapping[str, Any] | None = None) -> None:
        """Send the last event, if any, and close. Waits up to GOODBYE_S for a client that does not read."""
        with suppress(TimeoutError, WebSocketDisconnect, RuntimeError):
            async with asyncio.timeout(GOODBYE_S):
                if last_event is not None:
                    await self._websocket.send_text(json.dumps(last_event, ensure_ascii=False))
                await self._websocket.close(code, reason.encode()[:_MAX_REASON_BYTES].decode(errors="ignore"))


class SocketEndpoint:
    """An ASGI application for one WebSocket route. It accepts the connection, checks the limits and calls `handle`.

    When `handle` returns, the connection is closed with code 1000; when it raises, with an `error` event before.
    """

    def __init__(self, handle: Handler) -> None:
        self.handle = handle

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        websocket = WebSocket(scope, receive, send)
        await websocket.accept(subprotocol_of(scope))
        limits: Sockets = websocket.state["sockets"]
        socket = Socket(websocket, limits)
        client = websocket.client.host if websocket.client else ""
        error: SpeechError | None = None
        try:
            limits.check_origin(websocket.headers)
            with limits.place(client):
                async with asyncio.timeout(limits.connection_s):
                    await self.handle(socket)
        except SpeechError as raised:
            error = raised
        except TimeoutError:
            error = DeadlineExceeded(f"a connection lasts {limits.connection_s:g} s at most; open a new one")
        except Exception:
            log.exception("failure", path=scope["path"])
            error = SpeechError("the server failed")
        # The work has stopped by now, so a client that does not read costs only the memory of its unsent data.
        if error is None:
            await socket.close(NORMAL, "done")
        elif not isinstance(error, Cancelled):
            body = render(scope, error)
            await socket.close(_close_code(error), body["error"]["message"], {"type": "error", **body})
        log.info("socket", path=scope["path"], error=error.code if error else None)


def _close_code(error: SpeechError) -> int:
    if isinstance(error, TooLong):
        return TOO_BIG
    if isinstance(error, Overloaded):
        return TRY_LATER
    return POLICY if kind(error).status < 500 or isinstance(error, DeadlineExceeded) else FAILURE
