"""The post office on the wire: one Litestar app for gateways and page, one SMTP server, each on a port of its own."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator

from aiosmtpd.smtp import SMTP
from litestar import Litestar
from litestar.di import Provide

from backend.dev.post_office import pages
from backend.dev.post_office.mail import Mailroom
from backend.dev.post_office.office import PostOffice
from backend.dev.post_office.sms_routes import send_sms
from backend.dev.post_office.zalo_routes import refresh, send_zns
from backend.dev.sockets import bound_socket, serve_on, url_of
from kernel.clock import Clock, SystemClock
from kernel.http.problems import EXCEPTION_HANDLERS


def create_post_office(office: PostOffice) -> Litestar:
    """The gateways and the page of this office."""
    given = {"office": office, "journal": office.journal, "faults": office.faults}
    return Litestar(
        [*pages.ROUTES, send_sms, refresh, send_zns],
        dependencies={name: _always(one) for name, one in given.items()},
        exception_handlers=EXCEPTION_HANDLERS,
        openapi_config=None,
        logging_config=None,
    )


def _always(one: object) -> Provide:
    return Provide(lambda: one, sync_to_thread=False)


@contextlib.asynccontextmanager
async def running_post_office(
    sock: socket.socket, mail_sock: socket.socket | None = None, clock: Clock | None = None
) -> AsyncIterator[PostOffice]:
    """Open, with the page and the gateways on `sock`, and the mail server on `mail_sock` or on any free port."""
    office = PostOffice(clock or SystemClock(), url=url_of(sock))
    mailroom, loop = Mailroom(office.journal, office.faults, office.clock), asyncio.get_running_loop()
    taken = mail_sock or bound_socket()
    office.smtp_url = url_of(taken, "smtp+plain")
    mail = await loop.create_server(lambda: SMTP(mailroom, hostname="post-office", loop=loop), sock=taken)
    server = await serve_on(sock, create_post_office(office))
    try:
        yield office
    finally:
        await server.stop()
        mail.close()
