"""Everything sign-in needs, for real: a database, two official-account providers, one that lies, and our API on a socket."""

import base64
import hashlib
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

import httpx2
from joserfc import jwt
from joserfc.jwk import ECKey
from litestar import Litestar, get, post
from litestar.di import Provide
from msgspec import structs

from auth.config import AndroidApp, AppClient, AuthConfig, ClaimNames, ProviderConfig, SystemClient
from auth.directory import StaffGrant
from auth.slice import Auth, build_slice
from backend.dev.providers.app import create_provider
from backend.dev.providers.client import Client
from backend.dev.providers.person import Person
from backend.dev.providers.profile import CITIZEN, STAFF
from backend.dev.sockets import bound_socket, serve_on, url_of
from kernel.clock import TestClock
from kernel.http.access import everybody
from kernel.http.bodies import CheckedRequest
from kernel.http.problems import EXCEPTION_HANDLERS
from kernel.ids import new_id
from kernel.mongo.client import Database, bind, connect
from kernel.mongo.reads import PyMongoReads
from kernel.personal import CitizenKeys
from kernel.privacy.subjects import Subject, Subjects
from tests.api.auth.hostile import HostileProvider
from tests.support.edge import edged, given_at_the_edge
from tests.support.proofs import ProofMaker
from tests.support.vaults import vault_beside
from tests.unit.privacy_slice.keeper import AuditBook

CALLBACK = "http://127.0.0.1:4567/callback"
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
SECRET = "a-client-secret"
LAN = Person("lan", "Nguyễn Thị Lan", "citizen-lan", personal_number="096099000001")
BAO = Person("bao", "Danh Bảo", "citizen-bao", personal_number="096099000002", assurance=1)
HOA = Person("hoa", "Trần Thị Hòa", "staff-hoa", email="hoa@snn.camau.gov.vn")
STRANGER = Person("stranger", "Người Lạ", "staff-stranger", email="stranger@camau.gov.vn")
EVIL = Person("evil", "Kẻ Giả", "staff-evil", email="hoa@evilcamau.gov.vn")


class Directory:
    """The staff directory of the tests: a dict that a test may change."""

    def __init__(self) -> None:
        self.grants: dict[str, StaffGrant] = {}
        self.reset()

    def reset(self) -> None:
        roles, agencies = frozenset({"handler", "intake_officer"}), frozenset({"H12.1"})
        self.grants = {
            "hoa@snn.camau.gov.vn": StaffGrant(name="Trần Thị Hòa", roles=roles, agencies=agencies),
            "hoa@evilcamau.gov.vn": StaffGrant(name="Kẻ Giả", roles=frozenset({"administrator"})),
        }

    async def find(self, email: str) -> StaffGrant | None:
        return self.grants.get(email)


@get("/v1/public", guards=[everybody], sync_to_thread=False)
def public() -> dict[str, str]:
    return {"for": "everybody"}


@post("/v1/change", guards=[everybody], sync_to_thread=False)
def change() -> dict[str, str]:
    return {"for": "everybody"}


@dataclass
class World:
    """What a test has in its hands."""

    url: str
    config: AuthConfig
    db: Database
    auth: Auth
    other: Auth
    """The same service in another process: another memory on the same database."""
    clock: TestClock
    directory: Directory
    hostile: HostileProvider
    system_key: ECKey
    citizen_url: str

    def browser(self) -> "Browser":
        return Browser(self)

    async def sign_in(self, login: str = "lan", provider: str = "citizen", *, phone: ProofMaker | None = None) -> dict[str, Any]:
        """Tokens for somebody, by the whole way through the provider; bound to the phone's key where there is one."""
        async with self.browser() as browser:
            return await browser.sign_in(login, provider, phone=phone)

    async def post(self, path: str, *, proof: str = "", **form: str) -> httpx2.Response:
        async with httpx2.AsyncClient(base_url=self.url) as http:
            return await http.post(path, data=form, headers={"dpop": proof} if proof else {})

    async def refresh(self, refresh_token: str, client_id: str = "app", *, proof: str = "") -> httpx2.Response:
        form = {"grant_type": "refresh_token", "refresh_token": refresh_token, "client_id": client_id}
        return await self.post("/oauth/token", proof=proof, **form)

    async def me(
        self, token: str, path: str = "/v1/me", scheme: str = "Bearer", *, proof: str = "", method: str = "GET"
    ) -> httpx2.Response:
        headers = {"authorization": f"{scheme} {token}", **({"dpop": proof} if proof else {})}
        async with httpx2.AsyncClient(base_url=self.url) as http:
            return await http.request(method, path, headers=headers)

    def phone(self) -> ProofMaker:
        """A phone with a key of its own."""
        return ProofMaker(self.url, self.clock)

    def assertion(self, key: ECKey | None = None, header: dict[str, Any] | None = None, **claims: Any) -> str:
        """A source system's proof, bent as asked; None leaves a claim out."""
        now = int(self.clock.now().timestamp())
        usual = {"iss": "one-stop", "sub": "one-stop", "aud": self.url, "iat": now, "exp": now + 60, "jti": new_id()}
        said = {name: value for name, value in (usual | claims).items() if value is not None}
        return jwt.encode({"alg": "ES256", **(header or {})}, said, key or self.system_key)

    async def system_token(self, assertion: str | None = None, *, proof: str = "", **form: str) -> httpx2.Response:
        said = {"grant_type": "client_credentials", "client_assertion_type": ASSERTION_TYPE, "scope": "dossiers:write"}
        return await self.post("/oauth/token", proof=proof, **(said | {"client_assertion": assertion or self.assertion()} | form))


@dataclass
class Browser:
    """One browser with its own cookies, and the app that opened it."""

    world: World
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(48))

    async def __aenter__(self) -> Self:
        self.http = httpx2.AsyncClient(base_url=self.world.url)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.http.aclose()

    def request(self, **changes: str | None) -> dict[str, str]:
        """An authorization request; None leaves a parameter out."""
        challenge = base64.urlsafe_b64encode(hashlib.sha256(self.verifier.encode()).digest()).rstrip(b"=").decode()
        usual = {
            "response_type": "code",
            "client_id": "app",
            "redirect_uri": CALLBACK,
            "scope": "openid",
            "state": "the-app's-own",
            "code_challenge": challenge,
            "code_challenge_method": "S256",
            "provider": "citizen",
        }
        return {name: value for name, value in (usual | changes).items() if value is not None}

    async def authorize(self, **changes: str | None) -> httpx2.Response:
        return await self.http.get("/oauth/authorize", params=self.request(**changes))

    async def to_callback(self, login: str = "lan", provider: str = "citizen", **changes: str | None) -> str:
        """Through the provider's page, up to the address it sends the browser back to."""
        page = (await self.authorize(provider=provider, **changes)).headers["location"]
        answer = await (self.http.get(page) if provider == "hostile" else self.http.post(page, data={"login": login}))
        return str(answer.headers["location"])

    async def code(self, login: str = "lan", provider: str = "citizen", **changes: str | None) -> dict[str, str]:
        """What the app gets back at its address."""
        return answered(await self.http.get(await self.to_callback(login, provider, **changes)))

    async def redeem(self, code: str, *, proof: str = "", **changes: str | None) -> httpx2.Response:
        usual = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": CALLBACK,
            "client_id": "app",
            "code_verifier": self.verifier,
        }
        form = {k: v for k, v in (usual | changes).items() if v is not None}
        return await self.http.post("/oauth/token", data=form, headers={"dpop": proof} if proof else {})

    async def sign_in(self, login: str = "lan", provider: str = "citizen", *, phone: ProofMaker | None = None) -> dict[str, Any]:
        code = (await self.code(login, provider))["code"]
        answer = await self.redeem(code, proof=phone.for_token() if phone else "")
        assert answer.status_code == 200, answer.text
        return dict(answer.json())


def answered(response: httpx2.Response) -> dict[str, str]:
    """The parameters of a redirect to the app."""
    assert response.status_code == 302, response.text
    address = response.headers["location"]
    assert address.startswith((CALLBACK, "http://127.0.0.1:")), address
    return dict(parse_qsl(urlsplit(address).query))


# Starts a provider that is nobody's of ours, told our address; how we are configured for it.
Another = Callable[[str], AbstractAsyncContextManager[ProviderConfig]]


@asynccontextmanager
async def running_world(mongodb_uri: str, another: Another | None = None) -> AsyncIterator[World]:
    """The world, on real sockets, with one provider more where there is `another`."""
    async with AsyncExitStack() as stack:
        clock = TestClock(datetime.now(UTC))
        directory = Directory()
        api, citizen, staff, lying = (bound_socket() for _ in range(4))
        url = url_of(api)
        hostile = HostileProvider(url_of(lying), clock)

        def client(provider: str) -> Client:
            back_channel = f"{url}/auth/backchannel-logout/{provider}"
            return Client("motcua", (f"{url}/auth/callback/{provider}",), secret=SECRET, backchannel_logout_uri=back_channel)

        for sock, app in (
            (citizen, create_provider(CITIZEN, url_of(citizen), [LAN, BAO], [client("citizen")], clock=clock)),
            (staff, create_provider(STAFF, url_of(staff), [HOA, STRANGER, EVIL], [client("staff")], clock=clock)),
            (lying, hostile.app()),
        ):
            stack.push_async_callback((await serve_on(sock, app)).stop)
        system_key = ECKey.generate_key("P-256")
        config = configuration(url, url_of(citizen), url_of(staff), hostile.issuer, system_key)
        if another:
            foreign = await stack.enter_async_context(another(url))
            config = structs.replace(config, providers=(*config.providers, foreign))
        mongo = connect(mongodb_uri)
        stack.push_async_callback(mongo.close)
        db = mongo[f"auth_{new_id()}"]
        vault = await stack.enter_async_context(vault_beside(db))
        subjects = Subjects(CitizenKeys(b"k" * 32))
        both = []
        for _ in range(2):
            auth = build_slice(config, db=db, mongodb_uri=mongodb_uri, directory=directory, subjects=subjects, clock=clock)
            await bind(db, [Subject, *auth.slice.documents], vault, build_indexes=True)
            await auth.start()
            stack.push_async_callback(auth.stop)
            both.append(auth)
        reads, book = PyMongoReads(db, vault), AuditBook()
        app = Litestar(
            [*both[0].slice.routes, public, change],
            middleware=[both[0].middleware],
            exception_handlers=EXCEPTION_HANDLERS,
            request_class=CheckedRequest,
            dependencies={
                **given_at_the_edge(db, clock),
                "reads": Provide(lambda: reads, sync_to_thread=False),
                "vault": Provide(lambda: vault, sync_to_thread=False),
                "audit": Provide(lambda: book, sync_to_thread=False),
            },
            openapi_config=None,
        )
        stack.push_async_callback((await serve_on(api, edged(app))).stop)
        yield World(url, config, db, both[0], both[1], clock, directory, hostile, system_key, url_of(citizen))


def configuration(url: str, citizen: str, staff: str, hostile: str, system_key: ECKey) -> AuthConfig:
    client = {"client_id": "motcua", "client_secret": SECRET}
    return AuthConfig(
        issuer=url,
        key_secret=secrets.token_bytes(32),
        development=True,
        providers=(
            ProviderConfig(
                id="citizen",
                kind="citizen",
                name="Tài khoản định danh điện tử",
                issuer=citizen,
                assurance={"vneid:1": 1, "vneid:2": 2},
                claims=ClaimNames(name="HoVaTen", personal_number="SoDinhDanh"),
                **client,
            ),
            ProviderConfig(
                id="staff",
                kind="staff",
                name="Thư điện tử công vụ",
                issuer=staff,
                scopes=("openid", "profile", "email"),
                claims=ClaimNames(email="email"),
                email_domains=("camau.gov.vn",),
                **client,
            ),
            ProviderConfig(
                id="hostile",
                kind="citizen",
                name="Hostile",
                issuer=hostile,
                algorithms=("ES256",),
                userinfo=True,
                assurance={"high": 2},
                claims=ClaimNames(personal_number="number"),
                **client,
            ),
        ),
        app_clients=(
            AppClient(
                client_id="app",
                name="Ứng dụng công dân",
                redirect_uris=("http://127.0.0.1/callback", "https://app.example.vn/callback"),
                android=(AndroidApp("vn.gov.camau.app", ("AA:BB:CC",)),),
                apple_app_ids=("TEAM123456.vn.gov.camau.app",),
                loopback=True,
                kinds=frozenset({"citizen", "staff"}),
            ),
            AppClient(client_id="careful-app", name="Ứng dụng cẩn thận", redirect_uris=(CALLBACK,), pushed_only=True),
            AppClient(client_id="other-app", name="Ứng dụng khác", redirect_uris=("https://other.example.vn/callback",)),
        ),
        system_clients=(
            SystemClient(
                client_id="one-stop",
                name="Hệ thống một cửa",
                scopes=("dossiers:write", "procedures:write"),
                public_key_pem=system_key.as_pem(private=False).decode(),
            ),
            SystemClient(
                client_id="gateway",
                name="Cổng nội bộ",
                scopes=("tokens:introspect",),
                public_key_pem=system_key.as_pem(private=False).decode(),
            ),
        ),
    )


HOUR = timedelta(hours=1)
