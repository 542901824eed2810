"""A push as the bytes Firebase is sent: each kind of message is encoded once by firebase-admin, then only its blanks are filled.

firebase-admin checks and encodes field by field, which costs more than all the rest of a send. The pushes of one message to one
kind of target differ in ids and times only, so the encoder is asked once, with marks in their place. What comes out is equal to
what it would have said each time; a test compares them.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final

import msgspec

from notifications.channels.fcm_message import SHORTEST_LIFE, fcm_message
from notifications.channels.port import Push
from notifications.documents import Target

# Marks that no key of the catalogue and no field name contains.
_NOTICE, _ADDRESS = "\u0001n", "\u0001a"
# A moment and a life whose digits stand nowhere else in a message.
_NOW = datetime.fromtimestamp(7_777_000_000, UTC)
_LIFE = timedelta(seconds=1_234_567)
_LIFE_TEXT, _EXPIRES_TEXT = "1234567s", str(7_777_000_000 + 1_234_567)

_Part = str | Callable[[Push, int, int], str]
_quoted = msgspec.json.Encoder()


def _text(value: str) -> str:
    return _quoted.encode(value).decode()


_BLANKS: Final[dict[str, Callable[[Push, int, int], str]]] = {
    '"\\u0001n"': lambda push, _life_s, _expires_s: _text(push.notice_id),
    '"\\u0001a"': lambda push, _life_s, _expires_s: _text(push.target.value),
    f'"{_LIFE_TEXT}"': lambda _push, life_s, _expires_s: f'"{life_s}s"',
    f'"{_EXPIRES_TEXT}"': lambda _push, _life_s, expires_s: f'"{expires_s}"',
}


class Encoded:
    """Remembers the encoded form of each kind of message: as many as the catalogue has, times two kinds of targets."""

    def __init__(self) -> None:
        self._forms: dict[tuple[object, ...], list[_Part]] = {}

    def body(self, push: Push, now: datetime) -> str:
        """The request's body.

        Raises:
            ValueError: firebase-admin refuses to encode such a message.
        """
        kind = (push.target.kind, push.category, push.urgent, push.title_key, push.body_key)
        form = self._forms.get(kind)
        if form is None:
            form = self._forms[kind] = _form(push)
        life = max(push.expires_at - now, SHORTEST_LIFE)
        life_s, expires_s = int(life.total_seconds()), int((now + life).timestamp())
        return "".join([part if isinstance(part, str) else part(push, life_s, expires_s) for part in form])


def _form(push: Push) -> list[_Part]:
    """The message as firebase-admin encodes it, cut at its blanks."""
    marked = Push(
        notice_id=_NOTICE,
        platform=push.platform,
        target=Target(kind=push.target.kind, value=_ADDRESS),
        category=push.category,
        urgent=push.urgent,
        title_key=push.title_key,
        body_key=push.body_key,
        expires_at=_NOW + _LIFE,
    )
    parts: list[_Part] = [f'{{"message":{fcm_message(marked, now=_NOW)}}}']
    for mark, fill in _BLANKS.items():
        parts = [piece for part in parts for piece in (_cut(part, mark, fill) if isinstance(part, str) else [part])]
    return parts


def _cut(text: str, mark: str, fill: Callable[[Push, int, int], str]) -> list[_Part]:
    first, *others = text.split(mark)
    pieces: list[_Part] = [first]
    for other in others:
        pieces += [fill, other]
    return pieces
