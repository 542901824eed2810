"""How long everything lives: the table ASVS 7.1.1 asks for, in the one place that code and tests both read."""

from datetime import timedelta

import msgspec

from kernel.principal import Kind

AUTHORIZATION_CODE = timedelta(seconds=60)
# A pushed request waits until its person has chosen a provider (RFC 9126, 2.2: "between 5 and 600 seconds").
PUSHED_REQUEST = timedelta(minutes=10)
LOGIN_TRANSACTION = timedelta(minutes=10)

# A phone that lost the answer to its refresh may ask again, for so long and only while nobody has used the answer.
ROTATION_RETRY = timedelta(seconds=60)

# Keys are cached by others for five minutes, and a new one must have been seen by everybody before it signs (SEC-39).
JWKS_MAX_AGE = timedelta(minutes=5)
KEY_PUBLICATION = timedelta(minutes=10)
# A signing key serves for so long; then the next one, which has been published all the while.
SIGNING_KEY = timedelta(days=90)

# A proof of possession is as old as its `iat` says, give or take the difference of two clocks (SEC-24).
DPOP_PROOF = timedelta(seconds=60)
# Where proofs carry a nonce of ours: a new one so often, and the one before it still counts (SEC-25).
DPOP_NONCE = timedelta(minutes=5)

# How lately somebody must have signed in before an act that cannot be taken back (SEC-37).
STEP_UP = timedelta(minutes=5)

# A citizen's word that somebody may act for them waits so long to be taken up; long enough to read a code to a person at a desk.
ACT_FOR_CODE = timedelta(minutes=5)
# How long whoever acts for a citizen may do so at most. The community digital team helps while one sits beside the other.
ACT_FOR = {"assistant": timedelta(hours=1), "proxy": timedelta(days=1), "guardian": timedelta(days=30)}
# What stands in the citizen's list afterwards.
ACT_FOR_MEMORY = timedelta(days=90)

# Role changes act at once: what the directory said is believed for so long (SEC-47).
DIRECTORY_CACHE = timedelta(seconds=5)


class Lifetimes(msgspec.Struct, frozen=True):
    """Of one kind of caller: the access token, and the session by disuse (`idle`) and in all (`absolute`)."""

    access_token: timedelta
    idle: timedelta
    absolute: timedelta


OF: dict[Kind, Lifetimes] = {
    "citizen": Lifetimes(timedelta(minutes=10), idle=timedelta(days=30), absolute=timedelta(days=180)),
    "staff": Lifetimes(timedelta(minutes=5), idle=timedelta(hours=8), absolute=timedelta(hours=12)),
    # A system has no session: it proves its key again for every token.
    "system": Lifetimes(timedelta(minutes=10), idle=timedelta(0), absolute=timedelta(0)),
}

# On so many devices somebody may be signed in at once; the longest unused goes (ASVS 7.1.2; SEC-35).
MOST_SESSIONS: dict[Kind, int] = {"citizen": 5, "staff": 2}

LONGEST_ACCESS_TOKEN = max(lifetimes.access_token for lifetimes in OF.values())
