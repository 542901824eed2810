"""One provider: its people, its clients, its keys, and what it has given out."""

import asyncio
import logging
from collections.abc import Iterable
from datetime import datetime

import httpx2
from joserfc import jwt
from joserfc.errors import JoseError

from backend.dev.providers import tokens
from backend.dev.providers.client import Client, Clients
from backend.dev.providers.faults import Faults
from backend.dev.providers.grants import Grants, SignIn
from backend.dev.providers.keys import SigningKeys
from backend.dev.providers.person import Person
from backend.dev.providers.profile import Profile
from kernel.clock import Clock

log = logging.getLogger(__name__)

LOGOUT_TIMEOUT_SECONDS = 5.0


class Provider:
    """Everything behind the routes."""

    def __init__(self, profile: Profile, issuer: str, people: Iterable[Person], clients: Iterable[Client], clock: Clock) -> None:
        self.profile = profile
        self.issuer = issuer
        self.people = {person.login: person for person in people}
        self.clients = Clients({client.client_id: client for client in clients})
        self.keys = SigningKeys(profile.algorithm)
        self.grants = Grants()
        self.faults = Faults()
        self._clock = clock

    @property
    def cookie_name(self) -> str:
        """Browsers keep cookies by host and not by port, so two providers on one machine need two names."""
        return f"motcua_dev_{self.profile.name}"

    def now(self) -> datetime:
        return self._clock.now()

    def find(self, login: str) -> Person | None:
        """The person who would type this: a login, a personal number or an e-mail address."""
        wanted = login.strip().casefold()
        if person := self.people.get(wanted):
            return person
        return next(
            (person for person in self.people.values() if wanted and wanted in {person.personal_number, person.email}), None
        )

    def hinted(self, id_token: str) -> tuple[list[SignIn], Client | None]:
        """The sign-ins and the client an `id_token_hint` speaks of. It may have expired long ago (RP-Initiated Logout 1.0, 2)."""
        try:
            claims = jwt.decode(id_token, self.keys.public(), algorithms=[self.keys.algorithm]).claims
        except (JoseError, ValueError):
            return [], None
        return self.grants.of_sid(claims["sid"]), self.clients.registered.get(claims["aud"])

    async def sign_out(self, sign_in: SignIn) -> dict[str, int | None]:
        """End a sign-in and tell every client that took part in it.

        Answers each client's HTTP status, None for one that could not be reached: a silent client keeps nobody signed in.
        """
        self.grants.end(sign_in)
        listening = [client for client in sign_in.clients.values() if client.backchannel_logout_uri]
        async with httpx2.AsyncClient(timeout=LOGOUT_TIMEOUT_SECONDS) as http:
            statuses = await asyncio.gather(*(self._tell(http, client, sign_in) for client in listening))
        return {client.client_id: status for client, status in zip(listening, statuses, strict=True)}

    async def _tell(self, http: httpx2.AsyncClient, client: Client, sign_in: SignIn) -> int | None:
        claims = tokens.logout_token_claims(self.issuer, sign_in, client.client_id, self.now())
        logout_token = self.keys.sign(claims, typ="logout+jwt")
        try:
            answer = await http.post(str(client.backchannel_logout_uri), data={"logout_token": logout_token})
        except httpx2.HTTPError as error:
            log.warning("back-channel logout did not reach %s: %s", client.client_id, error)
            return None
        return answer.status_code
