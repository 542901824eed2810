"""Zalo's tokens, as Zalo hands them out: a refresh token is good once, and the answer brings the next.

They are signed numbers, so that a simulator started anew knows those of its former life; the last one used is remembered.
"""

import hashlib
import hmac
from dataclasses import dataclass

APP_ID, APP_SECRET = "4200000000000000001", "zalo-app-secret-of-the-development-world"
LIVES_S = 25 * 3_600


def _signed(kind: str, number: int) -> str:
    mac = hmac.new(APP_SECRET.encode(), f"{kind}{number}".encode(), hashlib.sha256).hexdigest()[:32]
    return f"{kind}.{number}.{mac}"


def _number(kind: str, token: str) -> int | None:
    number = token.partition(".")[2].partition(".")[0]
    known = number.isdecimal() and hmac.compare_digest(_signed(kind, int(number)), token)
    return int(number) if known else None


@dataclass
class ZaloAccount:
    """The one official account there is."""

    used: int = -1
    """The last refresh token that was used."""
    refreshed: int = 0
    """How often."""
    withdrawn: int = -1
    """Access tokens up to this one are not taken any more."""

    @property
    def first_refresh_token(self) -> str:
        """What an operator gets when they authorise the app."""
        return _signed("refresh", self.used + 1)

    def refresh(self, token: str) -> tuple[str, str] | None:
        """An access token and the next refresh token; None where this one has been used."""
        number = _number("refresh", token)
        if number is None or number <= self.used:
            return None
        self.used, self.refreshed = number, self.refreshed + 1
        return _signed("access", number), _signed("refresh", number + 1)

    def takes(self, access_token: str) -> bool:
        """Is that an access token of ours, and not withdrawn?"""
        number = _number("access", access_token)
        return number is not None and number > self.withdrawn
