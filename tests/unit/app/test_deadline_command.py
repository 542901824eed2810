"""`motcua deadline` answers for any start and unit, and says what it cannot answer."""

import json

import pytest
from click.testing import CliRunner

from backend.cli import main


def run(*words: str) -> tuple[int, str]:
    done = CliRunner().invoke(main, ["deadline", *words])
    return done.exit_code, done.output


def test_the_example_of_the_help_is_the_golden_vector() -> None:
    code, said = run("2026-02-12T09:00", "--working-days", "5", "--json")
    answer = json.loads(said)
    assert (code, answer["dueAt"]) == (0, "2026-02-26T17:00:00+07:00")
    assert [day["kind"] for day in answer["days"]].count("counted") == 5
    assert "Tết Nguyên Đán" in {day["why"] for day in answer["days"]}


@pytest.mark.parametrize(
    ("words", "due"),
    [
        (["2026-11-05T09:00", "--calendar-days", "10"], "2026-11-16T17:00:00+07:00"),
        (["2026-11-06T16:00", "--working-hours", "2"], "2026-11-09T08:00:00+07:00"),
        (["2026-11-08T15:30:00Z", "--hours", "12"], "2026-11-09T03:30:00+00:00"),
        (["2026-01-31T09:00", "--months", "1"], "2026-03-02T17:00:00+07:00"),
        (["2026-11-06T15:00", "--working-days", "1", "--cutoff", "15:00"], "2026-11-10T17:00:00+07:00"),
    ],
)
def test_it_answers_for_every_unit(words: list[str], due: str) -> None:
    code, said = run(*words, "--json")
    assert (code, json.loads(said)["dueAt"]) == (0, due)


def test_people_get_a_table_and_a_date() -> None:
    code, said = run("2026-02-12T09:00", "--working-days", "5")
    assert code == 0
    assert "Tết Nguyên Đán" in said
    assert "due 2026-02-26 17:00" in said


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["2026-02-12T09:00"], "name one term"),
        (["2026-02-12T09:00", "--hours", "1", "--months", "1"], "name one term"),
        (["yesterday", "--hours", "1"], "is no time"),
        (["2019-02-12T09:00", "--working-days", "1"], "2019"),
    ],
)
def test_what_cannot_be_answered_is_said(words: list[str], sentence: str) -> None:
    code, said = run(*words)
    assert code != 0
    assert sentence in said
