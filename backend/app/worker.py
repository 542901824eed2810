"""The worker: hears events, sends pushes, keeps the clocks of dossiers and reports, checks uploads, does jobs of privacy and audit.

Stateless, any number may run; each finishes what it has in hand when told to stop.
"""

import asyncio
import json
import signal
from collections.abc import Callable

import structlog
from prometheus_client import Gauge

from auth.tokens.rotation import keep_rotating
from backend.app.parts import Parts
from backend.app.text_channels import CONSENTS, fallback_waits
from backend.audit.actions.follow import HandOn
from backend.audit.actions.tell_who_looked import tell_who_looked
from backend.audit.chain import Row
from backend.audit.jobs import keep_anchoring, keep_following
from backend.dossiers.jobs import keep_reminding
from backend.feedback.jobs import keep_feedback_clocks
from backend.privacy.jobs import keep_privacy_jobs, keep_retention, keep_warning
from backend.privacy.queries import letting_pushes_leave, wants_to_know
from backend.settings import Settings
from backend.sync.actions.bump import Feeds
from backend.sync.jobs import keep_pruning
from backend.uploads.jobs import keep_upload_jobs
from kernel.clock import Clock
from kernel.outbox.relay import Relay
from kernel.state_calendar import calendar_at
from notifications.channels.fcm import open_fcm
from notifications.channels.port import Channel
from notifications.channels.zalo import ZaloChannel
from notifications.delivery.fallback.messenger import Messenger
from notifications.delivery.figures import Figures
from notifications.delivery.fold import keep_folding
from notifications.delivery.sender import Sender
from notifications.inbox.post import Notices

log = structlog.get_logger(__name__)


def fcm_channel(settings: Settings) -> Channel | None:
    """The way to the phones, when there is a service account for it."""
    if settings.fcm_service_account is None:
        return None
    account = json.loads(settings.fcm_service_account.read_bytes())
    return open_fcm(account, sender=settings.fcm_sender, endpoint=settings.fcm_endpoint or None, authority=settings.fcm_ca_file)


def make_relay(parts: Parts) -> Relay:
    """The relay over every slice's events and reactions."""
    services: dict[type, object] = {Notices: parts.notices, Clock: parts.clock, Feeds: parts.sync.feeds}
    reactions = [reaction for part in parts.slices for reaction in part.reactions]
    return Relay(parts.db, parts.event_collections, reactions, services)


def readers_of_the_trail(parts: Parts) -> dict[str, HandOn]:
    """To whom what is put on record is handed on: citizens who asked to be told, and a syslog where there is one."""

    async def tell(rows: list[Row]) -> None:
        await tell_who_looked(rows, parts.notices, wants_to_know)

    syslog = {"syslog": parts.audit.syslog.append} if parts.audit.syslog else {}
    return {"who_looked": tell, **syslog}


def _served_figures(settings: Settings) -> Figures:
    """The figures a worker is watched by, on a port of their own where one is set."""
    figures = Figures()
    if settings.metrics_port is not None:
        log.info("worker.figures", port=figures.serve(settings.host, settings.metrics_port))
    return figures


def breaches_heard(figures: Figures) -> Callable[[str, int], None]:
    """Where the breach register's clock is shown: an alert on anything but 0 (docs/operations.md)."""
    owed = Gauge(
        "motcua_breach_notices_owed", "Notices of a breach that are late or due soon", ["clock"], registry=figures.registry
    )
    return lambda how, many: owed.labels(how).set(many)


def _start_sending(parts: Parts, channel: Channel, figures: Figures, tasks: asyncio.TaskGroup, stop: asyncio.Event) -> None:
    """The sender, seen in the figures."""
    settings = parts.settings
    sender = Sender(parts.db, channel, parts.clock, consenting=letting_pushes_leave, per_minute=settings.fcm_per_minute)
    sender.aftermath.heard = lambda outcome: figures.outcomes.labels(outcome).inc()
    if settings.metrics_port is not None:
        tasks.create_task(figures.keep_looking(sender.permits, sender.aftermath, stop))
    tasks.create_task(sender.run(stop))


def messenger(parts: Parts) -> Messenger:
    """Who sends a text where no push came. Without any channel it still brings what was planned to its end."""
    return Messenger(
        parts.texts,
        parts.clock,
        consents=CONSENTS,
        vault=parts.vault,
        waits=fallback_waits(parts.settings),
        link=parts.settings.app_link or None,
    )


async def run(parts: Parts, stop: asyncio.Event) -> None:
    """Work until `stop` is set."""
    await parts.open()
    channel, figures = fcm_channel(parts.settings), _served_figures(parts.settings)
    try:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(make_relay(parts).run(stop))
            tasks.create_task(keep_privacy_jobs(parts.privacy.holdings, stop))
            tasks.create_task(keep_warning(parts.clock, stop, breaches_heard(figures)))
            if parts.settings.retention == "daily":
                tasks.create_task(keep_retention(parts.privacy.holdings, stop))
            tasks.create_task(keep_pruning(parts.db, parts.clock, stop))
            tasks.create_task(keep_feedback_clocks(parts.clock, calendar_at, stop))
            tasks.create_task(keep_reminding(parts.clock, calendar_at, stop))
            tasks.create_task(keep_upload_jobs(parts.db, parts.uploads.checking, stop))
            tasks.create_task(keep_rotating(parts.auth.keys, stop))
            tasks.create_task(keep_anchoring(parts.audit.trail, parts.clock, stop, parts.audit.copy))
            for reader, hand_on in readers_of_the_trail(parts).items():
                tasks.create_task(keep_following(parts.audit.trail, parts.db, reader, hand_on, stop))
            if channel:
                tasks.create_task(keep_folding(parts.clock, stop))
                _start_sending(parts, channel, figures, tasks, stop)
            else:
                log.warning("worker.no_push", why="MOTCUA_FCM_SERVICE_ACCOUNT is not set: deliveries wait")
            tasks.create_task(messenger(parts).run(stop))
            if isinstance(zalo := parts.texts.get("zalo"), ZaloChannel):
                tasks.create_task(zalo.tokens.keep_fresh(stop))
            log.info("worker.started", collections=parts.event_collections)
    finally:
        if channel:
            await channel.close()
        await parts.close()


async def run_until_signalled(parts: Parts) -> None:
    """Work until SIGTERM or SIGINT."""
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    await run(parts, stop)
    log.info("worker.stopped")
