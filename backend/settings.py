"""What the operator decides, from `MOTCUA_*` variables: one frozen object, built once, passed down.

Every default is either safe or works in development only; `unsafe()` lists what production must change, `motcua doctor` prints
it, and a production start refuses it.
"""

import ipaddress
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

PREFIX = "MOTCUA_"
DEVELOPMENT_SECRET = "development-only-" + "x" * 15
SHORTEST_SECRET = 32
_LISTS = ("cors_origins", "trusted_proxies", "fallback_waits")


class SettingsError(Exception):
    """The environment does not make sense; the message names the variable."""


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Each field is the variable `MOTCUA_<FIELD>`; the text under it says what it is for."""

    environment: Literal["development", "production"] = "development"
    """`production` refuses to start with an unsafe setting."""

    mongodb_uri: str = "mongodb://127.0.0.1:27017/?replicaSet=rs0"
    """A replica set; `MONGODB_URI` counts too when this is not set."""

    database: str = "motcua"
    """Name of the database."""

    public_url: str = "http://127.0.0.1:8000"
    """Where apps reach the API: the issuer of our tokens. No slash at the end."""

    host: str = "127.0.0.1"
    """Address the API listens on."""

    port: Annotated[int, Meta(ge=0, le=65535)] = 8000
    """Port the API listens on."""

    identity_secret: str = DEVELOPMENT_SECRET
    """Keys the look-up of personal numbers. Changing it loses every citizen's dossiers: keep it like the database."""

    key_secret: str = DEVELOPMENT_SECRET
    """Encrypts the signing keys in the database; 32 bytes or more."""

    clients_file: Path | None = None
    """JSON with `providers`, `app_clients`, `system_clients`, `open311_keys` (see docs/operations.md)."""

    kms_file: Path | None = None
    """JSON with `providers` (PyMongo's KMS providers) and `active` (the one new keys are wrapped by); see docs/operations.md."""

    key_vault_uri: str = ""
    """Where the keys of personal data lie; empty for the same server. In production another one, so that backups are apart."""

    audit_uri: str = ""
    """Connection of a user that may only insert into the audit trail and find in it (`motcua audit role`); empty for the same."""

    audit_file: Path | None = None
    """Second copy of the audit trail: JSON lines, forced to the disk one act at a time, for a log shipper to carry away."""

    audit_syslog: str = ""
    """Second copy as syslog (RFC 5424): `tcp://host:601`, `unix:///dev/log`, `udp://host:514`; a worker goes on where it was."""

    fcm_service_account: Path | None = None
    """Firebase's service-account file. Without it the worker keeps deliveries waiting."""

    fcm_endpoint: str = ""
    """Another address than Google's: the simulator's or a proxy's."""

    clamd: str = "off"
    """The virus scanner's socket: `unix:/path` or `tcp:host:port` of a ClamAV daemon; `off` lets every upload pass unscanned."""
    app_attestation: Literal["off", "observe", "enforce"] = "off"
    """Whether App Check has to vouch for an app that gets tokens: nobody is asked, failures are logged, failures are refused."""

    app_check_keys: Path | None = None
    """JSON with `project_number` and `jwks`: a simulator's keys, such as `motcua up` makes. Without it Firebase is asked, with the
    push's service account."""

    bearer_tokens: Literal["allowed", "systems", "refused"] = "allowed"
    """Who may use access tokens that are bound to no key (no DPoP): everybody, systems only, nobody."""

    signing_algorithm: Literal["ES256", "EdDSA"] = "ES256"
    """With what the signing keys made from now on sign; a change takes effect over the next two rotations."""

    dpop_nonce: bool = False
    """Proofs of possession must carry a nonce of ours (RFC 9449 section 8): for phones whose clocks are wrong."""
    fcm_sender: Literal["fast", "admin"] = "fast"
    """Who carries a push to Firebase: our HTTP/2 sender, or firebase-admin's own calls."""

    fcm_ca_file: Path | None = None
    """Certificates trusted at MOTCUA_FCM_ENDPOINT besides the usual ones: those of a simulator or a proxy."""

    fcm_per_minute: Annotated[int, Meta(ge=1)] = 540_000
    """Pushes a minute of all workers together; a tenth below Firebase's default quota of 600,000."""

    smtp_url: str = ""
    """The mail server: `smtps://name:password@host`, `smtp://` (STARTTLS), `smtp+plain://` (a simulator). Empty: no e-mail."""

    smtp_sender: str = ""
    """The address e-mails come from, `thongbao@tinh.gov.vn`; its domain must let this server send (SPF, DKIM)."""

    smtp_sender_name: str = "Một Cửa"
    """The name beside it."""

    sms_url: str = ""
    """Where the SMS gateway takes texts (docs/operations.md has the protocol). Empty: no SMS, and no telephone number is taken."""

    sms_token: str = ""
    """Our token there."""

    sms_brand: str = ""
    """The registered name texts come from."""

    sms_segments: Annotated[int, Meta(ge=1, le=3)] = 1
    """How many segments a text may cost at most."""

    zalo_app_id: str = ""
    """Our app at Zalo; empty: no Zalo. The first refresh token is given by `motcua zalo grant`."""

    zalo_app_secret: str = ""
    """The app's secret key."""

    zalo_template: str = ""
    """The approved template, with one blank: `title`."""

    zalo_endpoint: str = "https://business.openapi.zalo.me"
    """Zalo's notification service, or a simulator's."""

    zalo_oauth: str = "https://oauth.zaloapp.com/v4/oa/access_token"
    """Where refresh tokens are exchanged, or a simulator's."""

    fallback_waits: tuple[str, ...] = ("account=5m", "action_required=30m", "result_ready=30m", "dossier=4h", "feedback=4h")
    """How long a push's receipt is waited for before a contact stands in, by category; one that is not named never falls back."""

    app_link: str = ""
    """The app's door on the web, put into e-mails: the same for everybody. Empty: none."""

    metrics_port: Annotated[int, Meta(ge=0, le=65535)] | None = None
    """Port on which a worker answers Prometheus, on MOTCUA_HOST; none when it is not set. Each worker needs its own."""

    open311_updates: bool = False
    """Whether Open311 also answers `servicerequestupdates`, which is an extension and no part of GeoReport v2 (docs/open311.md)."""

    cors_origins: tuple[str, ...] = ()
    """Origins of browser apps, separated by commas. Phones need none."""

    trusted_proxies: tuple[str, ...] = ()
    """Networks of our own proxies, separated by commas: only what they say of a caller's address counts. Empty: nobody's word."""

    forwarded_header: Literal["x-forwarded-for", "forwarded"] = "x-forwarded-for"
    """In which header they say it. The other one passes through them as a stranger wrote it, and is not read."""

    retention: Literal["by_hand", "daily"] = "by_hand"
    """Who carries the retention table out: an operator (`motcua privacy retention --do`), or every worker once a day."""

    limits_scale: Annotated[float, Meta(gt=0)] = 1.0
    """Widens every rate limit. More than 1 is for development and tests, where everybody has one address."""

    read_driver: Literal["pymongo", "motor"] = "pymongo"
    """Driver of the hot read path (ADR 0001)."""

    log_json: bool = False
    """One JSON object a line instead of text for people."""

    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    """How much is logged."""

    # A traceback or a log line with the settings in it must not give keys and passwords away; rich asks its own question.
    def __repr__(self) -> str:
        return f"Settings({self.environment!r}, database={self.database!r}, public_url={self.public_url!r})"

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        return [("environment", self.environment), ("database", self.database), ("public_url", self.public_url)]

    @property
    def in_production(self) -> bool:
        return self.environment == "production"

    def unsafe(self) -> list[str]:
        """One sentence for each thing production must change."""
        return [sentence for wrong, sentence in self._checks() if wrong]

    def _text_checks(self) -> list[tuple[bool, str]]:
        return [
            (
                getattr(self, name).startswith(("smtp+plain://", "http://")),
                f"{PREFIX}{name.upper()}: TLS only, addresses and numbers travel there.",
            )
            for name in ("smtp_url", "sms_url", "zalo_endpoint", "zalo_oauth")
        ]

    def _checks(self) -> list[tuple[bool, str]]:
        """What is looked at, and what is said when it is wrong."""
        weak, key_vault = _weak, self.key_vault_uri or self.mongodb_uri
        plain_origins = any(origin.startswith("http://") or origin == "*" for origin in self.cors_origins)
        tls = "tls=true" in self.mongodb_uri or self.mongodb_uri.startswith("mongodb+srv://")
        return [
            (
                weak(self.identity_secret),
                "MOTCUA_IDENTITY_SECRET: set 32 random characters or more, and keep them for ever.",
            ),
            (weak(self.key_secret), "MOTCUA_KEY_SECRET: set a random secret of at least 32 characters."),
            (not self.public_url.startswith("https://"), "MOTCUA_PUBLIC_URL: must be https, phones refuse anything else."),
            (self.clients_file is None, "MOTCUA_CLIENTS_FILE: name the official-account providers and the apps."),
            (self.kms_file is None, "MOTCUA_KMS_FILE: name a key service; the development key is derived from MOTCUA_KEY_SECRET."),
            (
                bool(_hosts(key_vault) & _hosts(self.mongodb_uri)),
                "MOTCUA_KEY_VAULT_URI: keep the keys on another server than the data, or a backup holds both.",
            ),
            (not self.audit_uri, "MOTCUA_AUDIT_URI: give the audit trail a user that cannot change it (motcua audit role)."),
            (
                self.audit_file is None and not self.audit_syslog,
                "MOTCUA_AUDIT_FILE: keep a second copy of the audit trail out of the database's reach, or set MOTCUA_AUDIT_SYSLOG.",
            ),
            (self.fcm_service_account is None, "MOTCUA_FCM_SERVICE_ACCOUNT: without it no push leaves."),
            (self.fcm_endpoint.startswith("http://"), "MOTCUA_FCM_ENDPOINT: must be https, or empty for Google's own."),
            *self._text_checks(),
            (self.limits_scale > 1, "MOTCUA_LIMITS_SCALE: leave it at 1, or the rate limits protect nobody."),
            (self.clamd == "off", "MOTCUA_CLAMD: name the virus scanner, uploads pass unscanned without one."),
            (plain_origins, "MOTCUA_CORS_ORIGINS: https origins only, never *."),
            (not tls, "MOTCUA_MONGODB_URI: add tls=true, the database carries personal data."),
            (
                bool(os.environ.get("AUTHLIB_INSECURE_TRANSPORT")),
                "AUTHLIB_INSECURE_TRANSPORT: unset it, tokens would travel in the clear.",
            ),
        ]


def _weak(secret: str) -> bool:
    return secret == DEVELOPMENT_SECRET or len(secret) < SHORTEST_SECRET


def _hosts(uri: str) -> set[str]:
    """The hosts a connection string names."""
    return set(uri.split("://", 1)[-1].split("/", 1)[0].rsplit("@", 1)[-1].split(","))


def load(environ: Mapping[str, str] | None = None) -> Settings:
    """Settings from the environment.

    Raises:
        SettingsError: an unknown `MOTCUA_` variable or a value that does not fit.
    """
    environ = os.environ if environ is None else environ
    names = {field.encode_name for field in msgspec.structs.fields(Settings)}
    raw: dict[str, Any] = {}
    for variable, value in environ.items():
        if not variable.startswith(PREFIX):
            continue
        name = variable.removeprefix(PREFIX).lower()
        if name not in names:
            raise SettingsError(f"{variable}: there is no such setting; .env.example lists them.")
        raw[name] = tuple(filter(None, value.split(","))) if name in _LISTS else value
    if "mongodb_uri" not in raw and (uri := environ.get("MONGODB_URI")):
        raw["mongodb_uri"] = uri
    try:
        for proxy in raw.get("trusted_proxies", ()):
            ipaddress.ip_network(proxy)
        return msgspec.convert(raw, Settings, strict=False, dec_hook=lambda kind, value: kind(value))
    except ValueError as wrong:
        raise SettingsError(f"MOTCUA_ settings: {wrong}") from wrong
