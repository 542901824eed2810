"""What the console brings to the app."""

from collections.abc import Awaitable, Callable

from litestar.di import Provide

from auth.config import AuthConfig
from backend.console.api.assets import ConsoleAssets
from backend.console.api.bulk import ManyReports
from backend.console.api.dossiers import Dossiers
from backend.console.api.figures import Figures
from backend.console.api.live import LiveNews
from backend.console.api.notices import Notices
from backend.console.api.people import People
from backend.console.api.publishing import Publishing
from backend.console.api.queue import MyWork
from backend.console.api.report import OneReport
from backend.console.api.sign_in import SigningIn
from backend.console.documents import ConsolePresence, ConsoleSession
from backend.console.visit import Console, visit
from kernel.clock import Clock
from kernel.principal import Principal
from kernel.slice import Slice


def build_console(config: AuthConfig, verify: Callable[[str], Awaitable[Principal]], clock: Clock) -> Slice:
    """The console; `verify` says whom an access token stands for."""
    console = Console(config, verify, clock)
    return Slice(
        name="console",
        routes=[SigningIn, MyWork, OneReport, Publishing, ManyReports, Dossiers, Notices, People, Figures, LiveNews, ConsoleAssets],
        documents=[ConsoleSession, ConsolePresence],
        dependencies={"console": Provide(lambda: console, use_cache=True, sync_to_thread=False), "visit": Provide(visit)},
    )
