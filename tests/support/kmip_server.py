"""A KMIP server on this machine (PyKMIP), in a process of its own: mutual TLS, keys in a database of its own.

Run as a program it is that server: `python kmip_server.py FOLDER PORT`.
"""

import asyncio
import ipaddress
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

PATIENCE_S = 20.0


@dataclass(frozen=True)
class KmipServer:
    """Where it is, and what a client needs to be let in."""

    folder: Path
    port: int

    @property
    def provider(self) -> dict[str, str]:
        """As PyMongo wants it."""
        return {"endpoint": f"127.0.0.1:{self.port}"}

    @property
    def tls(self) -> dict[str, str]:
        return {"tlsCAFile": str(self.folder / "authority.pem"), "tlsCertificateKeyFile": str(self.folder / "client.pem")}


@asynccontextmanager
async def running_kmip(folder: Path, port: int) -> AsyncIterator[KmipServer]:
    """The server on this port, answering when this begins and gone when it ends."""
    _certify(folder)
    nothing = asyncio.subprocess.DEVNULL
    command = [sys.executable, "-W", "ignore", __file__, str(folder), str(port)]
    process = await asyncio.create_subprocess_exec(*command, stdout=nothing, stderr=nothing, stdin=nothing)
    try:
        async with asyncio.timeout(PATIENCE_S):
            while not await _answers(port):  # noqa: ASYNC110 - another process sets no event
                await asyncio.sleep(0.05)
        yield KmipServer(folder, port)
    finally:
        process.kill()
        await process.wait()


async def _answers(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    return True


def _certify(folder: Path) -> None:
    """An authority, and under it the server and the one client it lets in."""
    authority = _made("authority", None)
    for name, usage in (("server", ExtendedKeyUsageOID.SERVER_AUTH), ("client", ExtendedKeyUsageOID.CLIENT_AUTH)):
        key, certificate = _made(name, authority, usage)
        pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        (folder / f"{name}.pem").write_bytes(pem + certificate.public_bytes(Encoding.PEM))
    (folder / "authority.pem").write_bytes(authority[1].public_bytes(Encoding.PEM))


def _made(name: str, issuer: Any, usage: Any = None) -> tuple[rsa.RSAPrivateKey, x509.Certificate]:
    key, now = rsa.generate_private_key(65537, 2048), datetime.now(UTC)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    names = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer[1].subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True)
        .add_extension(names, critical=False)
    )
    if usage:
        builder = builder.add_extension(x509.ExtendedKeyUsage([usage]), critical=False)
    return key, builder.sign(issuer[0] if issuer else key, SHA256())


def _serve(folder: Path, port: int) -> None:
    from kmip.services.server import KmipServer as PyKmip

    (folder / "policy").mkdir(exist_ok=True)
    pem = str(folder / "server.pem")
    files = {"certificate_path": pem, "key_path": pem, "ca_path": str(folder / "authority.pem")}
    told = {"log_path": str(folder / "kmip.log"), "database_path": str(folder / "kmip.sqlite"), "logging_level": "WARNING"}
    policy = {"policy_path": str(folder / "policy"), "enable_tls_client_auth": True, "auth_suite": "TLS1.2"}
    with PyKmip(hostname="127.0.0.1", port=port, config_path=None, **files, **told, **policy) as server:
        server.serve()


if __name__ == "__main__":
    _serve(Path(sys.argv[1]), int(sys.argv[2]))
