"""The house as data: every source file parsed once, with what it imports. The tests here ask it, never each other."""

import ast
import subprocess
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
PACKAGES = ("kernel", "auth", "notifications", "openapi", "backend")


@dataclass(frozen=True)
class SourceFile:
    """One module of ours."""

    path: str
    text: str
    tree: ast.Module

    @property
    def module(self) -> str:
        """Its dotted name; a package's is that of its folder."""
        return self.path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")

    @property
    def imports(self) -> set[str]:
        """What it imports, wherever in the file; a submodule counts as itself, a name counts as its module."""
        found = set()
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                found |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                found |= {_imported(node.module, alias.name) for alias in node.names}
        return found

    def functions(self) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
        """Every function and method, nested ones too."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield node

    def calls(self) -> Iterator[tuple[str, int]]:
        """The last name of everything called, with its line: `now` for `clock.now()`."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute | ast.Name):
                yield node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id, node.lineno


def _imported(module: str, name: str) -> str:
    inside = ROOT / module.replace(".", "/")
    return f"{module}.{name}" if (inside / f"{name}.py").exists() or (inside / name).is_dir() else module


@cache
def source_files() -> tuple[SourceFile, ...]:
    """Every module of the product, sorted by path."""
    paths = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
    texts = [(path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")) for path in paths]
    return tuple(SourceFile(path, text, ast.parse(text)) for path, text in texts)


def files_of(package: str) -> list[SourceFile]:
    """The modules of a package (dotted), itself included."""
    return [file for file in source_files() if within(file.module, package)]


def within(module: str, package: str) -> bool:
    """Is the module the package itself or in it?"""
    return module == package or module.startswith(f"{package}.")


@cache
def pyproject() -> dict[str, Any]:
    """The project's own description."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def contract(name: str) -> dict[str, Any]:
    """One of import-linter's contracts."""
    contracts = pyproject()["tool"]["importlinter"]["contracts"]
    return next(found for found in contracts if found["name"] == name)


@cache
def committed_files() -> tuple[str, ...]:
    """What is committed, and what would be with the next `git add`."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return tuple(sorted(path for path in set(listed.split("\0")) if path and (ROOT / path).is_file()))
