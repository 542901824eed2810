"""A file is small, says why it exists, and is named after what it does."""

import ast
from pathlib import PurePath

from tests.architecture.house import source_files

LONGEST_FILE = 300
LONGEST_BODY = 40
# Such a name says nothing about what is inside, so everything ends up there.
NAMES_THAT_SAY_NOTHING = {"utils", "helpers", "common", "misc", "service", "manager", "base", "handlers"}


def body_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines from the first statement to the last: signature, decorators and docstring explain and do not count."""
    statements = function.body[1:] if ast.get_docstring(function) else function.body
    return (statements[-1].end_lineno or 0) - statements[0].lineno + 1 if statements else 0


def test_a_file_has_fewer_than_300_lines() -> None:
    lengths = {file.path: len(file.text.splitlines()) for file in source_files()}
    assert {path: lines for path, lines in lengths.items() if lines >= LONGEST_FILE} == {}


def test_a_function_has_fewer_than_40_lines() -> None:
    lengths = {f"{file.path}: {f.name}": body_lines(f) for file in source_files() for f in file.functions()}
    assert {function: lines for function, lines in lengths.items() if lines >= LONGEST_BODY} == {}


def test_a_module_opens_with_why_it_exists() -> None:
    assert [file.path for file in source_files() if not ast.get_docstring(file.tree)] == []


def test_a_name_says_what_is_inside() -> None:
    empty = [file.path for file in source_files() if NAMES_THAT_SAY_NOTHING & set(PurePath(file.path).with_suffix("").parts)]
    assert empty == []
