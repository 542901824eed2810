"""Whether a push may leave now: what is muted, and the quiet hours by the clock on the phone."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis.strategies import integers, sampled_from, times

from kernel.clock import VIETNAM
from notifications.documents import Muted, QuietHours
from notifications.messages.catalogue import CATALOGUE, CATEGORIES, MUST_READ
from notifications.preferences.verdict import is_muted, quiet_for, zone_of

pytestmark = pytest.mark.proves("I29")

CAN_WAIT, URGENT = CATALOGUE["dossier.accepted"], CATALOGUE["dossier.result_ready"]
MOMENTS = integers(1_577_836_800, 1_893_456_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
ZONES = [VIETNAM, ZoneInfo("Europe/Berlin"), ZoneInfo("Australia/Lord_Howe"), ZoneInfo("UTC")]


def hours(begins: str, ends: str) -> QuietHours:
    return QuietHours(begins=begins, ends=ends)


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 7, 1, hour, minute, tzinfo=VIETNAM)


@pytest.mark.parametrize(
    ("now", "wait"),
    [
        (at(20, 59), timedelta(0)),
        (at(21), timedelta(hours=10)),
        (at(23, 30), timedelta(hours=7, minutes=30)),
        (at(0), timedelta(hours=7)),
        (at(6, 59), timedelta(minutes=1)),
        (at(7), timedelta(0)),
        (at(12), timedelta(0)),
    ],
)
def test_who_chose_nothing_is_left_alone_from_nine_in_the_evening_until_seven(now: datetime, wait: timedelta) -> None:
    assert quiet_for(QuietHours(), CAN_WAIT, VIETNAM, now.astimezone(UTC)) == wait


def test_what_is_urgent_rings_at_night_and_so_does_everything_for_who_wants_no_quiet() -> None:
    assert quiet_for(QuietHours(), URGENT, VIETNAM, at(3)) == timedelta(0)
    assert quiet_for(QuietHours(on=False), CAN_WAIT, VIETNAM, at(3)) == timedelta(0)


def test_it_goes_by_the_clock_on_the_phone() -> None:
    now = at(15).astimezone(UTC)
    assert quiet_for(QuietHours(), CAN_WAIT, VIETNAM, now) == timedelta(0)
    # In Honolulu it is ten in the evening.
    assert quiet_for(QuietHours(), CAN_WAIT, ZoneInfo("Pacific/Honolulu"), now) == timedelta(hours=9)
    assert zone_of(None) == VIETNAM
    assert zone_of("Europe/Berlin") == ZoneInfo("Europe/Berlin")


def test_hours_within_one_day_and_hours_that_are_none() -> None:
    assert quiet_for(hours("13:00", "15:00"), CAN_WAIT, VIETNAM, at(14)) == timedelta(hours=1)
    assert quiet_for(hours("13:00", "15:00"), CAN_WAIT, VIETNAM, at(15)) == timedelta(0)
    assert quiet_for(hours("13:00", "13:00"), CAN_WAIT, VIETNAM, at(13)) == timedelta(0)


def test_in_the_night_the_clocks_change_the_morning_still_begins_at_seven() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    now = datetime(2026, 10, 24, 21, tzinfo=berlin)
    end = now.astimezone(UTC) + quiet_for(QuietHours(), CAN_WAIT, berlin, now.astimezone(UTC))
    assert end.astimezone(berlin).strftime("%H:%M") == "07:00"
    assert end - now.astimezone(UTC) == timedelta(hours=11)


@given(MOMENTS, times(), times(), sampled_from(ZONES))
def test_who_waits_as_long_as_told_has_waited_long_enough(now: datetime, begins: time, ends: time, zone: ZoneInfo) -> None:
    wanted = hours(f"{begins:%H:%M}", f"{ends:%H:%M}")
    wait = quiet_for(wanted, CAN_WAIT, zone, now)
    assert timedelta(0) <= wait <= timedelta(hours=25)
    if wait:
        assert quiet_for(wanted, CAN_WAIT, zone, now + wait) == timedelta(0)


def test_what_must_be_read_is_never_muted_whatever_is_stored() -> None:
    everything = Muted(push=list(CATEGORIES))
    assert {m.category for m in CATALOGUE.values() if not is_muted(everything, m)} == set(MUST_READ)
    assert not any(is_muted(Muted(), message) for message in CATALOGUE.values())
