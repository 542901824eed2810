"""The FCM simulator on a socket with our channel in front of it, and its phones."""

import ssl
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2

from backend.dev.certificates import make_certificate
from backend.dev.fcm import create_fcm
from backend.dev.sockets import bound_socket, serve_on, url_of
from notifications.channels.fcm import SenderName, open_fcm
from notifications.channels.port import Channel


@dataclass
class Firebase:
    """The simulator as a test sees it."""

    channel: Channel
    http: httpx2.AsyncClient
    authority: Path | None = None

    async def phone(self, platform: str = "android") -> dict[str, Any]:
        """A fresh installation of the app."""
        return dict((await self.http.post("/devices", json={"platform": platform})).json())

    async def uninstall(self, phone: dict[str, Any]) -> None:
        (await self.http.delete(f"/devices/{phone['installationId']}")).raise_for_status()

    async def messages(self, phone: dict[str, Any]) -> list[dict[str, Any]]:
        """What the phone received, oldest first."""
        return list((await self.http.get(f"/devices/{phone['installationId']}/messages")).json())

    async def log(self, endpoint: str = "send") -> list[dict[str, Any]]:
        """What was asked of Firebase, oldest first."""
        return [entry for entry in (await self.http.get("/log")).json() if entry["endpoint"] == endpoint]

    async def arm(self, **fault: Any) -> None:
        """Let something go wrong (backend/dev/fcm/faults.py)."""
        (await self.http.post("/_control/faults", json=fault)).raise_for_status()

    async def heal(self) -> None:
        (await self.http.delete("/_control/faults")).raise_for_status()


@asynccontextmanager
async def running_firebase(sender: SenderName = "fast", *, tls: bool = False) -> AsyncIterator[Firebase]:
    """The simulator, with an empty script and no phone; with `tls` as Google serves it, over HTTP/2."""
    with tempfile.TemporaryDirectory(prefix="motcua-firebase-") as folder:
        made = make_certificate(Path(folder)) if tls else None
        sock = bound_socket()
        fcm = create_fcm(url_of(sock, "https" if tls else "http"))
        server = await serve_on(sock, fcm.app, tls=made.context("h2", "http/1.1") if made else None)
        authority = made.authority if made else None
        channel = open_fcm(fcm.service_account, sender=sender, endpoint=server.url, authority=authority)
        trust = ssl.create_default_context(cafile=str(authority)) if authority else True
        async with httpx2.AsyncClient(base_url=server.url, verify=trust) as http:
            yield Firebase(channel, http, authority)
        await channel.close()
        await server.stop()
