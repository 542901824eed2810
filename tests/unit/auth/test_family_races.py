"""Two who come at the same moment: the database decides, and never for both."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from pymongo.database import Database

from auth.opaque import digest, new_secret
from auth.sessions.ended import EndedSessions
from auth.sessions.families import Families, Grantee, SignIn
from kernel.clock import TestClock
from kernel.ids import new_id

Rows = dict[str, Any]
ROUNDS = 40


@pytest.fixture
def clock() -> TestClock:
    return TestClock(datetime.now(UTC))


@pytest.fixture
def families(sync_database: Database[Rows], clock: TestClock) -> Families:
    return Families(sync_database, EndedSessions(sync_database, clock), clock)  # type: ignore[arg-type]


def opened(families: Families, clock: TestClock) -> str:
    """A code, not redeemed yet."""
    sign_in = SignIn(
        person_id=new_id(),
        kind="citizen",
        provider="p",
        issuer="i",
        subject=new_id(),
        upstream_sid=None,
        assurance=2,
        authenticated_at=clock.now(),
    )
    code = new_secret()
    families.open(code, sign_in, client_id="app", redirect_uri="r", scope="openid", code_challenge="c")
    return code


def signed_in(families: Families, clock: TestClock) -> Grantee:
    row = families.consume_code(opened(families, clock), "app")
    assert row is not None
    grantee = families.activate(row["session_id"])
    assert grantee is not None
    return grantee


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """Run every call in a thread of its own, all let go by one barrier."""
    barrier = Barrier(len(calls))

    def run(call: Callable[[], Any]) -> Any:
        barrier.wait()
        return call()

    with ThreadPoolExecutor(len(calls)) as threads:
        return list(threads.map(run, calls))


def refresh(families: Families, secret: str) -> Grantee | None:
    found = families.presented(secret, "app")
    return families.rotate(*found) if found else None


def living(db: Database[Rows], session_id: str) -> int:
    if "ended_at" in (db["sessions"].find_one({"_id": session_id}) or {}):
        return 0
    return db["refresh_tokens"].count_documents({"session_id": session_id, "used_at": {"$exists": False}})


@pytest.mark.proves("SEC-06")
def test_a_code_is_found_by_exactly_one(families: Families, clock: TestClock) -> None:
    for _ in range(ROUNDS):
        code = opened(families, clock)
        found = at_once(*[lambda code=code: families.consume_code(code, "app")] * 4)
        assert sum(row is not None for row in found) == 1


@pytest.mark.proves("SEC-06")
def test_a_code_and_the_session_it_opens_each_expire_after_a_minute(families: Families, clock: TestClock) -> None:
    late, in_time = opened(families, clock), opened(families, clock)
    row = families.consume_code(in_time, "app")
    assert row is not None
    clock.advance(timedelta(seconds=60))
    assert families.consume_code(late, "app") is None
    assert families.activate(row["session_id"]) is None


@pytest.mark.proves("SEC-06")
def test_a_session_comes_to_life_once_and_not_after_its_end(families: Families, clock: TestClock) -> None:
    for ended in (False, True):
        row = families.consume_code(opened(families, clock), "app")
        assert row is not None
        session_id = row["session_id"]
        if ended:
            families.end(session_id, "test")
        given = at_once(*[lambda session_id=session_id: families.activate(session_id)] * 4)
        assert sum(grantee is not None for grantee in given) == (0 if ended else 1)


@pytest.mark.proves("SEC-28", "SEC-29")
def test_a_retry_and_the_use_of_the_lost_answer_never_leave_two_living_tokens(
    families: Families, clock: TestClock, sync_database: Database[Rows]
) -> None:
    """The owner uses the answer while a thief asks for it again: whoever's statement comes second ends the family."""
    for _ in range(ROUNDS):
        first = signed_in(families, clock)
        answer = refresh(families, first.refresh_token)
        assert answer is not None
        at_once(
            lambda answer=answer: refresh(families, answer.refresh_token),
            lambda first=first: refresh(families, first.refresh_token),
        )
        assert living(sync_database, first.session["_id"]) <= 1


@pytest.mark.proves("SEC-28")
def test_a_process_that_dies_before_or_after_the_hand_over_locks_nobody_out(
    families: Families, clock: TestClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand_over = families._hand_over

    def die_before(*_: Any) -> bool:
        raise ConnectionError

    def die_after(used: str, successor: str, now: datetime) -> bool:
        hand_over(used, successor, now)
        raise ConnectionError

    for death in (die_before, die_after):
        first = signed_in(families, clock)
        with monkeypatch.context() as patch:
            patch.setattr(families, "_hand_over", death)
            with pytest.raises(ConnectionError):
                refresh(families, first.refresh_token)
        again = refresh(families, first.refresh_token)
        assert again is not None
        assert refresh(families, again.refresh_token) is not None


class Interleaved:
    """The token collection, with somebody who acts right after its owner has looked whether `watched` is unused."""

    def __init__(self, tokens: Any, watched: str, act: Callable[[], Any]) -> None:
        self._tokens, self._watched, self._act = tokens, watched, act

    def __getattr__(self, name: str) -> Any:
        return getattr(self._tokens, name)

    def find_one(self, query: Rows, *args: Any) -> Any:
        found = self._tokens.find_one(query, *args)
        if query.get("_id") == self._watched and "used_at" in query:
            self._act()
        return found


@pytest.mark.proves("SEC-29")
def test_an_answer_used_between_a_retrys_look_and_its_hand_over_ends_the_family(
    families: Families, clock: TestClock, sync_database: Database[Rows], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = signed_in(families, clock)
    answer = refresh(families, first.refresh_token)
    assert answer is not None
    owner = Families(sync_database, EndedSessions(sync_database, clock), clock)  # type: ignore[arg-type]
    used: list[Grantee | None] = []
    watched = Interleaved(families._tokens, digest(answer.refresh_token), lambda: used.append(refresh(owner, answer.refresh_token)))
    monkeypatch.setattr(families, "_tokens", watched)
    assert refresh(families, first.refresh_token) is None
    assert used[0] is not None
    assert refresh(owner, used[0].refresh_token) is None
    assert living(sync_database, first.session["_id"]) == 0
