"""Is the app that asks still served, and is anybody served at the moment (R-B6)?

The app says which it is with `X-App-Platform` and `X-App-Version`; what it must be at least is said by whoever keeps the app's
state (`backend.bootstrap`). A request without these headers, or with nonsense in them, is nobody's app and is not stopped.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from kernel.errors import Unavailable, UpgradeRequired
from kernel.http.answer import answer_of
from kernel.http.per_route import only_at

ALWAYS_SERVED = "always_served"
"""At a route an app that is too old, and everybody during maintenance, has to reach: to learn of it, or to sign out."""

_VERSION = re.compile(r"(\d{1,9})(?:\.(\d{1,9}))?(?:\.(\d{1,9}))?")
Version = tuple[int, int, int]


class AppVersionUnsupported(UpgradeRequired):
    """This version of the app is no longer served: get the present one from the store."""

    vi = "Phiên bản ứng dụng này không còn được hỗ trợ: vui lòng cập nhật từ cửa hàng ứng dụng."


class UnderMaintenance(Unavailable):
    """The system is being worked on: come back later."""

    vi = "Hệ thống đang bảo trì: vui lòng quay lại sau."


class Floor(msgspec.Struct, frozen=True):
    """The oldest version that is served, and where to get the present one."""

    version: Version
    store_url: str


class Service(msgspec.Struct, frozen=True):
    """Who is served at the moment."""

    floors: Mapping[str, Floor] = {}
    closed_for_s: int | None = None
    """For how many more seconds nobody is, because of maintenance."""


def parse_version(text: str) -> Version | None:
    """`2.10.3` as numbers, missing ones 0, what follows them ignored (`2.1.0-beta+7`); None where it begins with no number."""
    found = _VERSION.match(text)
    if found is None:
        return None
    major, minor, patch = (int(part or 0) for part in found.groups())
    return major, minor, patch


def served(service: Callable[[], Service]) -> Callable[[Any], None]:
    """The check: open for business, and for this app.

    Raises (the check):
        UnderMaintenance, AppVersionUnsupported.
    """

    @only_at(lambda handler: not handler.opt.get(ALWAYS_SERVED))
    def check(scope: Any) -> None:
        now = service()
        if scope["route_handler"].opt.get(ALWAYS_SERVED):
            return
        if now.closed_for_s is not None:
            raise UnderMaintenance(headers={"retry-after": str(max(1, now.closed_for_s))})
        if now.floors:
            _check_version(answer_of(scope).asked, now.floors)

    return check


def _check_version(said: Mapping[bytes, bytes], floors: Mapping[str, Floor]) -> None:
    version = parse_version(said.get(b"x-app-version", b"").decode("latin-1"))
    floor = floors.get(said.get(b"x-app-platform", b"").decode("latin-1").lower())
    if version is not None and floor is not None and version < floor.version:
        raise AppVersionUnsupported(store_url=floor.store_url)
