"""An event is the same event after it has lain in the database."""

from datetime import UTC, datetime

import msgspec
import pytest

from kernel.events import Event, decode, encode

AT = datetime(2026, 7, 1, 8, tzinfo=UTC)


class KettleBoiled(Event, frozen=True, kw_only=True, tag="test.kettle_boiled"):
    litres: int
    by: str | None = None


def test_what_is_stored_decodes_to_the_very_event() -> None:
    boiled = KettleBoiled(at=AT, litres=2)
    stored = encode(boiled)
    assert stored["kind"] == KettleBoiled.kind() == "test.kettle_boiled"
    assert stored["at"] == AT
    assert decode(stored) == boiled


def test_each_event_has_an_id_of_its_own() -> None:
    assert KettleBoiled(at=AT, litres=1).id != KettleBoiled(at=AT, litres=1).id


def test_an_event_of_another_version_is_named_and_not_guessed() -> None:
    with pytest.raises(LookupError, match="unheard_of"):
        decode({"kind": "test.unheard_of", "id": "1", "at": AT})
    with pytest.raises(msgspec.ValidationError):
        decode({"kind": "test.kettle_boiled", "id": "1", "at": AT, "litres": "two"})
