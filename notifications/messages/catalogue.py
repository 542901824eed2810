"""The catalogue, checked when imported: every message in every language, every blank named, so that nothing fails at night."""

from datetime import timedelta
from importlib.resources import files
from typing import Final, Literal, get_args

import msgspec

from kernel.http.language import LANGUAGES

Category = Literal["dossier", "feedback", "account", "privacy", "action_required", "result_ready"]
CATEGORIES: Final[tuple[str, ...]] = get_args(Category)
# They ask the citizen to act, bring what they wait for, or warn of a stranger on the account: nobody can switch them off (I29).
MUST_READ: Final = frozenset({"action_required", "result_ready", "account"})
# What a push says to somebody who does not want to have it said what it is about; the app has the words under these keys.
ANONYMOUS: Final = "notice.anonymous"


class Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A message in one language; `{code}` is a blank."""

    title: str
    body: str


class Message(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One message: which group it is in (the phone's notification channel), how urgent, how many hours it stays worth a push."""

    category: Category
    urgency: Literal["normal", "high"]
    ttl_hours: int
    vi: Words
    en: Words
    km: Words

    @property
    def lifetime(self) -> timedelta:
        """How long a push of it may still arrive."""
        return timedelta(hours=self.ttl_hours)

    def render(self, language: str, params: dict[str, str]) -> Words:
        """The words with their blanks filled; a missing blank stays visible as its name."""
        words: Words = {"en": self.en, "km": self.km}.get(language, self.vi)
        filled = _Blanks(params)
        return Words(title=words.title.format_map(filled), body=words.body.format_map(filled))


class _Blanks(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return f"({name})"


def _load() -> dict[str, Message]:
    raw = (files("notifications.messages") / "catalogue.json").read_bytes()
    catalogue = msgspec.json.decode(raw, type=dict[str, Message])
    for key, message in catalogue.items():
        for language in LANGUAGES:
            message.render(language, {"code": "H12.1-260101-0001"})
        if message.lifetime > timedelta(days=28):
            raise ValueError(f"{key}: FCM keeps a message for 28 days at most")
    return catalogue


CATALOGUE = _load()


def localisation_key(message: str, part: str) -> str:
    """The key under which the app has the words of a push: `dossier_result_ready_title`."""
    return f"{message.replace('.', '_')}_{part}"
