"""Who may ask whom: account providers, our own apps, source systems. Loaded from JSON, frozen, checked when made."""

from typing import Any, Literal
from urllib.parse import urlsplit

import msgspec

from auth import redirects

# What A256GCM takes.
KEY_SECRET_BYTES = 32


class ConfigError(ValueError):
    """The configuration would not be safe, or contradicts itself."""


class ClaimNames(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Under which names a provider tells what we want to know; empty where it does not."""

    name: str = "name"
    personal_number: str = ""
    email: str = ""
    email_verified: str = "email_verified"


class ProviderConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One official-account provider, to which we are a confidential client."""

    id: str
    kind: Literal["citizen", "staff"]
    """Whom it vouches for. A citizen provider never yields staff, nor the other way round (SEC-17)."""
    name: str
    """What the choice page calls it."""
    issuer: str
    """Compared letter by letter with what its metadata and tokens say; never derived (SEC-13)."""
    discovery_url: str = ""
    """Where its metadata is, when not under the issuer (WSO2's issuer is its token endpoint)."""
    client_id: str
    client_secret: str | None = None
    private_key_pem: str | None = None
    """For private_key_jwt, which wins over the secret (SEC-20)."""
    private_key_algorithm: Literal["ES256", "RS256", "PS256"] = "ES256"
    scopes: tuple[str, ...] = ("openid",)
    algorithms: tuple[str, ...] = ("ES256", "RS256", "PS256", "EdDSA")
    """What it may sign with. Never taken from a token or from its metadata (SEC-14)."""
    acr_values: str = ""
    """Which level of assurance to ask for."""
    assurance: dict[str, int] = {}
    """Its `acr` values and the level each stands for; one that is missing or unknown is 0, the lowest (SEC-18)."""
    minimum_assurance: int = 0
    claims: ClaimNames = ClaimNames()
    userinfo: bool = False
    """Whether the claims have to be fetched, because the ID token does not carry them."""
    pushes: bool = True
    """Whether to push our requests (RFC 9126) to it when its metadata offers that."""
    echoes_nonce: bool = True
    """Whether its ID tokens carry our nonce. One that does not needs PKCE (RFC 9700, 2.1.1)."""
    takes_pkce: bool = True
    """Whether it bears the parameters of PKCE (RFC 7636). One that does not needs the nonce."""
    email_domains: tuple[str, ...] = ()
    """Staff: the domains whose addresses count, each with its sub-domains."""
    extra_hosts: tuple[str, ...] = ()
    """`host` or `host:port` its endpoints may be on besides the issuer's own (SEC-19)."""

    def __post_init__(self) -> None:
        unsafe = [name for name in self.algorithms if name == "none" or name.startswith("HS")]
        if unsafe:
            raise ConfigError(f"provider {self.id}: {unsafe} would let anybody who knows the client secret sign")
        if not (self.client_secret or self.private_key_pem):
            raise ConfigError(f"provider {self.id}: needs client_secret or private_key_pem")
        if not (self.echoes_nonce or self.takes_pkce):
            raise ConfigError(f"provider {self.id}: without nonce and PKCE anybody's code could be slipped in")
        if self.kind == "staff" and not self.email_domains:
            raise ConfigError(f"provider {self.id}: a staff provider needs email_domains")

    def __repr__(self) -> str:
        return f"ProviderConfig({self.id!r}, issuer={self.issuer!r})"

    # rich, which draws our tracebacks, asks here first, and would print the secrets.
    def __rich_repr__(self) -> list[tuple[str, Any]]:
        return [("id", self.id)]


class AndroidApp(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An Android package, and the SHA-256 of the certificates it is signed with, as `AA:BB:...`."""

    package: str
    fingerprints: tuple[str, ...]


class AppClient(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One of our own apps: a public client, so it has no secret to lose (RFC 8252, 8.5)."""

    client_id: str
    name: str
    redirect_uris: tuple[str, ...]
    loopback: bool = False
    """Whether its loopback addresses match on any port (RFC 8252, 7.3)."""
    kinds: frozenset[Literal["citizen", "staff"]] = frozenset({"citizen"})
    """Who signs in with it."""
    scopes: tuple[str, ...] = ("openid",)
    pushed_only: bool = False
    """Whether its requests have to be pushed (RFC 9126, 6)."""
    android: tuple[AndroidApp, ...] = ()
    """Its packages, for assetlinks.json."""
    attested_as: tuple[str, ...] = ()
    """Ids under which App Check vouches for it (`1:123:android:abc`); empty: nobody vouches for it, so nobody is asked."""
    apple_app_ids: tuple[str, ...] = ()
    """`TEAMID.bundle.id`, for apple-app-site-association."""

    def __post_init__(self) -> None:
        for uri in self.redirect_uris:
            if "#" in uri or not urlsplit(uri).scheme:
                raise ConfigError(f"app client {self.client_id}: {uri!r} is not an absolute address without a fragment")

    def allows_redirect_to(self, uri: str) -> bool:
        """Exactly a registered address, or its loopback twin on another port."""
        return redirects.allowed(uri, self.redirect_uris, any_loopback_port=self.loopback)


class SystemClient(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A system that acts for itself, such as the one-stop system sending dossiers. It proves a private key (RFC 7523)."""

    client_id: str
    name: str
    scopes: tuple[str, ...]
    public_key_pem: str | None = None
    jwks: dict[str, Any] | None = None
    """Instead of one PEM, so that a system can change keys without a gap."""

    def __post_init__(self) -> None:
        if bool(self.public_key_pem) == bool(self.jwks):
            raise ConfigError(f"system client {self.client_id}: needs either public_key_pem or jwks")


class AuthConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything auth has to be told."""

    issuer: str
    """Our public address, without a slash at its end: the `iss` and `aud` of what we sign."""
    key_secret: bytes
    """32 random bytes under which signing keys lie in the database."""
    providers: tuple[ProviderConfig, ...]
    app_clients: tuple[AppClient, ...]
    system_clients: tuple[SystemClient, ...] = ()
    bearer_tokens: Literal["allowed", "systems", "refused"] = "allowed"
    """Who may use tokens that are bound to no key: everybody, systems only, nobody (SEC-23)."""
    signing_algorithm: Literal["ES256", "EdDSA"] = "ES256"
    """With what the signing keys made from now on sign; the keys that are there go on with theirs (SEC-42)."""
    dpop_nonce: bool = False
    """Whether proofs of possession must carry a nonce of ours (SEC-25)."""
    development: bool = False
    """Allows plain http on this machine; nothing else changes."""

    def __post_init__(self) -> None:
        if len(self.key_secret) != KEY_SECRET_BYTES:
            raise ConfigError(f"key_secret must have {KEY_SECRET_BYTES} bytes")
        if self.issuer.endswith("/"):
            raise ConfigError("issuer must not end with a slash")
        for what, names in {
            "provider ids": [p.id for p in self.providers],
            # Two providers with one issuer would make one person of two (SEC-16).
            "provider issuers": [p.issuer for p in self.providers],
            "client ids": [c.client_id for c in self.app_clients] + [c.client_id for c in self.system_clients],
        }.items():
            if len(set(names)) != len(names):
                raise ConfigError(f"{what} must be unique")
        self._refuse_plain_http()

    def __repr__(self) -> str:
        return f"AuthConfig(issuer={self.issuer!r})"

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        return [("issuer", self.issuer)]

    def _refuse_plain_http(self) -> None:
        for address in (self.issuer, *(p.issuer for p in self.providers), *(p.discovery_url for p in self.providers)):
            if not address or address.startswith("https://"):
                continue
            if not self.development or not redirects.is_loopback(address):
                raise ConfigError(f"{address!r} must be https (plain http: only this machine, only in development)")

    @property
    def secure_cookies(self) -> bool:
        """Whether cookies can carry `Secure` and `__Host-`."""
        return self.issuer.startswith("https://")

    def takes_bearer(self, client_id: str) -> bool:
        """Whether this client may do without proving a key."""
        if self.bearer_tokens == "systems":
            return self.system_client(client_id) is not None
        return self.bearer_tokens == "allowed"

    def provider(self, provider_id: str) -> ProviderConfig | None:
        """The provider of this id."""
        return next((p for p in self.providers if p.id == provider_id), None)

    def app_client(self, client_id: str) -> AppClient | None:
        """The app of this id."""
        return next((c for c in self.app_clients if c.client_id == client_id), None)

    def system_client(self, client_id: str) -> SystemClient | None:
        """The system of this id."""
        return next((c for c in self.system_clients if c.client_id == client_id), None)
