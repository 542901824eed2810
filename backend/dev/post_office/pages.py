"""What a person and a test ask of the post office."""

from pathlib import Path
from typing import Annotated

from litestar import MediaType, Response, delete, get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody, QueryParameter

from backend.dev.fcm.page_routes import HEADERS
from backend.dev.loopback import from_this_machine
from backend.dev.post_office.faults import Fault, Faults
from backend.dev.post_office.journal import Arrived, Journal
from notifications.ways import ChannelName

TEMPLATES = Path(__file__).parent / "templates"
Asked = Annotated[str | None, QueryParameter(required=False)]
AskedChannel = Annotated[ChannelName | None, QueryParameter(required=False)]


def _file(name: str, media_type: str) -> Response[bytes]:
    return Response((TEMPLATES / name).read_bytes(), media_type=media_type, headers=HEADERS)


@get("/", sync_to_thread=False)
def page() -> Response[bytes]:
    """The page."""
    return _file("office.html", MediaType.HTML)


@get("/office.css", sync_to_thread=False)
def style() -> Response[bytes]:
    """Its style sheet."""
    return _file("office.css", MediaType.CSS)


@get("/office.js", sync_to_thread=False)
def script() -> Response[bytes]:
    """Its module."""
    return _file("office.js", "text/javascript")


@get("/messages", sync_to_thread=False)
def list_messages(journal: NamedDependency[Journal], channel: AskedChannel = None, to: Asked = None) -> list[Arrived]:
    """What arrived, oldest first."""
    return journal.among(channel, to)


@delete("/messages", sync_to_thread=False)
def clear_messages(journal: NamedDependency[Journal]) -> None:
    """Begin a new page."""
    journal.clear()


@post("/_control/faults", status_code=204, guards=[from_this_machine], sync_to_thread=False)
def arm_fault(data: JSONBody[Fault], faults: NamedDependency[Faults]) -> None:
    """Append a line to the script."""
    faults.arm(data)


@delete("/_control/faults", guards=[from_this_machine], sync_to_thread=False)
def clear_faults(faults: NamedDependency[Faults]) -> None:
    """Tear the script up."""
    faults.clear()


ROUTES = [page, style, script, list_messages, clear_messages, arm_fault, clear_faults]
