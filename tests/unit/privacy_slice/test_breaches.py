"""A breach is entered, its 72 hours run, and its notice says what is known and what is not."""

import asyncio
from datetime import timedelta

import pytest
from prometheus_client import generate_latest
from structlog.testing import capture_logs

from backend.app.worker import breaches_heard
from backend.privacy.actions.breaches import all_breaches, amend_breach, facts_of, find_breach, mark_notified, open_breach
from backend.privacy.breach_notice import UNKNOWN, BreachFacts, draft
from backend.privacy.errors import BreachNotFound
from backend.privacy.jobs import keep_warning, warn_of_breaches
from notifications.delivery.figures import Figures
from tests.unit.privacy_slice.keeper import START, Keeper

pytestmark = pytest.mark.proves("SEC-78")


async def test_the_clock_runs_from_the_detection(keeper: Keeper) -> None:
    detected = keeper.clock.now() - timedelta(hours=30)
    breach = await open_breach(detected_at=detected, what="Máy chủ bị truy cập trái phép", audit=keeper.audit)
    assert breach.notify_by == detected + timedelta(hours=72)
    assert keeper.audit.actions() == ["breach.opened"]


async def test_the_notice_ends_the_clock_once(keeper: Keeper) -> None:
    breach = await open_breach(detected_at=keeper.clock.now(), what="Mất máy tính", audit=keeper.audit)
    first = keeper.clock.now()
    for _ in range(2):
        await mark_notified(await find_breach(breach.id), now=keeper.clock.now(), audit=keeper.audit)
        keeper.clock.advance(timedelta(hours=1))
    [entry] = await all_breaches()
    assert entry.notified_at == first
    with pytest.raises(BreachNotFound):
        await find_breach("nothing")


async def test_the_last_day_is_warned_of_and_what_is_late_is_an_error_until_it_is_told(keeper: Keeper) -> None:
    opened = await open_breach(detected_at=keeper.clock.now(), what="Mất máy tính", audit=keeper.audit)
    told = await open_breach(detected_at=keeper.clock.now(), what="Đã báo", audit=keeper.audit)
    await mark_notified(told, now=keeper.clock.now(), audit=keeper.audit)
    seen = []
    for hours in (48, 0.5, 23.5, 0.5):
        keeper.clock.advance(timedelta(hours=hours))
        with capture_logs() as said:
            seen.append((dict(await warn_of_breaches(keeper.clock.now())), [(row["log_level"], row["event"]) for row in said]))
        assert {row["breach"] for row in said} <= {opened.id}
    soon, late = ("warning", "breach.notice_soon"), ("error", "breach.notice_late")
    assert seen == [({}, []), ({"soon": 1}, [soon]), ({"soon": 1}, [soon]), ({"late": 1}, [late])]
    await mark_notified(await find_breach(opened.id), now=keeper.clock.now(), audit=keeper.audit)
    assert await warn_of_breaches(keeper.clock.now()) == {}


async def test_a_worker_shows_how_many_notices_press_and_when_none_does(keeper: Keeper) -> None:
    figures, stop, rounds = Figures(), asyncio.Event(), []
    heard = breaches_heard(figures)

    def once(how: str, many: int) -> None:
        rounds.append(how)
        heard(how, many)
        if len(rounds) == 2:
            stop.set()

    for hours, late, soon in ((0, 0, 0), (50, 0, 1), (30, 1, 0)):
        if not hours:
            await open_breach(detected_at=keeper.clock.now(), what="Mất máy tính", audit=keeper.audit)
        keeper.clock.advance(timedelta(hours=hours))
        stop.clear()
        rounds.clear()
        await keep_warning(keeper.clock, stop, once)
        shown = generate_latest(figures.registry).decode()
        assert f'motcua_breach_notices_owed{{clock="late"}} {late}.0' in shown
        assert f'motcua_breach_notices_owed{{clock="soon"}} {soon}.0' in shown


async def test_the_draft_is_written_from_the_register(keeper: Keeper) -> None:
    breach = await open_breach(
        detected_at=keeper.clock.now(),
        what="Gửi nhầm danh sách",
        happened="sáng 30/06/2026",
        categories=("họ tên", "số điện thoại"),
        people=1234,
        consequence="có thể bị gọi điện quấy rối",
        measures="đã yêu cầu xóa",
        contact="an-toan-thong-tin@example.vn",
        audit=keeper.audit,
    )
    text = draft(facts_of(breach), keeper.clock.now())
    for said in (
        "Gửi nhầm danh sách",
        "họ tên, số điện thoại",
        "1.234 người",
        "09:00 ngày 04/07/2026",
        "quấy rối",
        "đã yêu cầu xóa",
    ):
        assert said in text
    assert UNKNOWN not in text


async def test_an_amendment_is_added_and_the_entry_stays(keeper: Keeper) -> None:
    breach = await open_breach(detected_at=keeper.clock.now(), what="Mất máy tính", people=10, audit=keeper.audit)
    due = breach.notify_by
    keeper.clock.advance(timedelta(hours=1))
    for people in (200, 1234):
        found = await find_breach(breach.id)
        await amend_breach(found, {"people": people, "categories": ("họ tên", "CCCD")}, now=keeper.clock.now(), audit=keeper.audit)
    entry = await find_breach(breach.id)
    assert (entry.people, entry.what, entry.notify_by) == (10, "Mất máy tính", due)
    assert [one.said for one in entry.amendments if one.field == "people"] == ["200", "1234"]
    text = draft(facts_of(entry), keeper.clock.now())
    assert "1.234 người" in text
    assert "họ tên, CCCD" in text
    assert keeper.audit.actions() == ["breach.opened", "breach.amended", "breach.amended"]


def test_what_is_not_known_yet_is_said_so_and_lateness_too() -> None:
    facts = BreachFacts(id="b", detected_at=START, notify_by=START + timedelta(hours=72), what="Chưa rõ")
    assert draft(facts, START).count(UNKNOWN) == 6
    assert "chậm hơn 72 giờ" not in draft(facts, facts.notify_by)
    assert "chậm hơn 72 giờ" in draft(facts, facts.notify_by + timedelta(minutes=1))
