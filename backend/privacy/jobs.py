"""What the worker does for this room: makes archives, withdraws and removes them, and carries out the erasures that are due."""

import asyncio
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from pymongo.errors import PyMongoError

from backend.privacy import clocks, queries, states
from backend.privacy.actions.build_export import build_next, expire_offers
from backend.privacy.actions.erase import carry_out
from backend.privacy.actions.let_go import let_go
from backend.privacy.actions.retain import apply_rule
from backend.privacy.actions.settle import settle
from backend.privacy.actions.sweep_archives import sweep_archives
from backend.privacy.documents import Export
from backend.privacy.holdings import Holdings
from backend.privacy.retention import RULES
from kernel.clock import Clock
from kernel.errors import StaleVersion
from kernel.jobs.draining import keep_draining
from kernel.mongo.wakeup import Wakeup

log = structlog.get_logger(__name__)

# Somebody waits for an archive, so that queue is looked at whenever it changes; erasures have days, a minute is nothing to them.
LOOK_AT_ERASURES_EVERY = timedelta(minutes=1)
WARN_EVERY = timedelta(minutes=10)
RETAIN_EVERY = timedelta(days=1)
# A withdrawal is carried out in the same request; a worker looks again for as long as a crash may have kept one waiting.
LOOK_BACK = timedelta(days=1)


async def keep_privacy_jobs(holdings: Holdings, stop: asyncio.Event) -> None:
    """Work until `stop` is set. Any number of workers may."""
    wakeup = Wakeup(holdings.db, [Export.Settings.name])
    next_look = 0.0

    async def drain(stop: asyncio.Event) -> int:
        nonlocal next_look
        done = 0
        while not stop.is_set() and await build_next(holdings):
            done += 1
        if asyncio.get_running_loop().time() >= next_look:
            done += (await look_at_erasures(holdings)).erased
            await expire_offers(holdings.clock.now())
            await let_go_of_what_was_withdrawn(holdings)
            await sweep_archives(holdings.files, holdings.clock.now())
            next_look = asyncio.get_running_loop().time() + LOOK_AT_ERASURES_EVERY.total_seconds()
        return done

    await keep_draining(drain, wakeup, stop, lanes=1, name="privacy")


async def keep_retention(holdings: Holdings, stop: asyncio.Event) -> None:
    """Carry the retention table out at the start and once a day until `stop` is set. Any number of workers may.

    A row's trouble is not the others': it is logged, and the next day tries again from where it was.
    """
    while not stop.is_set():
        for rule in RULES:
            try:
                await apply_rule(rule, holdings)
            except Exception:
                log.exception("retention.failed", collection=rule.collection)
        with suppress(TimeoutError):
            async with asyncio.timeout(RETAIN_EVERY.total_seconds()):
                await stop.wait()


async def keep_warning(clock: Clock, stop: asyncio.Event, heard: Callable[[str, int], object] = lambda *_: None) -> None:
    """Say aloud, from the start on and every few minutes, which notice of a breach presses, until `stop` is set.

    `heard(how, many)` is told how many are `late` and how many owed `soon`, also when there are none.
    """
    while not stop.is_set():
        try:
            found = await warn_of_breaches(clock.now())
        except PyMongoError as error:
            log.warning("breach.cannot_look", error=type(error).__name__)
        else:
            for how in (clocks.LATE, clocks.SOON):
                heard(how, found[how])
        with suppress(TimeoutError):
            async with asyncio.timeout(WARN_EVERY.total_seconds()):
                await stop.wait()


async def warn_of_breaches(now: datetime) -> Counter[str]:
    """One line in the log for each notice that presses: a warning in the last 24 of the 72 hours, an error afterwards."""
    found = Counter[str]()
    for breach in await queries.owed_notices():
        if how := clocks.pressing(breach["notify_by"], now):
            say = log.error if how == clocks.LATE else log.warning
            say(f"breach.notice_{how}", breach=breach["_id"], notify_by=breach["notify_by"].isoformat())
            found[how] += 1
    return found


@dataclass(frozen=True)
class Looked:
    """What came of one look at the requests for erasure."""

    erased: int
    failed: int


async def look_at_erasures(holdings: Holdings, progress: Callable[[], None] = lambda: None) -> Looked:
    """Settle what can be settled and erase what is due.

    One request's trouble is not the others': it is logged, and the next look tries again from where it was.
    """
    now, erased, failed = holdings.clock.now(), 0, 0
    unsettled, due = await queries.unsettled(), await queries.due_erasures(now)
    for request in [*unsettled, *due]:
        try:
            await (settle(request, holdings, now) if request.state in states.UNSETTLED else carry_out(request, holdings))
            erased += request.state == states.DONE
        except StaleVersion:
            log.info("erasure.changed_meanwhile", request=request.id)
        except PyMongoError:
            raise
        except Exception:
            log.exception("erasure.failed", request=request.id)
            failed += 1
        progress()
    return Looked(erased, failed)


async def let_go_of_what_was_withdrawn(holdings: Holdings) -> int:
    """Every withdrawal of the last day once more, for those after which a process died."""
    withdrawn = await queries.withdrawn_since(holdings.clock.now() - LOOK_BACK)
    return sum([await let_go(subject, purpose, holdings) for subject, purpose in withdrawn])
