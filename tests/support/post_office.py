"""The post office on its sockets with our channels in front of it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx2

from backend.dev.post_office import PostOffice, running_post_office
from backend.dev.post_office.sms_routes import TOKEN
from backend.dev.post_office.zalo_routes import TEMPLATE
from backend.dev.post_office.zalo_tokens import APP_ID, APP_SECRET
from backend.dev.sockets import bound_socket
from kernel.clock import Clock, SystemClock
from kernel.privacy.vault import Vault
from notifications.channels.port import TextChannel
from notifications.channels.sms import SmsChannel
from notifications.channels.smtp import MailServer, SmtpChannel
from notifications.channels.zalo import ZaloChannel
from notifications.channels.zalo_tokens import ZaloTokens
from notifications.ways import ChannelName

SENDER = "thongbao@camau.example"


@dataclass
class Post:
    """The simulator as a test sees it."""

    office: PostOffice
    channels: dict[ChannelName, TextChannel]
    http: httpx2.AsyncClient

    async def arrived(self, channel: str | None = None, to: str | None = None) -> list[dict[str, Any]]:
        """What came, oldest first."""
        asked = {name: value for name, value in (("channel", channel), ("to", to)) if value}
        return list((await self.http.get("/messages", params=asked)).json())

    async def arm(self, **fault: Any) -> None:
        """Let something go wrong (backend/dev/post_office/faults.py)."""
        (await self.http.post("/_control/faults", json=fault)).raise_for_status()

    async def heal(self) -> None:
        (await self.http.delete("/_control/faults")).raise_for_status()


def texts_to(office: PostOffice) -> dict[str, Any]:
    """The settings of a process that sends to this office."""
    sms = {"sms_url": office.sms_url, "sms_token": TOKEN, "sms_brand": "MOTCUA"}
    return {"smtp_url": office.smtp_url, "smtp_sender": SENDER, **sms}


def zalo_tokens(office: PostOffice, vault: Vault, clock: Clock | None = None) -> ZaloTokens:
    """The tokens of our app at this office, as one worker has them."""
    url = f"{office.zalo_url}/v4/oa/access_token"
    return ZaloTokens(vault, clock or SystemClock(), app_id=APP_ID, secret=APP_SECRET, url=url)


@asynccontextmanager
async def running_post(vault: Vault) -> AsyncIterator[Post]:
    """An empty post office, with a channel to each of its doors; Zalo's has its first refresh token."""
    async with running_post_office(bound_socket()) as office, httpx2.AsyncClient(base_url=office.url) as http:
        tokens = zalo_tokens(office, vault)
        await tokens.plant(office.zalo.first_refresh_token)
        channels: dict[ChannelName, TextChannel] = {
            "email": SmtpChannel(MailServer.of(office.smtp_url), sender=SENDER, sender_name="Một Cửa"),
            "sms": SmsChannel(office.sms_url, TOKEN, brand="MOTCUA"),
            "zalo": ZaloChannel(tokens, endpoint=office.zalo_url, template=TEMPLATE),
        }
        yield Post(office, channels, http)
        for channel in channels.values():
            await channel.close()
