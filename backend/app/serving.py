"""The API as a process: what `motcua serve` runs, once or in several workers."""

import asyncio
import signal
from collections.abc import Awaitable, Callable
from types import FrameType

import uvicorn
from litestar import Litestar

from backend import settings as settings_module
from backend.app.factory import create_app
from backend.app.parts import make_parts
from backend.settings import Settings
from kernel.telemetry import logs


def app_from_environment() -> Litestar:
    """What each worker process of uvicorn calls."""
    settings = settings_module.load()
    logs.configure(as_json=settings.log_json, level=settings.log_level)
    parts = make_parts(settings)
    app = create_app(parts)
    app.on_startup.append(send_home_when_told_to_stop(parts.sync.bells.close))
    return app


def send_home_when_told_to_stop(close: Callable[[], None]) -> Callable[[], Awaitable[None]]:
    """What is done at the start so that `close` is called with SIGTERM and SIGINT, before uvicorn's own handler.

    uvicorn waits for open answers before it tells the app that it stops, and an event stream never ends by itself.
    """

    async def listen() -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            before = signal.getsignal(number)

            def told(number: int, frame: FrameType | None, before: object = before) -> None:
                loop.call_soon_threadsafe(close)
                if callable(before):
                    before(number, frame)

            signal.signal(number, told)

    return listen


def serve(settings: Settings, *, workers: int) -> None:
    """Listen until SIGTERM or SIGINT; requests in hand are finished first."""
    uvicorn.run(
        "backend.app.serving:app_from_environment",
        factory=True,
        host=settings.host,
        port=settings.port,
        workers=workers,
        log_config=None,
        access_log=False,
        server_header=False,
        # What a proxy says is read by kernel.http.client_address, from the proxies that are ours (SEC-64).
        proxy_headers=False,
        # On a weak network a new connection is two round trips before the first byte, so a phone that comes back within a minute
        # finds its own still open (uvicorn's own 5 s are for who pays by the connection).
        timeout_keep_alive=75,
        timeout_graceful_shutdown=10,
    )
