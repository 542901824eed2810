"""Access tokens for everybody who calls the API, signed by auth's own keys over sessions in auth's own collections.

How somebody comes by a token is what `tests/api/auth` is about; here it is taken for granted.
"""

from dataclasses import dataclass
from typing import Any

from auth.config import AuthConfig
from auth.documents import Identity, Person
from auth.opaque import new_secret
from auth.server.access_tokens import token_generator
from auth.server.clients import App, System
from auth.sessions.families import Grantee, SignIn
from backend.app.parts import Parts
from kernel.ids import derived_id
from kernel.privacy.field import Plain
from tests.support.officials import OFFICIALS
from tests.support.parts import APP

# Obviously invented (domain.md E).
NUMBERS = {"lan": "096199000001", "nam": "096099000002"}
NAMES = {"lan": "Nguyễn Thị Lan", "nam": "Trần Văn Nam"}


@dataclass(frozen=True)
class Callers:
    """Hands out tokens over one set of parts."""

    parts: Parts
    config: AuthConfig

    async def token(self, who: str, *, scope: str = "openid directory:manage") -> str:
        """A fresh token of `lan`, `nam` (citizens), an official by login (with this scope), or a system client by its id."""
        if who in NUMBERS:
            return await self._of_person(who, "citizen", "openid", citizen_key=await self.parts.subjects.of(NUMBERS[who]))
        if who in OFFICIALS:
            return await self._of_person(who, "staff", scope, email=OFFICIALS[who].email)
        client = self.config.system_client(who)
        return str(self._generate(client=System(client), scope=None)["access_token"])

    async def _of_person(self, login: str, kind: Any, scope: str, **facts: str) -> str:
        now, issuer = self.parts.clock.now(), "https://accounts.example"
        person = await Person.get(derived_id(login))
        if person is None:
            identity = Identity(provider=kind, issuer=issuer, subject=login)
            # An official's name is the directory's to say.
            name = Plain(NAMES[login]) if login in NAMES else None
            person = Person(
                id=derived_id(login), kind=kind, identities=[identity], name=name, created_at=now, signed_in_at=now, **facts
            )
            await person.commit()
        return str(self._generate(client=self._app, user=self._session(person, kind, login), scope=scope)["access_token"])

    def _session(self, person: Person, kind: Any, login: str) -> Grantee:
        families, code = self.parts.auth.families, new_secret()
        sign_in = SignIn(
            person_id=person.id,
            kind=kind,
            provider=kind,
            issuer="https://accounts.example",
            subject=login,
            upstream_sid=None,
            assurance=2,
            authenticated_at=self.parts.clock.now(),
        )
        families.open(code, sign_in, client_id=APP, redirect_uri="http://127.0.0.1/callback", scope="openid", code_challenge="x")
        used = families.consume_code(code, APP)
        assert used
        grantee = families.activate(used["session_id"])
        assert grantee
        return grantee

    @property
    def _app(self) -> App:
        return App(self.config.app_client(APP))

    def _generate(self, **what: Any) -> dict[str, Any]:
        return token_generator(self.config.issuer, self.parts.auth.keys, self.parts.clock)(**what)
