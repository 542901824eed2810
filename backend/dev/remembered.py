"""What the development world invents once and remembers: secrets, keys, and the ports it had last time."""

import secrets
import uuid
from datetime import datetime
from pathlib import Path
from socket import socket

import msgspec
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat, load_pem_private_key

from backend.dev.sockets import bound_socket

FILE = "remembered.json"


def _new_key() -> str:
    key = ec.generate_private_key(ec.SECP256R1())
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


class Remembered(msgspec.Struct):
    """Kept in the data directory, so that a second start finds the same people, keys and addresses."""

    identity_secret: str = msgspec.field(default_factory=lambda: secrets.token_urlsafe(32))
    key_secret: str = msgspec.field(default_factory=lambda: secrets.token_urlsafe(32))
    provider_secret: str = msgspec.field(default_factory=lambda: secrets.token_urlsafe(32))
    system_key_pem: str = msgspec.field(default_factory=_new_key)
    app_check_debug_token: str = msgspec.field(default_factory=lambda: str(uuid.uuid4()))
    ports: dict[str, int] = {}
    demo_until: datetime | None = None
    """The moment up to which the demo's dossiers were invented."""
    demo_complete: bool = False
    """Whether all of them have been told."""

    @property
    def system_public_pem(self) -> str:
        """The half of the system client's key that the API is told."""
        key = load_pem_private_key(self.system_key_pem.encode(), None)
        return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()

    def socket(self, name: str) -> socket:
        """A socket on the port this server had last time, or on a free one when somebody else has it now."""
        try:
            found = bound_socket(port=self.ports.get(name, 0))
        except OSError:
            found = bound_socket()
        self.ports[name] = found.getsockname()[1]
        return found


def remember(data_dir: Path) -> Remembered:
    """What was remembered here; something new where nothing was."""
    file = data_dir / FILE
    return msgspec.json.decode(file.read_bytes(), type=Remembered) if file.exists() else Remembered()


def save(data_dir: Path, remembered: Remembered) -> None:
    """Keep it for the next start, readable by its owner only."""
    file = data_dir / FILE
    file.touch(mode=0o600)
    file.write_bytes(msgspec.json.format(msgspec.json.encode(remembered), indent=2))
