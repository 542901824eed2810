"""An app served inside this process: answers when started, closes when stopped, and keeps its hands off the process."""

import asyncio
import signal
import socket
from collections.abc import AsyncIterator

import httpx2
import pytest
from litestar import Litestar, get
from litestar.response import ServerSentEvent

from backend.dev.sockets import LOOPBACK, ServerDidNotStart, bound_socket, free_port, serve, serve_on, serving, url_of

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(30)]


@get("/", sync_to_thread=False)
def hello() -> str:
    return "xin chào"


async def test_it_answers_as_soon_as_it_is_started_and_not_after_it_stopped() -> None:
    before = signal.getsignal(signal.SIGINT)
    server = await serve(Litestar([hello]))
    assert signal.getsignal(signal.SIGINT) is before
    async with httpx2.AsyncClient(base_url=server.url) as client:
        assert (await client.get("/")).text == "xin chào"
        await server.stop()
        with pytest.raises(httpx2.TransportError):
            await client.get("/")


async def test_a_socket_bound_first_tells_the_address_before_the_app_is_made() -> None:
    sock = bound_socket()
    address = url_of(sock)
    server = await serve_on(sock, Litestar([hello]))
    assert (server.url, server.port) == (address, int(address.rpartition(":")[2]))
    await server.stop()


async def test_an_event_stream_does_not_hold_the_stop_up() -> None:
    disconnected = asyncio.Event()

    async def forever() -> AsyncIterator[str]:
        try:
            yield "first"
            await asyncio.Event().wait()
        finally:
            disconnected.set()

    @get("/events", sync_to_thread=False)
    def events() -> ServerSentEvent:
        return ServerSentEvent(forever())

    server = await serve(Litestar([events]))
    async with httpx2.AsyncClient(base_url=server.url) as client, client.stream("GET", "/events") as answer:
        # Kept in hand: dropped, it would close the connection from this side.
        chunks = answer.aiter_text()
        assert "first" in await anext(chunks)
        await asyncio.wait_for(server.stop(), 5)
    assert disconnected.is_set()


async def test_a_failing_start_up_is_an_exception_and_not_the_end_of_the_process() -> None:
    async def fail(_: Litestar) -> None:
        raise OSError("no database")

    with pytest.raises(ServerDidNotStart):
        await serve(Litestar([hello], on_startup=[fail]))


async def test_a_taken_port_is_an_os_error() -> None:
    async with serving(Litestar([hello])) as server:
        with pytest.raises(OSError, match="in use"):
            await serve(Litestar([hello]), LOOPBACK, server.port)


def test_a_free_port_can_be_bound() -> None:
    with bound_socket(port=free_port()) as sock:
        assert sock.getsockname()[1] > 0


async def test_an_answer_does_not_wait_for_an_acknowledgement() -> None:
    accepted: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    def look(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        accepted.set_result(writer.get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
        writer.close()

    sock = bound_socket()
    async with await asyncio.start_server(look, sock=sock):
        _, writer = await asyncio.open_connection(*sock.getsockname())
        assert await accepted
        writer.close()
