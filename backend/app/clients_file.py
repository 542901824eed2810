"""Who may sign people in, and which apps and systems may ask: the file behind `MOTCUA_CLIENTS_FILE`."""

import hashlib

import msgspec

from auth.config import AppClient, AuthConfig, ProviderConfig, SystemClient
from backend.open311.keys import Open311Key
from backend.settings import Settings, SettingsError


class ClientsFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who may sign people in, and which apps and systems may ask."""

    providers: tuple[ProviderConfig, ...] = ()
    app_clients: tuple[AppClient, ...] = ()
    system_clients: tuple[SystemClient, ...] = ()
    open311_keys: tuple[Open311Key, ...] = ()


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


def auth_config(settings: Settings) -> AuthConfig:
    """What auth has to be told, from the settings and the clients file."""
    clients = read_clients(settings)
    return AuthConfig(
        issuer=settings.public_url,
        key_secret=hashlib.sha256(settings.key_secret.encode()).digest(),
        providers=clients.providers,
        app_clients=clients.app_clients,
        system_clients=clients.system_clients,
        bearer_tokens=settings.bearer_tokens,
        signing_algorithm=settings.signing_algorithm,
        dpop_nonce=settings.dpop_nonce,
        development=not settings.in_production,
    )
