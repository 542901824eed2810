"""Zalo's tokens: an access token lives 25 hours; the refresh token that gets the next one is good once, and brings a new one.

lease (one worker of all) ─> ask with the stored token ─> store the answer before anybody uses it ─> let go

What came back is written down until it is, whatever the database does meanwhile, and no cancelled push stops that: a refresh token
that was answered and not kept is a grant lost. If a process is killed in the instant between, the stored token is tried again; if
Zalo does not take it any more an operator authorises anew (`motcua zalo grant`), and until then other ways are taken (ADR 0035).
"""

import asyncio
import contextlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from pymongo.errors import PyMongoError

from kernel.clock import Clock
from kernel.ids import new_id
from kernel.privacy.errors import VaultUnavailable
from kernel.privacy.field import Plain, Sealed
from kernel.privacy.vault import Vault
from notifications.channels.over_http import Answered, Provider
from notifications.channels.zalo_answers import said_in
from notifications.documents import ZaloGrant

log = structlog.get_logger(__name__)

EARLY = timedelta(minutes=10)
LEASE_MS = 30_000
LOOKS, LOOK_S = 150, 0.2
KEEP_TRYING_S = 0.5
FRESH_EVERY_S = 6 * 3_600.0

Row = dict[str, Any]


class TokenUnavailable(Exception):
    """There is no token, and none to be had at the moment; nothing has been sent."""


@dataclass(frozen=True)
class Access:
    """A token, until when, and of which edition of the grant."""

    value: str
    ends_at: datetime
    edition: int


class ZaloTokens:
    """The tokens of one app for one official account, shared by every worker."""

    def __init__(self, vault: Vault, clock: Clock, *, app_id: str, secret: str, url: str) -> None:
        self._vault, self._clock = vault, clock
        self._app, self._secret, self._url = app_id, secret, url
        self._provider = Provider()
        self._present: Access | None = None
        self._fetching: asyncio.Task[Access] | None = None

    async def get(self) -> str:
        """A token that is good now; fetched once for all who wait.

        Raises:
            TokenUnavailable.
        """
        present = self._present
        if present and present.ends_at - EARLY > self._clock.now():
            return present.value
        if self._fetching is None or self._fetching.done():
            self._fetching = asyncio.create_task(self._fetched())
            self._fetching.add_done_callback(lambda done: done.cancelled() or done.exception())
        # Shielded: one text that gives up must not lose the token of all.
        return (await asyncio.shield(self._fetching)).value

    async def refuse(self, value: str) -> None:
        """Zalo did not take it: the next one is fetched, unless that has happened meanwhile."""
        refused = self._present
        if refused is None or refused.value != value:
            return
        self._present = None
        stale = {"_id": self._id, "edition": refused.edition}
        await ZaloGrant.get_pymongo_collection().update_one(stale, {"$unset": {"access_token": "", "ends_at": ""}})

    async def plant(self, refresh_token: str) -> None:
        """An operator has authorised the app: begin with this token."""
        sealed = await self._vault.seal(self._owner, {"refresh_token": Plain(refresh_token)})
        await ZaloGrant.get_pymongo_collection().update_one(
            {"_id": self._id},
            {
                "$set": {**sealed, "since": self._clock.now()},
                "$inc": {"edition": 1, "version": 1},
                "$unset": {"access_token": "", "ends_at": "", "lease": "", "leased_until": ""},
            },
            upsert=True,
        )
        self._present = None

    async def planted(self) -> bool:
        """Is there a grant?"""
        return await ZaloGrant.get(self._id) is not None

    async def keep_fresh(self, stop: asyncio.Event) -> None:
        """Ask now and then, so that a refresh token nobody needs does not grow too old (three months)."""
        while not stop.is_set():
            try:
                await self.get()
            except (TokenUnavailable, PyMongoError, VaultUnavailable) as error:
                log.warning("zalo.no_token", error=type(error).__name__, why=str(error))
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), FRESH_EVERY_S)

    async def close(self) -> None:
        """Finish a fetch that is under way, so that no answer is lost."""
        if self._fetching and not self._fetching.done():
            await asyncio.wait({self._fetching})
        await self._provider.close()

    @property
    def _id(self) -> str:
        return f"zalo-{self._app}"

    @property
    def _owner(self) -> str:
        """Under whose key it is sealed: our own, nobody's data."""
        return f"provider:{self._id}"

    async def _fetched(self) -> Access:
        for _ in range(LOOKS):
            row = await ZaloGrant.get_pymongo_collection().find_one({"_id": self._id})
            if row is None:
                raise TokenUnavailable("no grant")
            if "access_token" in row and row["ends_at"] - EARLY > self._clock.now():
                self._present = Access(await self._opened(row["access_token"]), row["ends_at"], row["edition"])
                return self._present
            if (lease := await self._leased(row["edition"])) is not None:
                await self._refreshed(row, lease)
            else:
                # Another worker is asking: what it stores is ours as well.
                await asyncio.sleep(LOOK_S)
        raise TokenUnavailable("somebody else is asking, and does not come back")

    async def _leased(self, edition: int) -> str | None:
        """The right to ask, for this edition, on the database's clock; None where another has it."""
        lease, until = new_id(), {"$add": ["$$NOW", LEASE_MS]}
        free = {"_id": self._id, "edition": edition, "$expr": {"$lte": [{"$ifNull": ["$leased_until", "$$NOW"]}, "$$NOW"]}}
        change = [{"$set": {"lease": lease, "leased_until": until}}]
        done = await ZaloGrant.get_pymongo_collection().update_one(free, change)
        return lease if done.modified_count else None

    async def _refreshed(self, row: Row, lease: str) -> None:
        form = {
            "refresh_token": await self._opened(row["refresh_token"]),
            "app_id": self._app,
            "grant_type": "refresh_token",
        }
        reply = await self._provider.post(self._url, data=form, headers={"secret_key": self._secret})
        said = said_in(reply.body) if isinstance(reply, Answered) else {}
        match said:
            case {"access_token": str(access), "refresh_token": str(following), **rest}:
                lives = timedelta(seconds=int(rest.get("expires_in", 0)))
                fresh = {"refresh_token": Plain(following), "access_token": Plain(access)}
                await self._kept(row["edition"], fresh, self._clock.now() + lives)
            case _:
                # Refused, or perhaps used and perhaps not: no code is trusted to mean that the stored one is good for nothing.
                log.error("zalo.no_new_token", code=said.get("error"), what_to_do="if it stays so: motcua zalo grant")
                held = {"_id": self._id, "lease": lease}
                await ZaloGrant.get_pymongo_collection().update_one(held, {"$unset": {"lease": "", "leased_until": ""}})
                raise TokenUnavailable(f"refused {said['error']}" if isinstance(said.get("error"), int) else "no answer")

    async def _kept(self, edition: int, fresh: Row, ends_at: datetime) -> None:
        """Written down, however long it takes: there is no second answer."""
        while True:
            try:
                sealed = await self._vault.seal(self._owner, fresh)
                now = self._clock.now()
                # By its edition and not by its lease: also who was too slow has the only good token.
                await ZaloGrant.get_pymongo_collection().update_one(
                    {"_id": self._id, "edition": edition},
                    {
                        "$set": {**sealed, "ends_at": ends_at, "since": now},
                        "$inc": {"edition": 1, "version": 1},
                        "$unset": {"lease": "", "leased_until": ""},
                    },
                )
            except (PyMongoError, VaultUnavailable) as error:
                log.warning("zalo.token_not_kept_yet", error=type(error).__name__)
                await asyncio.sleep(KEEP_TRYING_S)
            else:
                return

    async def _opened(self, sealed: Sealed) -> str:
        return str(await self._vault.open_one(sealed))
