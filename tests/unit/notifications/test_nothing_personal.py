"""What leaves the country in a push: ids and keys of texts the app has itself (SEC-80, SEC-81)."""

import json
import re
from collections.abc import Iterator
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

import pytest

from notifications.channels.fcm_message import fcm_message
from notifications.channels.port import Push
from notifications.documents import Target
from notifications.messages.catalogue import CATALOGUE, localisation_key

pytestmark = pytest.mark.proves("SEC-80", "SEC-81")

NOW = datetime(2026, 7, 1, 8, tzinfo=UTC)
NOTICE = "0" * 26
FID = "f" * 22
CATEGORIES = {message.category for message in CATALOGUE.values()}
KEYS = {localisation_key(message, part) for message in CATALOGUE for part in ("title", "body")}
# Words of the protocol itself, and numbers: priorities, lifetimes, instants.
PROTOCOL = {"high", "normal", "alert", "private", "PRIVATE"}


def leaves(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for child in value.values():
            yield from leaves(child)
    elif isinstance(value, list):
        for child in value:
            yield from leaves(child)
    else:
        yield str(value)


@pytest.mark.parametrize(("key", "platform"), list(product(sorted(CATALOGUE), ("android", "ios", "web"))))
def test_every_word_of_a_push_is_an_id_a_key_or_the_protocols(key: str, platform: str) -> None:
    message = CATALOGUE[key]
    push = Push(
        notice_id=NOTICE,
        platform=platform,
        target=Target(kind="fid", value=FID),
        category=message.category,
        urgent=message.urgency == "high",
        title_key=localisation_key(key, "title"),
        body_key=localisation_key(key, "body"),
        expires_at=NOW + timedelta(days=1),
    )
    told = set(leaves(json.loads(str(fcm_message(push, now=NOW)))))
    unknown = told - {NOTICE, FID} - CATEGORIES - KEYS - PROTOCOL
    assert not [word for word in unknown if not re.fullmatch(r"[0-9.]+s?", word)]


def test_a_push_has_no_place_for_what_fills_a_message() -> None:
    """The blanks of a message (a dossier's code) are seen in the inbox, behind sign-in: the port does not carry them."""
    assert {"params", "code", "name", "body", "title", "link"}.isdisjoint(field.name for field in fields(Push))
