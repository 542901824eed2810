"""The way to the phones through Firebase, by either sender."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from notifications.channels.fcm_admin import AdminFcm
from notifications.channels.fcm_fast import FastFcm

SenderName = Literal["fast", "admin"]


def open_fcm(
    service_account: Mapping[str, Any],
    *,
    sender: SenderName = "fast",
    endpoint: str | None = None,
    authority: Path | None = None,
) -> FastFcm | AdminFcm:
    """A channel for the project of this parsed key file; nothing is connected before the first push."""
    if sender == "admin":
        return AdminFcm(service_account, endpoint=endpoint, authority_file=str(authority) if authority else None)
    return FastFcm(service_account, endpoint=endpoint, authority=authority)
