"""The API as a process: what `motcua serve` runs, once or in several workers."""

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
    return create_app(make_parts(settings))


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
        timeout_graceful_shutdown=10,
    )
