"""How long everything lives, in numbers: what was decided and documented (ASVS 7.1.1), so that no slip of the pen moves it."""

from datetime import timedelta

import pytest

from auth import lifetimes
from auth.lifetimes import OF, Lifetimes

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.mark.proves("SEC-31", "SEC-35", "SEC-39")
def test_lifetimes_are_those_that_were_decided() -> None:
    assert OF["citizen"] == Lifetimes(10 * MINUTE, idle=30 * DAY, absolute=180 * DAY)
    assert OF["staff"] == Lifetimes(5 * MINUTE, idle=8 * HOUR, absolute=12 * HOUR)
    assert OF["system"].access_token == 10 * MINUTE
    assert lifetimes.MOST_SESSIONS == {"citizen": 5, "staff": 2}
    assert lifetimes.AUTHORIZATION_CODE == MINUTE
    assert lifetimes.ROTATION_RETRY == MINUTE
    assert lifetimes.DPOP_PROOF == MINUTE
    assert lifetimes.STEP_UP == 5 * MINUTE
    assert (lifetimes.JWKS_MAX_AGE, lifetimes.KEY_PUBLICATION, lifetimes.SIGNING_KEY) == (5 * MINUTE, 10 * MINUTE, 90 * DAY)
