"""The database connections of a process: the data, the keys of personal data, the audit trail; one server or three."""

import hashlib
from dataclasses import dataclass
from typing import Any

import msgspec

from backend.audit.gateways.syslog import SyslogAddressMalformed
from backend.audit.slice import Auditing, build_audit
from backend.settings import Settings, SettingsError
from kernel.clock import Clock
from kernel.mongo.client import Client, connect
from kernel.privacy.vault import Vault

LOCAL_KEY_BYTES = 96


@dataclass(frozen=True)
class Connections:
    """Where a setting names no server of its own, the data's connection serves."""

    data: Client
    keys: Client
    audit: Client

    async def close(self) -> None:
        """Close each once."""
        for client in {id(c): c for c in (self.data, self.keys, self.audit)}.values():
            await client.close()


def connections(settings: Settings) -> Connections:
    """The connections the settings ask for; nothing is connected before it is used."""
    data = connect(settings.mongodb_uri)
    keys = connect(settings.key_vault_uri) if settings.key_vault_uri else data
    audit = connect(settings.audit_uri) if settings.audit_uri else data
    return Connections(data, keys, audit)


def open_vault(settings: Settings, keys: Client) -> Vault:
    """The vault of this installation.

    Raises:
        SettingsError: the file of key services is missing or does not fit.
    """
    service = key_service(settings)
    return Vault(
        keys,
        f"{settings.database}_keys",
        providers=service.providers,
        provider=service.active,
        master_key=service.master_key,
        tls=service.tls,
    )


def open_audit(settings: Settings, client: Client, clock: Clock, vault: Vault) -> Auditing:
    """The audit of this installation.

    Raises:
        SettingsError: the address of the syslog is none.
    """
    try:
        return build_audit(
            client,
            f"{settings.database}_audit",
            clock,
            copy_file=settings.audit_file,
            syslog=settings.audit_syslog,
            vault=vault,
        )
    except SyslogAddressMalformed as wrong:
        raise SettingsError(f"MOTCUA_AUDIT_SYSLOG {settings.audit_syslog}: {wrong}") from wrong


class KeyServiceFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which key services wrap the keys of personal data, and which of them, with which of its keys, wraps new ones.

    `master_key` is PyMongo's for the active provider (`{"region": ..., "key": ..., "endpoint": ...}` of an AWS KMS), `tls` its TLS
    options by provider (`{"aws": {"tlsCAFile": ...}}` where the service has an authority of its own).
    """

    providers: dict[str, dict[str, str]]
    active: str
    master_key: dict[str, str] = {}
    tls: dict[str, dict[str, str]] = {}


@dataclass(frozen=True)
class KeyService:
    """The same, checked."""

    providers: dict[str, Any]
    active: str
    master_key: dict[str, str]
    tls: dict[str, dict[str, str]]


def key_service(settings: Settings) -> KeyService:
    """The key services of this installation. Without a file: a local key from the key secret, for development.

    Raises:
        SettingsError: the file is missing or does not fit.
    """
    if settings.kms_file is None:
        key = hashlib.shake_256(b"motcua kms" + settings.key_secret.encode()).digest(LOCAL_KEY_BYTES)
        return KeyService({"local": {"key": key}}, "local", {}, {})
    try:
        file = msgspec.json.decode(settings.kms_file.read_bytes(), type=KeyServiceFile)
    except (OSError, msgspec.ValidationError, msgspec.DecodeError) as wrong:
        raise SettingsError(f"MOTCUA_KMS_FILE {settings.kms_file}: {wrong}") from wrong
    if file.active not in file.providers:
        raise SettingsError(f"MOTCUA_KMS_FILE {settings.kms_file}: `active` names none of `providers`")
    return KeyService(dict(file.providers), file.active, file.master_key, file.tls)
