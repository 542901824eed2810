"""Every problem explains itself: in two languages, under a code of its own, with a status."""

import pytest

from backend.app import factory  # noqa: F401 - brings every slice, so that every problem is known
from kernel.errors import FieldError, Problem
from kernel.http.problems import STATUS, problem_view, status_of

OURS = ("auth.", "kernel.", "notifications.", "backend.")


def every_problem() -> list[type[Problem]]:
    """Each class the app can raise; the simulators' own do not count."""
    found, waiting = set(), [Problem]
    while waiting:
        subclasses = waiting.pop().__subclasses__()
        found |= set(subclasses)
        waiting += subclasses
    mine = {p for p in found if p.__module__.startswith(OURS) and not p.__module__.startswith("backend.dev")}
    return sorted(mine, key=lambda p: p.__qualname__)


@pytest.mark.parametrize("problem", every_problem(), ids=lambda p: p.__name__)
def test_a_problem_says_itself_in_both_languages_and_has_a_status(problem: type[Problem]) -> None:
    assert "__doc__" in vars(problem), "a docstring of its own is its English sentence"
    assert problem.default_detail().endswith((".", "?")) or ":" in problem.default_detail() or "example" in problem.default_detail()
    assert "vi" in vars(problem), "a Vietnamese sentence of its own"
    assert status_of(problem()) in STATUS.values()
    for language, sentence in (("vi", problem.vi), ("en", problem.default_detail())):
        view = problem_view(problem(), language, "trace")
        assert (view.detail, view.code, view.type) == (sentence, problem.code(), f"/docs#{problem.code()}")


def test_no_two_problems_share_a_code() -> None:
    codes = [problem.code() for problem in every_problem()]
    assert sorted(set(codes)) == sorted(codes)


def test_a_sentence_for_this_one_time_is_english_and_fields_are_named() -> None:
    broken = FieldError("/roles", "last", "H12.13: approver")
    problem = Problem.__subclasses__()[0]("Not like this.", errors=[broken])
    english, vietnamese = (problem_view(problem, language, "t") for language in ("en", "vi"))
    assert (english.detail, vietnamese.detail) == ("Not like this.", type(problem).vi)
    assert english.errors == vietnamese.errors == [broken]


def test_a_code_is_the_class_name_in_snake_case() -> None:
    class SomethingIsWrong(Problem):
        """Something."""

        vi = "Sai."

    assert SomethingIsWrong.code() == "something_is_wrong"
