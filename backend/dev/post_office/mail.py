"""A real mail server (aiosmtpd) that keeps what it takes and says no when told to."""

from email import message_from_bytes
from email.policy import default
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session

from backend.dev.post_office.faults import Faults
from backend.dev.post_office.journal import Journal
from kernel.clock import Clock

TAKEN = "250 2.0.0 taken"


class Mailroom:
    """Handles what is said to the server; the hooks are aiosmtpd's and so are their names."""

    def __init__(self, journal: Journal, faults: Faults, clock: Clock) -> None:
        self._journal, self._faults, self._clock = journal, faults, clock

    async def handle_EHLO(  # noqa: N802
        self, server: SMTP, session: Any, _envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        """The greeting."""
        session.host_name = hostname
        session.refused = self._fault(server, "connect", "")
        return [session.refused] if session.refused else responses

    async def handle_HELO(self, _server: SMTP, session: Any, _envelope: Envelope, hostname: str) -> str:  # noqa: N802
        """The older greeting, which a client tries next."""
        session.host_name = hostname
        return session.refused or f"250 {hostname}"

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """From whom."""
        if said := self._fault(server, "mail", address):
            return said
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 2.1.0 go on"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """To whom."""
        if said := self._fault(server, "rcpt", address):
            return said
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 2.1.5 known"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        """The message itself."""
        content = envelope.original_content or b""
        message = message_from_bytes(content, policy=default)
        body: Any = message.get_body(("plain",))
        for address in envelope.rcpt_tos:
            fault = self._faults.take("email", "content", address)
            if fault and fault.drop == "before":
                return self._cut(server)
            if fault and fault.code:
                return f"{fault.code} {fault.text or 'as you wish'}"
            self._journal.put(
                at=self._clock.now(),
                channel="email",
                to=address,
                title=str(message["subject"]),
                text=body.get_content() if body else "",
                raw=content.decode(errors="replace"),
            )
            if fault and fault.drop == "after":
                return self._cut(server)
        return TAKEN

    def _fault(self, server: SMTP, at: str, address: str) -> str | None:
        fault = self._faults.take("email", at, address)
        if fault is None:
            return None
        return self._cut(server) if fault.drop else f"{fault.code} {fault.text or 'as you wish'}"

    @staticmethod
    def _cut(server: SMTP) -> str:
        transport: Any = server.transport
        transport.abort()
        # Said to nobody any more.
        return "421 4.3.0 gone"
