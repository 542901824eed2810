"""Periods, keys and forms, as GeoReport v2 has them."""

import hashlib
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.open311 import dates
from backend.open311.errors import DateMalformed, FormMalformed, PeriodTooLong
from backend.open311.keys import Open311Key, whose
from backend.open311.parameters import form, question, several

NOW = datetime(2026, 11, 25, 6, 0, tzinfo=UTC)
MOMENTS = st.integers(631_152_000, 3_786_912_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
KEY = Open311Key(client_id="a", name="A", key_sha256=hashlib.sha256(b"first").hexdigest())
NEXT = Open311Key(client_id="a", name="A", key_sha256=hashlib.sha256(b"second").hexdigest())


@given(MOMENTS)
def test_a_time_is_read_as_it_was_written(at: datetime) -> None:
    assert dates.read("start_date", dates.written(at)) == at.replace(microsecond=0)


def test_a_time_in_any_zone_is_the_same_time() -> None:
    for written in ("1994-11-05T08:15:30-05:00", "1994-11-05T13:15:30Z", "1994-11-05T13:15:30.0Z", "1994-11-05T20:15:30+07:00"):
        assert dates.read("end_date", written) == datetime(1994, 11, 5, 13, 15, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "wrong",
    [
        "2026-01-01",
        "2026-01-01T08:00:00",
        "2026-01-01T08:00:00 07:00",
        "yesterday",
        "2026-13-01T00:00:00Z",
        "0001-01-01T00:00:00+14:00",
    ],
)
def test_a_time_without_its_zone_is_none(wrong: str) -> None:
    with pytest.raises(DateMalformed) as raised:
        dates.read("start_date", wrong)
    assert [one.pointer for one in raised.value.errors] == ["start_date"]


def test_an_open_end_is_ninety_days_away() -> None:
    second = timedelta(seconds=1)
    assert dates.period(None, None, NOW) == (NOW - dates.LONGEST, NOW + second)
    assert dates.period("2026-01-01T00:00:00Z", None, NOW)[1] == datetime(2026, 4, 1, tzinfo=UTC) + second
    assert dates.period(None, "2026-04-01T00:00:00Z", NOW)[0] == datetime(2026, 1, 1, tzinfo=UTC)


@given(MOMENTS, st.timedeltas(timedelta(days=-200), timedelta(days=200)))
def test_a_period_is_never_longer_than_ninety_days_nor_the_wrong_way_round(start: datetime, span: timedelta) -> None:
    start = start.replace(microsecond=0)
    end = (start + span).replace(microsecond=0)
    asked = (dates.written(start), dates.written(end), NOW)
    if timedelta(0) <= end - start <= dates.LONGEST:
        assert dates.period(*asked) == (start, end + timedelta(seconds=1))
    else:
        with pytest.raises(PeriodTooLong):
            dates.period(*asked)


def test_the_beginning_and_the_end_of_time_are_no_fault_of_ours() -> None:
    for ends in (("9999-12-31T00:00:00Z", None), (None, "0001-01-02T00:00:00Z"), ("9999-12-31T23:59:59Z",) * 2):
        with pytest.raises(PeriodTooLong):
            dates.period(*ends, NOW)


def test_a_key_is_known_by_its_hash_alone_and_a_client_may_have_two() -> None:
    assert whose([KEY, NEXT], "first") == KEY
    assert whose([KEY, NEXT], "second") == NEXT
    assert whose([KEY], KEY.key_sha256) is None
    assert whose([KEY], "") is None
    assert whose([], "first") is None
    with pytest.raises(ValueError, match="key_sha256"):
        Open311Key(client_id="a", name="A", key_sha256="first")


def test_what_is_empty_is_absent_and_what_stands_twice_is_a_list() -> None:
    assert question(b"status=&service_code=water&service_code=health&x=%20") == {"service_code": "water,health"}
    assert several(" water, ,health,water") == ["water", "health"]
    assert several(None) == []


def test_a_form_has_fields_and_attributes() -> None:
    read = form("service_code=water&attribute[urgency]=urgent&attribute[a][]=1&attribute[a][]=2&email=&description=Nước".encode())
    assert read.fields == {"service_code": "water", "description": "Nước"}
    assert read.attributes == {"urgency": ["urgent"], "a": ["1", "2"]}


@pytest.mark.parametrize("body", [b"a=1&a=2", b"a=%ff", b"\xff", b"&".join(b"a%d=1" % n for n in range(200))])
def test_what_is_no_form_is_refused(body: bytes) -> None:
    with pytest.raises(FormMalformed):
        form(body)
