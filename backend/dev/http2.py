"""An ASGI app over HTTP/2 (RFC 9113) beside HTTP/1.1 on one TLS port, as Google's front ends serve it.

uvicorn speaks HTTP/1.1 only. Its protocol class is exchanged for one that looks at what TLS has agreed on (ALPN) and hands the
connection to uvicorn's own or to the one below, which lets the library `h2` do the protocol and is small because it serves one
machine: no push, no priorities, no trailers.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import unquote

from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.errors import ErrorCodes
from h2.events import (
    ConnectionTerminated,
    DataReceived,
    Event,
    RequestReceived,
    StreamEnded,
    StreamReset,
    WindowUpdated,
)
from h2.exceptions import ProtocolError
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

App = Callable[[Any, Any, Any], Awaitable[None]]


class EitherProtocol(asyncio.Protocol):
    """The one that TLS has agreed on."""

    def __init__(self, config: Any, server_state: Any, app_state: dict[str, Any], _loop: Any = None) -> None:
        self._made_of = (config, server_state, app_state)
        self._chosen: Any = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        tls = transport.get_extra_info("ssl_object")
        is_http2 = tls is not None and tls.selected_alpn_protocol() == "h2"
        config, server_state, app_state = self._made_of
        kind: Any = Http2Protocol if is_http2 else HttpToolsProtocol
        self._chosen = kind(config=config, server_state=server_state, app_state=app_state)
        self._chosen.connection_made(transport)

    def data_received(self, data: bytes) -> None:
        self._chosen.data_received(data)

    def eof_received(self) -> None:
        self._chosen.eof_received()

    def connection_lost(self, exc: Exception | None) -> None:
        self._chosen.connection_lost(exc)

    def pause_writing(self) -> None:
        self._chosen.pause_writing()

    def resume_writing(self) -> None:
        self._chosen.resume_writing()


class _Stream:
    """One request: what the app hears of it, and when it may write on."""

    def __init__(self) -> None:
        self.heard: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.window = asyncio.Event()
        self.task: asyncio.Task[None] | None = None
        self.started: list[tuple[bytes, bytes]] | None = None


class Http2Protocol(asyncio.Protocol):
    """One connection."""

    def __init__(self, config: Any, server_state: Any, app_state: dict[str, Any]) -> None:
        self._app, self._state, self._app_state = config.loaded_app, server_state, app_state
        self._h2 = H2Connection(H2Configuration(client_side=False, header_encoding=None))
        self._streams: dict[int, _Stream] = {}
        self.transport: Any = None
        self.client: Any = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport, self.client = transport, transport.get_extra_info("peername")[:2]
        self._state.connections.add(self)
        self._h2.initiate_connection()
        self._flush()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's signature
        self._state.connections.discard(self)
        for stream in self._streams.values():
            stream.heard.put_nowait({"type": "http.disconnect"})
            stream.window.set()
        self._streams.clear()

    def eof_received(self) -> None:
        return

    def pause_writing(self) -> None:
        return

    def resume_writing(self) -> None:
        return

    def shutdown(self) -> None:
        """The server is stopping: nothing new is taken, and what is being answered is finished by its own grace."""
        self._h2.close_connection()
        self._flush()
        if not self._streams:
            self.transport.close()

    def data_received(self, data: bytes) -> None:
        try:
            events = self._h2.receive_data(data)
        except ProtocolError:
            self._flush()
            self.transport.close()
            return
        for event in events:
            self._hear(event)
        self._flush()

    def _hear(self, event: Event) -> None:
        match event:
            case RequestReceived():
                self._begin(event)
            case DataReceived(stream_id=number, data=data):
                self._h2.acknowledge_received_data(event.flow_controlled_length or 0, number or 0)
                self._tell(number, {"type": "http.request", "body": data, "more_body": True})
            case StreamEnded(stream_id=number):
                self._tell(number, {"type": "http.request", "body": b"", "more_body": False})
            case StreamReset(stream_id=number):
                self._tell(number, {"type": "http.disconnect"})
                if stream := self._streams.pop(number or 0, None):
                    stream.window.set()
            case WindowUpdated():
                for stream in self._streams.values():
                    stream.window.set()
            case ConnectionTerminated():
                self.transport.close()

    def _tell(self, number: int | None, message: dict[str, Any]) -> None:
        if stream := self._streams.get(number or 0):
            stream.heard.put_nowait(message)

    def _begin(self, event: RequestReceived) -> None:
        number, headers = event.stream_id or 0, [(bytes(name), bytes(value)) for name, value in event.headers or ()]
        stream = self._streams[number] = _Stream()
        scope = self._scope(headers)
        stream.task = asyncio.create_task(self._run(number, stream, scope))

    def _scope(self, headers: list[tuple[bytes, bytes]]) -> dict[str, Any]:
        special = {name: value for name, value in headers if name.startswith(b":")}
        path, _, query = special[b":path"].partition(b"?")
        plain = [(name, value) for name, value in headers if not name.startswith(b":")]
        return {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "2",
            "method": special[b":method"].decode(),
            # What the client calls it: Node says https where others say nothing.
            "scheme": special.get(b":scheme", b"https").decode(),
            "path": unquote(path.decode()),
            "raw_path": path,
            "query_string": query,
            "root_path": "",
            "headers": [(b"host", special.get(b":authority", b"")), *plain],
            "client": self.client,
            "server": self.transport.get_extra_info("sockname")[:2],
            "state": dict(self._app_state),
            "extensions": {},
        }

    async def _run(self, number: int, stream: _Stream, scope: dict[str, Any]) -> None:
        async def send(message: dict[str, Any]) -> None:
            await self._send(number, stream, message)

        try:
            await self._app(scope, stream.heard.get, send)
        except Exception:  # noqa: BLE001 - whatever an app does wrong ends its stream and not the connection
            self._reset(number)
        finally:
            self._streams.pop(number, None)

    async def _send(self, number: int, stream: _Stream, message: dict[str, Any]) -> None:
        if number not in self._streams:
            return
        if message["type"] == "http.response.start":
            headers = [(name.lower(), value) for name, value in message.get("headers", ())]
            forbidden = {b"connection", b"transfer-encoding", b"keep-alive"}
            status = (b":status", str(message["status"]).encode())
            self._h2.send_headers(number, [status, *(h for h in headers if h[0] not in forbidden)])
        elif message["type"] == "http.response.body":
            await self._send_body(number, stream, message.get("body", b""))
            if not message.get("more_body", False) and number in self._streams:
                self._h2.end_stream(number)
        self._flush()

    async def _send_body(self, number: int, stream: _Stream, body: bytes) -> None:
        while body and number in self._streams:
            room = min(self._h2.local_flow_control_window(number), self._h2.max_outbound_frame_size)
            if room <= 0:
                stream.window.clear()
                self._flush()
                await stream.window.wait()
                continue
            self._h2.send_data(number, body[:room])
            body = body[room:]

    def _reset(self, number: int) -> None:
        """RST_STREAM: this request has no answer, the others do."""
        if self._streams.pop(number, None):
            try:
                self._h2.reset_stream(number, ErrorCodes.INTERNAL_ERROR)
            except ProtocolError:
                return
            self._flush()

    def _flush(self) -> None:
        if data := self._h2.data_to_send():
            self.transport.write(data)
