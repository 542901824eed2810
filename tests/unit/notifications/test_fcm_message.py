"""What is sent of every message: small, of strings, with keys of the catalogue and nothing reserved."""

import json
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis.strategies import integers, sampled_from, text

from notifications.channels.fcm_encoded import Encoded
from notifications.channels.fcm_message import fcm_message
from notifications.channels.port import Push
from notifications.documents import Target
from notifications.messages.catalogue import CATALOGUE, localisation_key

NOW = datetime(2026, 7, 1, 8, tzinfo=UTC)


def encoded(key: str, platform: str, kind: str, life: timedelta = timedelta(days=28)) -> dict[str, object]:
    message = CATALOGUE[key]
    push = Push(
        notice_id="0" * 26,
        platform=platform,
        target=Target(kind=kind, value="x" * 4096 if kind == "token" else "f" * 22),  # type: ignore[arg-type]
        category=message.category,
        urgent=message.urgency == "high",
        title_key=localisation_key(key, "title"),
        body_key=localisation_key(key, "body"),
        expires_at=NOW + life,
    )
    return dict(json.loads(str(fcm_message(push, now=NOW))))


@pytest.mark.proves("I28")
@pytest.mark.parametrize(("key", "platform"), list(product(sorted(CATALOGUE), ("android", "ios", "web"))))
def test_every_message_fits_and_uses_no_reserved_key(key: str, platform: str) -> None:
    message = encoded(key, platform, "fid")
    assert len(json.dumps(message, ensure_ascii=False).encode()) <= 4096
    data = message["data"]
    assert isinstance(data, dict)
    assert all(isinstance(value, str) for value in data.values())
    assert not any(name in ("from", "collapse_key") or name.startswith(("gcm", "google")) for name in data)


@pytest.mark.proves("I9")
@pytest.mark.parametrize("key", sorted(CATALOGUE))
def test_the_same_notice_has_the_same_tag_everywhere(key: str) -> None:
    message = encoded(key, "android", "fid")
    collapse = message["apns"]["headers"]["apns-collapse-id"]  # type: ignore[index]
    assert message["android"]["notification"]["tag"] == collapse == message["data"]["nid"]  # type: ignore[index]
    assert len(collapse.encode()) <= 64


@pytest.mark.filterwarnings("ignore:.*token.*:DeprecationWarning")
def test_an_older_app_is_reached_by_its_token() -> None:
    assert "token" in encoded("dossier.accepted", "android", "token")
    assert "fid" in encoded("dossier.accepted", "android", "fid")


@pytest.mark.proves("I24")
@given(integers(-100, 2_419_200))
def test_life_on_the_way_is_what_the_notice_has_left(seconds: int) -> None:
    message = encoded("dossier.accepted", "android", "fid", timedelta(seconds=seconds))
    left = max(seconds, 1)
    assert message["android"]["ttl"] == f"{left}s"  # type: ignore[index]
    assert message["apns"]["headers"]["apns-expiration"] == str(int(NOW.timestamp()) + left)  # type: ignore[index]


@pytest.mark.proves("I28")
@pytest.mark.filterwarnings("ignore:.*token.*:DeprecationWarning")
@given(
    key=sampled_from(sorted(CATALOGUE)),
    kind=sampled_from(["fid", "token"]),
    notice=text(min_size=1, max_size=30),
    address=text(min_size=1, max_size=60),
    seconds=integers(-100, 2_419_200),
)
def test_filled_in_it_is_what_firebase_admin_would_have_encoded(
    key: str, kind: Any, notice: str, address: str, seconds: int
) -> None:
    message = CATALOGUE[key]
    push = Push(
        notice_id=notice,
        platform="android",
        target=Target(kind=kind, value=address),
        category=message.category,
        urgent=message.urgency == "high",
        title_key=localisation_key(key, "title"),
        body_key=localisation_key(key, "body"),
        expires_at=NOW + timedelta(seconds=seconds),
    )
    encoder = Encoded()
    for _ in range(2):
        assert json.loads(encoder.body(push, NOW)) == {"message": json.loads(str(fcm_message(push, now=NOW)))}
