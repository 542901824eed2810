"""Every code that any room records is said in words."""

import ast
import re
from typing import get_args

from backend.audit.vocabulary import ACTS, FIELDS, PURPOSES, ROLES, said
from kernel.audit import Purpose
from tests.architecture.house import SourceFile, source_files

CODE = re.compile(r"([a-z]+)\.[a-z_]+")
ROOMS = {code.partition(".")[0] for code in ACTS}


def recorded_actions(file: SourceFile) -> set[str]:
    """Every text in it that reads like one of our actions."""
    texts = {node.value for node in ast.walk(file.tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    return {text for text in texts if (found := CODE.fullmatch(text)) and found[1] in ROOMS}


def recorded_purposes(file: SourceFile) -> set[str]:
    """Every literal purpose of an `AuditEntry`."""
    return {
        argument.value.value
        for call in ast.walk(file.tree)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "AuditEntry"
        for argument in call.keywords
        if argument.arg == "purpose" and isinstance(argument.value, ast.Constant) and isinstance(argument.value.value, str)
    }


def test_every_recorded_action_and_purpose_has_its_words() -> None:
    recording = [file for file in source_files() if "AuditEntry(" in file.text and file.module != "kernel.audit"]
    assert recording, "nobody records anything: this test looks in the wrong place"
    assert {action for file in recording for action in recorded_actions(file)} - set(ACTS) == set()
    assert {purpose for file in recording for purpose in recorded_purposes(file)} - set(PURPOSES) == set()


def test_every_purpose_somebody_may_give_has_its_words() -> None:
    assert sorted(get_args(Purpose)) == sorted(PURPOSES)


def test_words_are_there_in_both_languages() -> None:
    for table in (ACTS, PURPOSES, ROLES, FIELDS):
        assert all(words.vi and words.en for words in table.values())


def test_an_unknown_code_is_shown_as_it_is() -> None:
    assert (said(ACTS, "dossier.viewed", "vi"), said(ACTS, "later.invented", "en")) == ("Xem hồ sơ", "later.invented")
