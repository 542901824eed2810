"""The app's parts over a database of the test's own: indexes built, agencies and a few officials in place, clients registered."""

import hashlib
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from backend.agencies.actions.catalogue import import_agencies, shipped_catalogue
from backend.agencies.actions.members import enrol
from backend.app.parts import Parts, make_parts
from backend.procedures.actions.import_national import import_national
from backend.settings import Settings
from kernel.clock import TestClock
from kernel.ids import new_id
from kernel.mongo.client import connect
from tests.support.officials import OFFICIALS

# A partner's app that speaks Open311.
PARTNER, PARTNER_KEY = "partner", "a-key-of-the-tests-" + "k" * 32
APP, SYSTEM, OTHER_SYSTEM = "app", "one-stop", "statistics"
ORIGIN = "https://app.example"
# Every test comes from one address: only the limits' own tests count with the real numbers.
WIDE = 1_000.0
LIMITED, WORKING_DAYS, UNLIMITED = "1.012786", 20, "1.999999"
# What a test fills; the rest (agencies, staff, procedures, keys) is the same for every test of a module.
EVENTFUL = (
    *("dossiers", "dossier_numbers", "inbox", "push_targets", "deliveries", "preferences", "dead_events", "idempotency_keys"),
    *("contacts", "zalo_grants", "consents", "erasure_requests", "data_requests", "exports", "sync_feeds", "fcm_permits"),
    *("feedback", "feedback_notes", "uploads", "upload_segments", "dossier_watches", "dossier_reminders"),
)


@asynccontextmanager
async def open_parts(mongodb_uri: str, clock: TestClock) -> AsyncIterator[Parts]:
    """Parts, open, over a database that is gone afterwards."""
    async with filled_parts(mongodb_uri, clock) as parts:
        yield parts
        await parts.auth.stop()
        await parts.close()


@asynccontextmanager
async def filled_parts(
    mongodb_uri: str, clock: TestClock, public_url: str = "http://127.0.0.1:1", *, limits_scale: float = WIDE, **more: Any
) -> AsyncIterator[Parts]:
    """Parts, open, for somebody else to close (an app does so when it stops); `more` settings where a test needs some."""
    with tempfile.TemporaryDirectory(prefix="motcua-clients-") as folder:
        file = Path(folder) / "clients.json"
        file.write_bytes(msgspec.json.encode(_clients()))
        database = f"test_{new_id()}"
        given = {"clients_file": file, "cors_origins": (ORIGIN,), "limits_scale": limits_scale, **more}
        settings = Settings(mongodb_uri=mongodb_uri, database=database, public_url=public_url, **given)
        parts = make_parts(settings, clock=clock)
        await parts.open(build_indexes=True)
        await parts.auth.keys.start()
        await import_agencies(shipped_catalogue())
        for official in OFFICIALS.values():
            await enrol(official.email, official.name, agencies=official.agencies, roles=official.roles)
        await _catalogue(Path(folder), clock)
        yield parts
        async with connect(mongodb_uri) as client:
            for name in (database, f"{database}_keys", f"{database}_audit"):
                await client.drop_database(name)


async def _catalogue(folder: Path, clock: TestClock) -> None:
    """Two procedures: one with a limit in working days, one without any."""
    limit = f"Hình thức nộpThời gianPhí, lệ phíMô tảTrực tiếp{WORKING_DAYS} Ngày làm việc10,000 Việt Nam Đồng"
    rows = [
        {"ma_thu_tuc": LIMITED, "ten_thu_tuc": "Đăng ký đất đai", "linh_vuc": "Đất đai", "cach_thuc_thuc_hien": limit},
        {"ma_thu_tuc": UNLIMITED, "ten_thu_tuc": "Xác nhận", "linh_vuc": "Khác", "cach_thuc_thuc_hien": ""},
    ]
    file = folder / "procedures.jsonl"
    file.write_bytes(b"\n".join(msgspec.json.encode(row) for row in rows))
    await import_national(file, now=clock.now())


def _clients() -> dict[str, object]:
    public = ec.generate_private_key(ec.SECP256R1()).public_key()
    pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    app = {"client_id": APP, "name": "App", "redirect_uris": ["http://127.0.0.1/callback"], "kinds": ["citizen", "staff"]}
    app["scopes"] = ["openid", "directory:manage"]
    systems = [
        {"client_id": SYSTEM, "name": "One-stop", "scopes": ["dossiers:write"], "public_key_pem": pem},
        {"client_id": OTHER_SYSTEM, "name": "Statistics", "scopes": ["figures:read"], "public_key_pem": pem},
    ]
    partner = {"client_id": PARTNER, "name": "Partner", "key_sha256": hashlib.sha256(PARTNER_KEY.encode()).hexdigest()}
    return {"app_clients": [app], "system_clients": systems, "open311_keys": [partner]}


async def empty(parts: Parts, collections: Sequence[str]) -> None:
    """Nothing is left of the test before."""
    for name in collections:
        await parts.db[name].delete_many({})
