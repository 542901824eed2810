"""E-mail over SMTP (RFC 5321): plain text, one message a connection, every step's answer told apart.

connect ─> TLS ─> auth ─> MAIL ─> RCPT ─> DATA ─> content ─> 250
└──────── nothing has left: tried again ───────┘  └ lost here: perhaps sent, never again (ADR 0035)
"""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP as WIRE
from email.utils import format_datetime, formataddr
from typing import Literal
from urllib.parse import unquote, urlsplit

import aiosmtplib
import structlog

from notifications.channels.port import Outcome, Text
from notifications.channels.smtp_answers import Answer, Command, outcome_of

log = structlog.get_logger(__name__)

STEP_S = 10.0
ALL_S = 20.0
Security = Literal["tls", "starttls", "none"]
_PORTS: dict[str, tuple[Security, int]] = {"smtps": ("tls", 465), "smtp": ("starttls", 587), "smtp+plain": ("none", 25)}


@dataclass(frozen=True)
class MailServer:
    """Where mail is handed in: `smtps://` (TLS from the first byte), `smtp://` (STARTTLS or nothing), `smtp+plain://` (no TLS)."""

    host: str
    port: int
    security: Security
    username: str | None = None
    password: str | None = field(default=None, repr=False)

    @classmethod
    def of(cls, url: str) -> "MailServer":
        """From `smtps://name:password@host:port`.

        Raises:
            ValueError: it is no such address.
        """
        parts = urlsplit(url)
        if parts.scheme not in _PORTS or not parts.hostname:
            raise ValueError("not smtps://host, smtp://host or smtp+plain://host")
        security, usual = _PORTS[parts.scheme]
        name, word = (unquote(part) if part else None for part in (parts.username, parts.password))
        return cls(parts.hostname, parts.port or usual, security, name, word)


class SmtpChannel:
    """Hands e-mails to one server."""

    def __init__(self, server: MailServer, *, sender: str, sender_name: str, tls: ssl.SSLContext | None = None) -> None:
        """`sender` is the address in From; `tls` trusts others than the usual authorities."""
        self._server, self._sender, self._name, self._tls = server, sender, sender_name, tls

    async def send(self, what: Text, /, *, now: datetime) -> Outcome:
        """Try once."""
        answer = await self._answer(what.address, letter(what, sender=self._sender, name=self._name, now=now))
        return outcome_of(answer, what.reference)

    async def close(self) -> None:
        """Nothing is held open between two e-mails."""

    async def _answer(self, address: str, message: bytes) -> Answer:
        """How far it came, and what was said there."""
        at: list[Command] = ["connect"]
        try:
            async with asyncio.timeout(ALL_S), self._connected(at) as client:
                at.append("mail")
                await client.mail(self._sender)
                at.append("rcpt")
                await client.rcpt(address)
                # From here on the server may have all of it: `data` sends the command and the content in one go.
                at.append("content")
                response = await client.data(message)
                return Answer("content", response.code)
        except aiosmtplib.SMTPResponseException as said:
            return Answer(at[-1], said.code, said.message)
        except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
            # The exception's text may hold the address.
            log.info("smtp.no_answer", at=at[-1], error=type(error).__name__)
            return Answer(at[-1])

    @asynccontextmanager
    async def _connected(self, at: list[Command]) -> AsyncIterator[aiosmtplib.SMTP]:
        server = self._server
        client = aiosmtplib.SMTP(
            hostname=server.host,
            port=server.port,
            use_tls=server.security == "tls",
            start_tls=server.security == "starttls",
            tls_context=self._tls if server.security != "none" else None,
            timeout=STEP_S,
        )
        await client.connect()
        try:
            if server.username:
                at.append("auth")
                await client.login(server.username, server.password or "")
            yield client
        finally:
            # What was said about the message stands, whatever becomes of the farewell.
            with suppress(aiosmtplib.SMTPException, OSError, TimeoutError):
                await client.quit(timeout=1.0)
            client.close()


def letter(what: Text, *, sender: str, name: str, now: datetime) -> bytes:
    """The e-mail as it travels: nothing personal in it but where it goes, nothing that reports back that it was opened."""
    message = EmailMessage(policy=WIRE)
    message["From"] = formataddr((name, sender))
    message["To"] = what.address
    message["Subject"] = what.said.title
    message["Date"] = format_datetime(now)
    # The same for every try, so that a mailbox may drop a second copy.
    message["Message-ID"] = f"<{what.reference}@{sender.rpartition('@')[2]}>"
    # No vacation notice is to answer (RFC 3834, section 5).
    message["Auto-Submitted"] = "auto-generated"
    message.set_content("\n\n".join(filter(None, [what.said.body, what.link])) + "\n", cte="quoted-printable")
    message["Content-Language"] = what.language
    return message.as_bytes()
