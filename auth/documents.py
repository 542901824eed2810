"""What auth stores, and every index on it.

    Person ──< Session ──< RefreshToken        a session is a grant, a token family and the `sid` of its access tokens
                  └──── AuthorizationCode      PushedRequest, LoginTransaction: between authorize and callback
                  └──── Delegation             somebody may act for the person
    SigningKey                                 SpentToken: what counts once and has been used

They are changed by single atomic statements next to the rule each serves, and not through `commit`, because each of those rules
is a race that the database has to decide. What is past `expires_at` or `forget_at` the database removes by
itself; that is tidiness, and no rule relies on when it happens.
"""

from datetime import datetime, timedelta
from typing import ClassVar, Literal

from pydantic import BaseModel
from pymongo import IndexModel

from kernel.ids import derived_id
from kernel.mongo.document import Stored
from kernel.privacy.field import PersonalText, PersonName

SignedInKind = Literal["citizen", "staff"]


def _forgotten_at(field: str) -> IndexModel:
    return IndexModel([(field, 1)], name=f"{field}_ttl", expireAfterSeconds=0)


class Identity(BaseModel, frozen=True):
    """One account of a person with one provider. (issuer, subject) is the account; nothing else identifies anybody (SEC-16)."""

    provider: str
    issuer: str
    subject: str


def account_subject(issuer: str, subject: str) -> str:
    """The data subject of an account without a personal number."""
    return "account:" + derived_id(issuer, subject)


class Person(Stored):
    """Somebody who has signed in with an official account.

    A citizen's name is sealed, and `citizen_key` is their data subject, found by the personal number, which is not kept. An
    official's name is the directory's to say; `email` is the official address by which the directory knows them.
    """

    kind: SignedInKind
    identities: list[Identity]
    name: PersonName | None = None
    email: str | None = None
    citizen_key: str | None = None
    created_at: datetime
    signed_in_at: datetime
    locked_at: datetime | None = None
    unlock_digest: str | None = None

    def data_subject(self) -> str:
        """The citizen; an account that vouches for no personal number stands for itself."""
        return self.citizen_key or account_subject(self.identities[0].issuer, self.identities[0].subject)

    class Settings:
        name = "people"
        indexes = (
            IndexModel([("identities.issuer", 1), ("identities.subject", 1)], name="identity_unique", unique=True),
            IndexModel([("email", 1)], name="official", sparse=True),
            IndexModel([("unlock_digest", 1)], name="locked", sparse=True),
        )


class LoginTransaction(Stored):
    """A sign-in under way at a provider, found by the hash of its `state` and only with the cookie of the browser that began it."""

    provider: str
    browser: str
    nonce: str
    code_verifier: str
    request: dict[str, str]
    created_at: datetime
    expires_at: datetime

    class Settings:
        name = "login_transactions"
        indexes = (_forgotten_at("expires_at"),)


class PushedRequest(Stored):
    """What an app wants, said beforehand (RFC 9126), under the hash of the name the browser brings."""

    client_id: str
    request: dict[str, str]
    created_at: datetime
    expires_at: datetime

    class Settings:
        name = "pushed_requests"
        indexes = (_forgotten_at("expires_at"),)


class AuthorizationCode(Stored):
    """A code, under its hash, and the thumbprint of the key that has to redeem it, where the app named one.

    Kept past its life for as long as its tokens may live, so that a replay can end them (SEC-06).
    """

    client_id: str
    redirect_uri: str
    scope: str
    code_challenge: str
    session_id: str
    jkt: str | None = None
    expires_at: datetime
    used_at: datetime | None = None
    forget_at: datetime

    class Settings:
        name = "authorization_codes"
        indexes = (_forgotten_at("forget_at"),)


class Helper(BaseModel, frozen=True):
    """Who acts in somebody's place, and the session in which they are signed in themselves."""

    person_id: str
    kind: SignedInKind
    session_id: str


class Session(Stored):
    """One sign-in of one person with one app. Its id is the `sid` in access tokens; ending it is one write, and ends them all.

    `jkt` is the thumbprint of the key its tokens are bound to (RFC 9449), set with the first token and for good. `device` is
    what the app calls itself, `label` what its person calls it, sealed under the key of `named_by`, who they are as a data subject.
    In a session with a `helper` that other one acts for the person.
    """

    emits_events: ClassVar[bool] = True

    person_id: str
    kind: SignedInKind
    client_id: str
    scope: str
    provider: str
    issuer: str
    subject: str
    upstream_sid: str | None = None
    jkt: str | None = None
    device: str | None = None
    label: PersonalText | None = None
    named_by: str | None = None
    helper: Helper | None = None
    assurance: int = 0
    authenticated_at: datetime | None = None
    created_at: datetime
    last_seen_at: datetime
    activated_at: datetime | None = None
    expires_at: datetime
    ended_at: datetime | None = None
    end_reason: str | None = None

    class Settings:
        name = "sessions"
        indexes = (
            IndexModel([("person_id", 1), ("created_at", -1)], name="of_person"),
            IndexModel([("issuer", 1), ("subject", 1)], name="of_account"),
            IndexModel([("issuer", 1), ("upstream_sid", 1)], name="of_upstream_session"),
            IndexModel([("helper.session_id", 1)], name="of_helper", sparse=True),
            IndexModel([("ended_at", 1)], name="lately_ended", partialFilterExpression={"ended_at": {"$exists": True}}),
            _forgotten_at("expires_at"),
        )

    def data_subject(self) -> str:
        return self.named_by or self.person_id


class RefreshToken(Stored):
    """A refresh token, under its hash. At most one of a session is unused; a used one names its `successor` (SEC-28, SEC-29)."""

    session_id: str
    client_id: str
    issued_at: datetime
    expires_at: datetime
    used_at: datetime | None = None
    successor: str | None = None

    class Settings:
        name = "refresh_tokens"
        indexes = (IndexModel([("session_id", 1)], name="of_session"), _forgotten_at("expires_at"))


class Delegation(Stored):
    """A citizen's word that another may act for them: open under the hash of a code until it is taken up, once.

    Its id is that of the session in which the helper then acts.
    """

    person_id: str
    given_in: str
    """The session in which it was given."""
    relation: str
    scopes: list[str]
    lasts_s: int
    code_digest: str
    created_at: datetime
    code_expires_at: datetime
    taken_up_at: datetime | None = None
    helper_kind: SignedInKind | None = None
    helper_agencies: list[str] = []
    forget_at: datetime

    class Settings:
        name = "delegations"
        indexes = (
            IndexModel([("person_id", 1), ("created_at", -1)], name="of_person"),
            IndexModel([("code_digest", 1)], name="by_code", unique=True),
            _forgotten_at("forget_at"),
        )


class SigningKey(Stored):
    """A key pair, under its RFC 7638 thumbprint; the private half encrypted (JWE) with the secret from the settings."""

    state: Literal["next", "active", "retired"]
    public_jwk: dict[str, str]
    private_jwe: str
    created_at: datetime
    activated_at: datetime | None = None
    retired_at: datetime | None = None
    forget_at: datetime | None = None

    class Settings:
        name = "signing_keys"
        indexes = (
            # One active key and one next, also when two processes start at once on an empty database.
            IndexModel(
                [("state", 1)],
                name="one_of_each",
                unique=True,
                partialFilterExpression={"state": {"$in": ["active", "next"]}},
            ),
            _forgotten_at("forget_at"),
        )


class SpentToken(Stored):
    """A signed statement that counts once and has been used, under the hash of its issuer and `jti`."""

    expires_at: datetime

    class Settings:
        name = "spent_tokens"
        indexes = (_forgotten_at("expires_at"),)


DOCUMENTS: tuple[type[Stored], ...] = (
    Person,
    PushedRequest,
    LoginTransaction,
    AuthorizationCode,
    Session,
    RefreshToken,
    Delegation,
    SigningKey,
    SpentToken,
)

# A used or replaced code is remembered for this long after its own minute.
CODE_MEMORY = timedelta(hours=1)
