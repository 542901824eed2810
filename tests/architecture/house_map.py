"""The rooms and their files as docs/map.md lists them: one line each, the first sentence of what the file says of itself."""

import ast
import re

from tests.architecture.house import PACKAGES, SourceFile, files_of

# The simulators are a world of their own; their packages say what is inside.
NOT_OPENED = re.compile(r"backend\.dev\.\w+\.\w+")


def render() -> str:
    """The generated part of the page: a list for each package, from the ground up."""
    return "\n\n".join(_package(package) for package in PACKAGES)


def _package(package: str) -> str:
    head, *files = sorted((file for file in files_of(package) if not NOT_OPENED.match(file.module)), key=_files_before_folders)
    return "\n".join([f"### `{package}/`: {first_sentence(head)}", "", *(_line(file) for file in files)])


def _files_before_folders(file: SourceFile) -> list[tuple[bool, str]]:
    """Sorts a folder's own files in front of its folders, `__init__` first of all."""
    parts = file.path.removesuffix("/__init__.py").split("/")
    is_folder = [True] * (len(parts) - 1) + [file.path.endswith("/__init__.py")]
    return list(zip(is_folder, parts, strict=True))


def _line(file: SourceFile) -> str:
    is_folder = file.path.endswith("/__init__.py")
    shown = file.path.removesuffix("/__init__.py")
    name = f"{shown.rsplit('/', 1)[-1]}/" if is_folder else file.path.rsplit("/", 1)[-1]
    indent = "  " * (shown.count("/") - 1)
    return f"{indent}- [{name}](../{shown}): {first_sentence(file)}"


def first_sentence(file: SourceFile) -> str:
    """Up to the first full stop, on one line."""
    paragraph = " ".join((ast.get_docstring(file.tree) or "").split("\n\n")[0].split())
    return re.split(r"(?<=[.?!]) ", paragraph)[0].removesuffix(".")
