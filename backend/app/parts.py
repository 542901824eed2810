"""The long-lived things of a process, made once from the settings, and the list of slices."""

import hashlib
from dataclasses import dataclass
from typing import Any

import msgspec

from auth.config import AppClient, AuthConfig, ProviderConfig, SystemClient
from auth.slice import Auth
from auth.slice import build_slice as build_auth
from backend.agencies.slice import build_slice as build_agencies
from backend.agencies.staff_directory import AgencyStaffDirectory
from backend.audit.slice import Auditing, build_audit
from backend.dossiers.personal_data import open_cases
from backend.dossiers.slice import SLICE as DOSSIERS
from backend.privacy.slice import Privacy, build_privacy
from backend.procedures.slice import SLICE as PROCEDURES
from backend.settings import Settings, SettingsError
from kernel.clock import Clock, SystemClock
from kernel.mongo.client import Client, Database, bind, connect
from kernel.mongo.reads import Reads, open_reads
from kernel.personal import CitizenKeys
from kernel.privacy.subjects import Subject, Subjects
from kernel.privacy.vault import Vault
from kernel.slice import Slice
from notifications.slice import SLICE as NOTIFICATIONS

LOCAL_KEY_BYTES = 96
# The subjects belong to everybody, hence to the kernel; they need a place in the list all the same.
SUBJECTS = Slice(name="subjects", documents=[Subject])


class ClientsFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who may sign people in, and which apps and systems may ask."""

    providers: tuple[ProviderConfig, ...] = ()
    app_clients: tuple[AppClient, ...] = ()
    system_clients: tuple[SystemClient, ...] = ()


@dataclass(frozen=True)
class Parts:
    """What the API, the worker and the command line are built from."""

    settings: Settings
    clock: Clock
    clients: tuple[Client, ...]
    db: Database
    reads: Reads
    vault: Vault
    subjects: Subjects
    auth: Auth
    audit: Auditing
    privacy: Privacy
    slices: tuple[Slice, ...]
    """In the order of their layers. A new slice is added in `make_parts` and nowhere else."""

    async def open(self, *, build_indexes: bool = False) -> None:
        """Bind the documents to the database; build their indexes where asked."""
        await bind(self.db, [d for s in self.slices for d in s.documents], self.vault, build_indexes=build_indexes)
        # With a user of its own the trail is made by `motcua audit role`: that user may not build indexes.
        if build_indexes and not self.settings.audit_uri:
            await self.audit.trail.prepare()

    async def close(self) -> None:
        """Let go of the database."""
        await self.reads.close()
        await self.vault.close()
        for client in self.clients:
            await client.close()

    @property
    def event_collections(self) -> list[str]:
        """The collections whose documents carry an outbox."""
        documents = [d for s in self.slices for d in s.documents if d.emits_events]
        return [d.get_settings().name or d.__name__ for d in documents]


def read_clients(settings: Settings) -> ClientsFile:
    """The clients file; an empty one when there is none.

    Raises:
        SettingsError: the file is missing or does not fit; the message says where.
    """
    if settings.clients_file is None:
        return ClientsFile()
    try:
        return msgspec.json.decode(settings.clients_file.read_bytes(), type=ClientsFile)
    except (OSError, msgspec.ValidationError, msgspec.DecodeError) as wrong:
        raise SettingsError(f"MOTCUA_CLIENTS_FILE {settings.clients_file}: {wrong}") from wrong


class KeyServiceFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which key services wrap the keys of personal data, and which of them wraps new ones."""

    providers: dict[str, dict[str, str]]
    active: str


def key_service(settings: Settings) -> tuple[dict[str, Any], str]:
    """PyMongo's KMS providers, and the active one. Without a file: a local key from the key secret, for development.

    Raises:
        SettingsError: the file is missing or does not fit.
    """
    if settings.kms_file is None:
        key = hashlib.shake_256(b"motcua kms" + settings.key_secret.encode()).digest(LOCAL_KEY_BYTES)
        return {"local": {"key": key}}, "local"
    try:
        file = msgspec.json.decode(settings.kms_file.read_bytes(), type=KeyServiceFile)
    except (OSError, msgspec.ValidationError, msgspec.DecodeError) as wrong:
        raise SettingsError(f"MOTCUA_KMS_FILE {settings.kms_file}: {wrong}") from wrong
    if file.active not in file.providers:
        raise SettingsError(f"MOTCUA_KMS_FILE {settings.kms_file}: `active` names none of `providers`")
    return dict(file.providers), file.active


def auth_config(settings: Settings) -> AuthConfig:
    """What auth has to be told, from the settings and the clients file."""
    clients = read_clients(settings)
    return AuthConfig(
        issuer=settings.public_url,
        key_secret=hashlib.sha256(settings.key_secret.encode()).digest(),
        providers=clients.providers,
        app_clients=clients.app_clients,
        system_clients=clients.system_clients,
        development=not settings.in_production,
    )


def make_parts(settings: Settings, *, clock: Clock | None = None) -> Parts:
    """Build everything; nothing is connected before `Parts.open`.

    Raises:
        SettingsError: the clients file is missing or does not fit.
    """
    clock = clock or SystemClock()
    client = connect(settings.mongodb_uri)
    db = client[settings.database]
    key_client = connect(settings.key_vault_uri) if settings.key_vault_uri else client
    providers, active = key_service(settings)
    vault = Vault(key_client, f"{settings.database}_keys", providers=providers, provider=active)
    reads = open_reads(settings.read_driver, db, settings.mongodb_uri, vault)
    subjects = Subjects(CitizenKeys(settings.identity_secret.encode()))
    auth = build_auth(
        auth_config(settings),
        db=db,
        mongodb_uri=settings.mongodb_uri,
        directory=AgencyStaffDirectory(),
        subjects=subjects,
        clock=clock,
    )
    audit_client = connect(settings.audit_uri) if settings.audit_uri else client
    audit = build_audit(audit_client, f"{settings.database}_audit", clock, copy_file=settings.audit_file)
    slices = [SUBJECTS, auth.slice, NOTIFICATIONS, build_agencies(clock), PROCEDURES, DOSSIERS, audit.slice]
    privacy = build_privacy(
        db=db,
        vault=vault,
        subjects=subjects,
        audit=audit.log,
        clock=clock,
        personal_data=[data for part in slices for data in part.personal_data],
        open_cases=open_cases,
    )
    return Parts(
        settings=settings,
        clock=clock,
        clients=tuple({id(c): c for c in (client, key_client, audit_client)}.values()),
        db=db,
        reads=reads,
        vault=vault,
        subjects=subjects,
        auth=auth,
        audit=audit,
        privacy=privacy,
        slices=(*slices, privacy.slice),
    )
