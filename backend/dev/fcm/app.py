"""The simulator on the wire: one Litestar app on a port of its own."""

from dataclasses import dataclass

from litestar import Litestar
from litestar.config.cors import CORSConfig
from litestar.di import Provide

from backend.dev.fcm import app_check_routes, device_routes, google_routes, page_routes
from backend.dev.fcm.simulator import PROJECT, Simulator
from kernel.clock import Clock
from kernel.http.problems import EXCEPTION_HANDLERS

# The phone page is served from another port of this machine.
LOOPBACK_ORIGINS = r"https?://(127\.0\.0\.1|localhost|\[::1\])(:\d+)?"

ROUTES = [
    google_routes.token,
    google_routes.send,
    device_routes.register_device,
    device_routes.list_devices,
    device_routes.show_device,
    device_routes.remove_device,
    device_routes.list_messages,
    device_routes.stream_device,
    device_routes.stream_all,
    device_routes.service_account,
    device_routes.show_log,
    device_routes.clear_log,
    device_routes.arm_fault,
    device_routes.clear_faults,
    app_check_routes.app_check_keys,
    app_check_routes.exchange_debug_token,
    page_routes.page,
    page_routes.style,
    page_routes.script,
]


@dataclass(frozen=True, slots=True)
class Fcm:
    """The simulator, and the app to serve at its address."""

    app: Litestar
    simulator: Simulator

    @property
    def service_account(self) -> dict[str, str]:
        """For `firebase_admin.credentials.Certificate`."""
        return self.simulator.service_account


def create_fcm(base_url: str, *, project: str = PROJECT, debug_token: str = "", clock: Clock | None = None) -> Fcm:
    """A simulator to be served at `base_url` (no slash at its end); `debug_token` is what App Check's console knows of the app."""
    simulator = Simulator(base_url, project=project, debug_token=debug_token, clock=clock)
    app = Litestar(
        ROUTES,
        dependencies={"fcm": Provide(lambda: simulator, sync_to_thread=False)},
        cors_config=CORSConfig(allow_origins=[], allow_origin_regex=LOOPBACK_ORIGINS),
        exception_handlers=EXCEPTION_HANDLERS,
        openapi_config=None,
        logging_config=None,
    )
    return Fcm(app, simulator)
