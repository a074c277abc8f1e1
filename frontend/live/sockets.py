"""WebSockets within bounds: how many, how long, how much in a message, how slowly read, and how they end."""

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

from frontend.errors import kind, render
from frontend.parts import in_parts
from frontend.settings import Settings
from speech.errors import BadParameter, Cancelled, DeadlineExceeded, Overloaded, SpeechError, TooLong

NORMAL, POLICY, TOO_BIG, FAILURE, TRY_LATER = 1000, 1008, 1009, 1011, 1013
_MAX_REASON_BYTES = 123
GOODBYE_S = 60.0
"""How long a client that does not read may take to learn why it was let go."""

log = structlog.get_logger()

Handler = Callable[["Socket"], Awaitable[None]]


class Sockets:
    """The bounds of all WebSockets of this server, and who has one."""

    def __init__(self, settings: Settings) -> None:
        self.message_bytes = settings.live_message_bytes
        self.buffer_s = settings.live_buffer_s
        self.connection_s = settings.live_connection_s
        self.send_timeout_s = settings.live_send_timeout_s
        self._origins = settings.allowed_origins
        self._most, self._most_per_client = settings.live_connections, settings.live_connections_per_client
        self._clients: Counter[str] = Counter()

    def check_origin(self, headers: Mapping[str, str]) -> None:
        """Browsers let any page open a WebSocket and say whose it is; programs say nothing."""
        origin = headers.get("origin")
        if not origin or not self._origins or {origin, "*"} & {*self._origins}:
            return
        if origin.partition("://")[2] != headers.get("host"):
            raise BadParameter(f"web pages of {origin} may not connect; ALLOWED_ORIGINS lists those that may")

    @contextmanager
    def place(self, client: str) -> Iterator[None]:
        if self._clients.total() >= self._most:
            raise Overloaded(f"all {self._most} live connections are taken; try again later")
        if self._clients[client] >= self._most_per_client:
            raise Overloaded(f"{client} has {self._most_per_client} live connections already; close one of them")
        self._clients[client] += 1
        try:
            yield
        finally:
            self._clients[client] -= 1
            self._clients += Counter()  # forgets who has none


class Socket:
    """One accepted WebSocket."""

    def __init__(self, websocket: WebSocket, bounds: Sockets) -> None:
        self._websocket = websocket
        self.bounds = bounds

    @property
    def query(self) -> Mapping[str, str]:
        return self._websocket.query_params

    @property
    def state(self) -> Any:
        """The AppState."""
        return self._websocket.state

    async def receive(self) -> str | bytes:
        """The next message; Cancelled when the client has gone."""
        message = await self._websocket.receive()
        if message["type"] == "websocket.disconnect":
            raise Cancelled("the client went away")
        content: str | bytes = message["bytes"] if message.get("text") is None else message["text"]
        if len(content) > self.bounds.message_bytes:
            raise TooLong(f"a message of {len(content)} bytes; send at most {self.bounds.message_bytes} at once")
        return content

    async def send(self, content: str | bytes) -> None:
        """Waits while the client does not read; Overloaded if that takes too long. Many bytes are many messages."""
        try:
            for part in [content] if isinstance(content, str) else in_parts(content):
                async with asyncio.timeout(self.bounds.send_timeout_s):
                    if isinstance(part, str):
                        await self._websocket.send_text(part)
                    else:
                        await self._websocket.send_bytes(part)
        except TimeoutError:
            raise Overloaded(f"nothing was read for {self.bounds.send_timeout_s:g} s; read faster") from None
        except (WebSocketDisconnect, RuntimeError):  # RuntimeError: it was closed by the other side
            raise Cancelled("the client went away") from None

    async def close(self, code: int, reason: str, last_event: Mapping[str, Any] | None = None) -> None:
        """Also to a client that reads again after a while."""
        with suppress(TimeoutError, WebSocketDisconnect, RuntimeError):
            async with asyncio.timeout(GOODBYE_S):
                if last_event is not None:
                    await self._websocket.send_text(json.dumps(last_event, ensure_ascii=False))
                await self._websocket.close(code, reason.encode()[:_MAX_REASON_BYTES].decode(errors="ignore"))


class SocketEndpoint:
    """An ASGI application around `handle`: a connection ends well when that returns, else with an `error` event."""

    def __init__(self, handle: Handler) -> None:
        self.handle = handle

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        websocket = WebSocket(scope, receive, send)
        await websocket.accept()
        bounds: Sockets = websocket.state["sockets"]
        socket = Socket(websocket, bounds)
        client = websocket.client.host if websocket.client else ""
        error: SpeechError | None = None
        try:
            bounds.check_origin(websocket.headers)
            with bounds.place(client):
                async with asyncio.timeout(bounds.connection_s):
                    await self.handle(socket)
        except SpeechError as raised:
            error = raised
        except TimeoutError:
            error = DeadlineExceeded(f"connections last {bounds.connection_s:g} s at most; open a new one")
        except Exception:
            log.exception("failure", path=scope["path"])
            error = SpeechError("the server failed")
        # By now the work has stopped, and a client that does not read holds nothing but what is on its way to it.
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
