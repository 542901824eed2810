"""A file is small, says why it exists, and is named after what it does."""

import ast
from pathlib import PurePath

import pytest

from tests.architecture.house import SourceFile, source_files

LONGEST_FILE = 300
LONGEST_BODY = 40
# Such a name says nothing about what is inside, so everything ends up there.
NAMES_THAT_SAY_NOTHING = {"utils", "helpers", "common", "misc", "service", "manager", "base", "handlers"}

every_file = pytest.mark.parametrize("file", source_files(), ids=lambda file: file.path)


def body_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines from the first statement to the last: signature, decorators and docstring explain and do not count."""
    statements = function.body[1:] if ast.get_docstring(function) else function.body
    return (function.body[-1].end_lineno or 0) - statements[0].lineno + 1 if statements else 0


@every_file
def test_a_file_has_fewer_than_300_lines(file: SourceFile) -> None:
    assert len(file.text.splitlines()) < LONGEST_FILE


@every_file
def test_a_function_has_fewer_than_40_lines(file: SourceFile) -> None:
    assert [f"{f.name}: {body_lines(f)} lines" for f in file.functions() if body_lines(f) >= LONGEST_BODY] == []


@every_file
def test_a_module_opens_with_why_it_exists(file: SourceFile) -> None:
    assert ast.get_docstring(file.tree)


@every_file
def test_a_name_says_what_is_inside(file: SourceFile) -> None:
    assert NAMES_THAT_SAY_NOTHING.isdisjoint(PurePath(file.path).with_suffix("").parts)
