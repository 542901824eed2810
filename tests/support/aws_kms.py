"""An AWS KMS on this machine: the two calls by which libmongocrypt wraps and opens data keys, over TLS, signatures checked.

The wire is AWS's (JSON 1.1, `TrentService.Encrypt` and `Decrypt`, Signature Version 4); behind it is an AES key a master key.
"""

import asyncio
import base64
import hashlib
import hmac
import ipaddress
import json
import secrets
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

REGION, KEY, ACCESS, SECRET = "ap-southeast-1", "arn:aws:kms:ap-southeast-1:1:key/mot-cua", "AKIDEXAMPLE", "an-invented-secret"


@dataclass
class AwsKms:
    """The service, and what it has been asked."""

    authority: Path
    port: int = 0
    keys: dict[str, bytes] = field(default_factory=lambda: {KEY: secrets.token_bytes(32)})
    calls: list[str] = field(default_factory=list)
    down: bool = False

    @property
    def master_key(self) -> dict[str, str]:
        """As PyMongo wants it."""
        return {"region": REGION, "key": KEY, "endpoint": f"127.0.0.1:{self.port}"}

    @property
    def provider(self) -> dict[str, str]:
        return {"accessKeyId": ACCESS, "secretAccessKey": SECRET}

    @property
    def tls(self) -> dict[str, str]:
        return {"tlsCAFile": str(self.authority)}

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        request, *lines = head.strip().split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        body = await reader.readexactly(int(headers["content-length"]))
        status, answer = self._answered(request, headers, body)
        payload = json.dumps(answer).encode()
        writer.write(f"HTTP/1.1 {status}\r\nContent-Length: {len(payload)}\r\nConnection: close\r\n\r\n".encode() + payload)
        await writer.drain()
        writer.close()

    def _answered(self, request: str, headers: dict[str, str], body: bytes) -> tuple[str, dict[str, Any]]:
        if self.down:
            return "503 Service Unavailable", {"__type": "KMSInternalException"}
        if headers["authorization"] != authorization(request, headers, body):
            return "403 Forbidden", {"__type": "InvalidSignatureException"}
        call, asked = headers["x-amz-target"].removeprefix("TrentService."), json.loads(body)
        self.calls.append(call)
        if call == "Encrypt":
            nonce = secrets.token_bytes(12)
            name = asked["KeyId"].encode()
            wrapped = AESGCM(self.keys[asked["KeyId"]]).encrypt(nonce, base64.b64decode(asked["Plaintext"]), None)
            blob = len(name).to_bytes(2) + name + nonce + wrapped
            return "200 OK", {"CiphertextBlob": base64.b64encode(blob).decode(), "KeyId": asked["KeyId"]}
        blob = base64.b64decode(asked["CiphertextBlob"])
        end = 2 + int.from_bytes(blob[:2])
        key_id, nonce, wrapped = blob[2:end].decode(), blob[end : end + 12], blob[end + 12 :]
        plain = AESGCM(self.keys[key_id]).decrypt(nonce, wrapped, None)
        return "200 OK", {"Plaintext": base64.b64encode(plain).decode(), "KeyId": key_id}


def authorization(request: str, headers: dict[str, str], body: bytes) -> str:
    """What the header has to be (AWS Signature Version 4)."""
    method, path, _ = request.split(" ")
    told = dict(part.strip().split("=", 1) for part in headers["authorization"].removeprefix("AWS4-HMAC-SHA256").split(","))
    signed, scope = told["SignedHeaders"], told["Credential"].partition("/")[2]
    canonical = "".join(f"{name}:{headers[name]}\n" for name in signed.split(";"))
    whole = "\n".join([method, path, "", canonical, signed, hashlib.sha256(body).hexdigest()])
    to_sign = "\n".join(["AWS4-HMAC-SHA256", headers["x-amz-date"], scope, hashlib.sha256(whole.encode()).hexdigest()])
    key = b"AWS4" + SECRET.encode()
    for part in scope.split("/"):
        key = hmac.digest(key, part.encode(), "sha256")
    signature = hmac.new(key, to_sign.encode(), "sha256").hexdigest()
    return f"AWS4-HMAC-SHA256 Credential={ACCESS}/{scope}, SignedHeaders={signed}, Signature={signature}"


@asynccontextmanager
async def running_kms(folder: Path) -> AsyncIterator[AwsKms]:
    """The service on a free port of this machine, under a certificate of its own."""
    certificate, key = folder / "kms.pem", folder / "kms.key"
    _certify(certificate, key)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    kms = AwsKms(certificate)
    server = await asyncio.start_server(kms.serve, "127.0.0.1", 0, ssl=context)
    kms.port = server.sockets[0].getsockname()[1]
    yield kms
    server.close()
    await server.wait_closed()


def _certify(certificate: Path, key: Path) -> None:
    own, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    names = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(own.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(own, SHA256())
    )
    certificate.write_bytes(made.public_bytes(Encoding.PEM))
    key.write_bytes(own.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
