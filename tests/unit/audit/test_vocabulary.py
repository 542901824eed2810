"""Every code that any room records is said in words."""

import ast

from backend.audit.vocabulary import ACTS, FIELDS, PURPOSES, ROLES, said
from tests.architecture.house import source_files


def recorded(keyword: str) -> set[str]:
    """Every literal given as this argument of an `AuditEntry` anywhere in the product."""
    return {
        argument.value.value
        for file in source_files()
        for call in ast.walk(file.tree)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "AuditEntry"
        for argument in call.keywords
        if argument.arg == keyword and isinstance(argument.value, ast.Constant) and isinstance(argument.value.value, str)
    }


def test_every_recorded_action_and_purpose_has_its_words() -> None:
    assert recorded("action"), "nobody records anything: this test looks in the wrong place"
    assert recorded("action") - set(ACTS) == set()
    assert recorded("purpose") - set(PURPOSES) == set()


def test_words_are_there_in_both_languages() -> None:
    for table in (ACTS, PURPOSES, ROLES, FIELDS):
        assert all(words.vi and words.en for words in table.values())


def test_an_unknown_code_is_shown_as_it_is() -> None:
    assert (said(ACTS, "dossier.viewed", "vi"), said(ACTS, "later.invented", "en")) == ("Xem hồ sơ", "later.invented")
