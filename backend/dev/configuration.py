"""How the parts of the development world are told of each other: clients, secrets, `MOTCUA_*` variables."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from backend.dev.fcm.app_check import APP_ID, PROJECT_NUMBER
from backend.dev.post_office.sms_routes import TOKEN as SMS_TOKEN
from backend.dev.post_office.zalo_routes import TEMPLATE
from backend.dev.post_office.zalo_tokens import APP_ID as ZALO_APP
from backend.dev.post_office.zalo_tokens import APP_SECRET
from backend.dev.providers.client import Client
from backend.dev.providers.profile import CITIZEN, STAFF
from backend.dev.remembered import Remembered

APP_CLIENT = "motcua-demo-app"
SYSTEM_CLIENT = "one-stop-demo"
API_AT_PROVIDER = "motcua-api"
SENDER = "thongbao@motcua.example"
# A loopback address counts on any port for this client (RFC 8252, 7.3).
CONSOLE = {"client_id": "motcua-console", "redirect_uris": ["http://127.0.0.1/console/callback"]}
REDIRECT_URIS = ["http://127.0.0.1/phone/", "http://127.0.0.1/callback"]


@dataclass(frozen=True)
class Addresses:
    """Where everything answers, without slashes at the ends."""

    api: str
    mongodb_uri: str
    citizen: str
    staff: str
    fcm: str
    pages: str
    clamd: str
    post_office: str
    smtp: str

    def provider(self, kind: str) -> str:
        """The issuer of the provider for `citizen` or `staff`."""
        return {"citizen": self.citizen, "staff": self.staff}[kind]


def app_client() -> dict[str, Any]:
    """The demo's app, as world.json names it."""
    return {"client_id": APP_CLIENT, "redirect_uris": REDIRECT_URIS}


def app_check(addresses: Addresses, kept: Remembered) -> dict[str, str]:
    """How a debug build gets a token that vouches for it, as world.json names it."""
    exchange = f"{addresses.fcm}/v1/projects/{PROJECT_NUMBER}/apps/{APP_ID}:exchangeDebugToken"
    return {"app_id": APP_ID, "debug_token": kept.app_check_debug_token, "exchange_url": exchange}


def provider_client(kind: str, addresses: Addresses, kept: Remembered) -> Client:
    """The API, as a provider knows it."""
    return Client(
        client_id=API_AT_PROVIDER,
        redirect_uris=(f"{addresses.api}/auth/callback/{kind}",),
        secret=kept.provider_secret,
        backchannel_logout_uri=f"{addresses.api}/auth/backchannel-logout/{kind}",
    )


def clients_file(addresses: Addresses, kept: Remembered) -> dict[str, Any]:
    """What `MOTCUA_CLIENTS_FILE` holds here."""
    ours = {"client_id": API_AT_PROVIDER, "client_secret": kept.provider_secret}
    citizen = {
        "id": "citizen",
        "kind": "citizen",
        "name": "VNeID (mô phỏng)",
        "issuer": addresses.citizen,
        "scopes": ["openid"],
        "assurance": {name: level for level, name in enumerate(CITIZEN.acr_values, 1)},
        "claims": {"name": "HoVaTen", "personal_number": "SoDinhDanh"},
    }
    staff = {
        "id": "staff",
        "kind": "staff",
        "name": "Thư điện tử công vụ (mô phỏng)",
        "issuer": addresses.staff,
        "scopes": ["openid", "profile", "email"],
        "assurance": {name: level for level, name in enumerate(STAFF.acr_values, 1)},
        "claims": {"name": "name", "email": "email"},
        "email_domains": ["camau.gov.vn"],
    }
    app = {**app_client(), "attested_as": [APP_ID], "name": "Một Cửa", "loopback": True, "kinds": ["citizen", "staff"]}
    app["scopes"] = ["openid", "directory:manage"]
    console = {**CONSOLE, "name": "Bàn làm việc Một Cửa", "loopback": True, "kinds": ["staff"]}
    console["scopes"] = ["openid", "directory:manage"]
    system = {
        "client_id": SYSTEM_CLIENT,
        "name": "Hệ thống một cửa (mô phỏng)",
        "scopes": ["dossiers:write"],
        "public_key_pem": kept.system_public_pem,
    }
    return {"providers": [{**citizen, **ours}, {**staff, **ours}], "app_clients": [app, console], "system_clients": [system]}


def api_environment(addresses: Addresses, kept: Remembered, data_dir: Path) -> dict[str, str]:
    """The variables of the API, the worker and every command that joins this world."""
    return {
        "MOTCUA_ENVIRONMENT": "development",
        # Everybody here comes from this machine, and whoever tries something out tries it often.
        "MOTCUA_LIMITS_SCALE": "1000",
        "MOTCUA_MONGODB_URI": addresses.mongodb_uri,
        "MOTCUA_PUBLIC_URL": addresses.api,
        "MOTCUA_PORT": str(urlsplit(addresses.api).port),
        "MOTCUA_IDENTITY_SECRET": kept.identity_secret,
        "MOTCUA_KEY_SECRET": kept.key_secret,
        "MOTCUA_CLIENTS_FILE": str((data_dir / "clients.json").resolve()),
        "MOTCUA_FCM_SERVICE_ACCOUNT": str((data_dir / "fcm-service-account.json").resolve()),
        "MOTCUA_FCM_ENDPOINT": addresses.fcm,
        # Nobody is asked until `MOTCUA_APP_ATTESTATION` says so, in the shell that starts the world.
        "MOTCUA_APP_CHECK_KEYS": str((data_dir / "app-check-keys.json").resolve()),
        "MOTCUA_CLAMD": addresses.clamd,
        "MOTCUA_SMTP_URL": addresses.smtp,
        "MOTCUA_SMTP_SENDER": SENDER,
        "MOTCUA_SMS_URL": f"{addresses.post_office}/sms/messages",
        "MOTCUA_SMS_TOKEN": SMS_TOKEN,
        "MOTCUA_SMS_BRAND": "MOTCUA",
        "MOTCUA_ZALO_APP_ID": ZALO_APP,
        "MOTCUA_ZALO_APP_SECRET": APP_SECRET,
        "MOTCUA_ZALO_TEMPLATE": TEMPLATE,
        "MOTCUA_ZALO_ENDPOINT": f"{addresses.post_office}/zalo",
        "MOTCUA_ZALO_OAUTH": f"{addresses.post_office}/zalo/v4/oa/access_token",
        "MOTCUA_APP_LINK": f"{addresses.pages}/phone/",
        # Nobody in front of a screen waits for half an hour.
        "MOTCUA_FALLBACK_WAITS": "account=20s,action_required=20s,result_ready=20s,dossier=60s,feedback=60s",
        "MOTCUA_CORS_ORIGINS": addresses.pages,
    }
