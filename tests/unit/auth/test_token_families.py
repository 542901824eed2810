"""In whatever order things happen: one living refresh token in a family, an ended family stays ended, its end never moves."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, multiple, rule, run_state_machine_as_test
from pymongo.database import Database

from auth.opaque import digest, new_secret
from auth.sessions.ended import EndedSessions
from auth.sessions.families import Families, SignIn
from kernel.clock import TestClock
from kernel.ids import new_id

Rows = dict[str, Any]
WINDOW = timedelta(seconds=60)
IDLE = {"citizen": timedelta(days=30), "staff": timedelta(hours=8)}
ABSOLUTE = {"citizen": timedelta(days=180), "staff": timedelta(hours=12)}


@dataclass
class Token:
    """What the model knows of one refresh token."""

    secret: str
    family: "Family"
    idle_until: datetime
    used_at: datetime | None = None
    successor: "Token | None" = None


@dataclass
class Family:
    """What the model knows of one session."""

    session_id: str
    kind: str
    person: str
    key: str | None
    expires_at: datetime
    ended: bool = False
    tokens: list[Token] = field(default_factory=list)


class FamilyLife(RuleBasedStateMachine):
    """Sign-ins, refreshes by owner and thief, retries, sign-outs and time, against the rule said once more in Python."""

    tokens = Bundle("tokens")

    def __init__(self, database: Database[Rows]) -> None:
        super().__init__()
        self.database = database

    @initialize()
    def begin(self) -> None:
        self.clock = TestClock(datetime.now(UTC))
        self.families = Families(self.database, EndedSessions(self.database, self.clock), self.clock)  # type: ignore[arg-type]
        self.known: list[Family] = []
        self.run = new_id()

    @rule(
        target=tokens,
        kind=st.sampled_from(["citizen", "staff"]),
        person=st.sampled_from(["lan", "nam"]),
        key=st.sampled_from([None, "one", "another"]),
    )
    def sign_in(self, kind: Any, person: str, key: str | None) -> Token:
        person = f"{person}-{self.run}"
        sign_in = SignIn(
            person_id=person,
            kind=kind,
            provider="p",
            issuer="i",
            subject=new_id(),
            upstream_sid=None,
            assurance=2,
            authenticated_at=self.clock.now(),
        )
        code = new_secret()
        self.families.open(code, sign_in, client_id="app", redirect_uri="r", scope="openid", code_challenge="c")
        row = self.families.consume_code(code, "app")
        assert row is not None
        grantee = self.families.activate(row["session_id"], key)
        assert grantee is not None
        family = Family(row["session_id"], kind, person, key, self.clock.now() + ABSOLUTE[kind])
        self.known.append(family)
        return self._given(family, grantee.refresh_token)

    @rule(target=tokens, token=tokens)
    def refresh(self, token: Token) -> Any:
        expected = self._may(token)
        grantee = self._ask(token, "app", token.family.key)
        assert (grantee is not None) is expected
        if grantee is None:
            return multiple()
        now = self.clock.now()
        lost, token.used_at = token.successor, token.used_at or now
        if lost is not None:
            lost.used_at = now
        token.successor = self._given(token.family, grantee.refresh_token)
        return token.successor

    @rule(token=tokens, client=st.sampled_from(["other-app", "unknown"]))
    def be_brought_by_another_app(self, token: Token, client: str) -> None:
        assert self._ask(token, client, token.family.key) is None

    @rule(token=tokens, key=st.sampled_from([None, "another", "a-thiefs"]))
    def be_stolen_without_its_key(self, token: Token, key: str | None) -> None:
        """Neither works nor burns: what the owner may do afterwards is what the model says without this step."""
        if token.family.key in (None, key):
            return
        assert self._ask(token, "app", key) is None

    @rule(token=tokens)
    def lock_the_account(self, token: Token) -> None:
        living = [family for family in self.known if family.person == token.family.person and not family.ended]
        assert self.families.end_all(token.family.person, "locked_by_person") == len(living)
        for family in living:
            family.ended = True

    @rule(token=tokens)
    def sign_out(self, token: Token) -> None:
        assert self.families.end(token.family.session_id, "test") is not token.family.ended
        token.family.ended = True

    @rule(step=st.sampled_from([1, 59, 60, 61, 3600, 8 * 3600, 86_400, 29 * 86_400]))
    def let_time_pass(self, step: int) -> None:
        self.clock.advance(timedelta(seconds=step))

    @invariant()
    def at_most_one_token_lives(self) -> None:
        for family in getattr(self, "known", []):
            unused = {"session_id": family.session_id, "used_at": {"$exists": False}}
            assert self.database["refresh_tokens"].count_documents(unused) <= 1

    @invariant()
    def an_end_never_moves_and_never_is_undone(self) -> None:
        for family in getattr(self, "known", []):
            session = self.database["sessions"].find_one({"_id": family.session_id})
            assert session is not None
            assert session["expires_at"] == family.expires_at
            assert ("ended_at" in session) is family.ended

    def _may(self, token: Token) -> bool:
        """The rule, in the words of security.md section 1; also ends the family in the model where the rule says so."""
        now, family = self.clock.now(), token.family
        if family.ended or now >= family.expires_at or now >= token.idle_until:
            return False
        if token.used_at is None:
            return True
        retry = token.successor is not None and token.successor.used_at is None and now - token.used_at <= WINDOW
        family.ended = not retry
        return retry

    def _ask(self, token: Token, client: str, key: str | None) -> Any:
        found = self.families.presented(token.secret, client, key)
        return self.families.rotate(*found) if found else None

    def _given(self, family: Family, secret: str) -> Token:
        assert self.database["refresh_tokens"].find_one({"_id": digest(secret)}) is not None
        token = Token(secret, family, min(self.clock.now() + IDLE[family.kind], family.expires_at))
        family.tokens.append(token)
        return token


@pytest.mark.proves("SEC-28", "SEC-29", "SEC-30", "SEC-31")
def test_the_life_of_token_families(sync_database: Database[Rows]) -> None:
    run_state_machine_as_test(
        partial(FamilyLife, sync_database),
        settings=settings(
            max_examples=25, stateful_step_count=25, deadline=None, database=None, suppress_health_check=list(HealthCheck)
        ),
    )
