"""The table of moves hangs together, refuses to be bent, and means what cases.md 1.1 says."""

from dataclasses import replace
from datetime import timedelta

import pytest

from backend.feedback import states
from backend.feedback.categories import CATEGORIES
from backend.feedback.doors import DOORS, KINDS, RATING_REASONS, REJECTIONS
from backend.feedback.reactions import MESSAGES
from backend.feedback.states import FEEDBACK, STATES, check
from backend.feedback.wording import Words
from kernel.machine import Machine, move
from notifications.messages.catalogue import CATALOGUE

# cases.md 1.1 and domain.md B7; `submitted_for_approval` is the second pair of eyes.
NAMES = {
    *("received", "classified", "assigned", "in_progress", "awaiting_reporter", "forwarded_external", "submitted_for_approval"),
    *("answered", "closed", "rejected", "redirected", "merged", "withdrawn", "reopen_requested", "reopened"),
}
WAYS = {
    "received": {"classified", "rejected", "redirected", "merged", "withdrawn"},
    "classified": {"classified", "assigned", "rejected", "redirected", "merged", "withdrawn"},
    "assigned": {"assigned", "in_progress", "redirected", "merged", "withdrawn"},
    "in_progress": {"assigned", "awaiting_reporter", "forwarded_external", "submitted_for_approval", "answered", "merged"},
    "awaiting_reporter": {"in_progress", "merged"},
    "forwarded_external": {"in_progress", "submitted_for_approval", "answered", "merged"},
    "submitted_for_approval": {"answered", "in_progress", "merged"},
    "answered": {"reopened", "reopen_requested", "closed"},
    "reopen_requested": {"reopened", "closed", "merged"},
    "reopened": {"assigned", "in_progress", "submitted_for_approval", "answered", "merged"},
}
KHMER = range(0x1780, 0x1800)


def test_the_states_and_the_ways_between_them_are_those_that_were_agreed() -> None:
    assert set(STATES) == NAMES
    assert {name: {step.target for step in FEEDBACK.from_state(name)} for name in STATES} == {
        name: WAYS.get(name, set()) for name in NAMES
    }


def test_an_end_is_an_end_and_every_pause_has_one() -> None:
    assert {s.name for s in STATES.values() if s.terminal} == {"closed", "rejected", "redirected", "merged", "withdrawn"}
    assert {s.name for s in STATES.values() if s.clock == "paused"} == {"awaiting_reporter"}
    assert {s.name: s.times_out.after for s in STATES.values() if s.times_out} == {
        "awaiting_reporter": timedelta(days=7),
        "answered": timedelta(days=7),
    }


def test_every_step_has_somebody_who_may_take_it() -> None:
    who = {"citizen", "clock", "dispatcher", "handler", "approver"}
    assert [m.name for m in FEEDBACK.moves if not m.by or m.by - who] == []


def test_what_is_said_in_public_is_said_in_khmer_letters_too() -> None:
    said = [
        *(state.words for state in STATES.values()),
        *(Words(m.vi, m.en, m.km) for m in FEEDBACK.moves),
        *(category.words for category in CATEGORIES.values()),
        *(door.words for door in DOORS.values()),
        *(door.explanation for door in DOORS.values()),
        *REJECTIONS.values(),
        *(reason.words for reason in RATING_REASONS.values()),
    ]
    assert [words.en for words in said if not any(ord(letter) in KHMER for letter in words.km)] == []


def test_words_that_are_missing_a_language_are_refused() -> None:
    with pytest.raises(ValueError, match="every language"):
        Words("Đã tiếp nhận", "Received", "")


def test_every_step_the_citizen_is_told_of_has_a_message_of_the_same_weight() -> None:
    told = {m.target: m.tells for m in FEEDBACK.moves if m.tells}
    assert {target for target in told if MESSAGES.get(target) not in CATALOGUE} == set()
    assert {t for t in told if (told[t] == "action_required") != (CATALOGUE[MESSAGES[t]].category == "action_required")} == set()


def test_there_are_ten_categories_and_every_kind_has_one() -> None:
    assert len(CATEGORIES) == 10
    assert {kind for category in CATEGORIES.values() for kind in category.kinds} == set(KINDS)
    assert {kind for kind, door in DOORS.items() if door.open_here} == set(KINDS)


def test_what_the_contract_lets_in_is_what_the_tables_have() -> None:
    from typing import get_args

    from backend.feedback.schemas.citizen import ReasonForRating, SendFeedback
    from backend.feedback.schemas.staff import RedirectFeedback, RejectFeedback

    assert set(get_args(ReasonForRating)) == set(RATING_REASONS)
    assert set(get_args(RejectFeedback.__annotations__["reason"])) == set(REJECTIONS)
    assert set(get_args(SendFeedback.__annotations__["kind"])) == set(DOORS)
    assert set(get_args(RedirectFeedback.__annotations__["door"])) <= set(DOORS)


def a_table(**change):
    sources = {**STATES, **change}
    return {name: state for name, state in sources.items() if state}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"awaiting_reporter": replace(STATES["awaiting_reporter"], times_out=None)}, "pauses for ever"),
        (
            {"awaiting_reporter": replace(STATES["awaiting_reporter"], times_out=states.TimeOut(timedelta(1), "reply"))},
            "into nothing",
        ),
        ({"received": replace(STATES["received"], promise=None)}, "which promise"),
        ({"closed": replace(STATES["closed"], promise="answer")}, "which promise"),
        ({"received": replace(STATES["received"], public="on its way")}, "no such public state"),
        ({"merged": None}, "in one table only"),
    ],
)
def test_a_table_that_does_not_hang_together_is_refused(change: dict, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        check(a_table(**change), FEEDBACK)


def test_a_button_without_its_khmer_is_refused() -> None:
    machine = Machine("m", ["received"], move("a", ["received"], "closed", "vi", "en", by="clock"))
    with pytest.raises(ValueError, match="a: not said"):
        check({name: STATES[name] for name in ("received", "closed")}, machine)
