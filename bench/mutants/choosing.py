"""Which tests are asked about a mutant: those that run its line, in the order of the suite."""

import ast
from collections import defaultdict
from pathlib import Path
from typing import Any

from bench.mutants.making import Mutant


class Choice:
    """The tests as `seen.py` saw them."""

    def __init__(self, root: Path, tests: dict[str, dict[str, Any]]) -> None:
        self._root = root
        self._order = {test: number for number, test in enumerate(tests)}
        self._by_line: dict[tuple[str, int], set[str]] = defaultdict(set)
        self._by_file: dict[str, set[str]] = defaultdict(set)
        for test, told in tests.items():
            for file, lines in told["lines"].items():
                self._by_file[file].add(test)
                for line in lines:
                    self._by_line[file, line].add(test)

    def tests(self, mutant: Mutant) -> list[str]:
        """In the order in which they are asked; none when nothing runs the line."""
        if mutant.lines and mutant.line in self._inside(mutant.file):
            return self._ordered(set().union(*(self._by_line[mutant.file, line] for line in mutant.lines)))
        # It runs when the module is imported, so whatever uses the module may notice.
        return self._ordered(self._by_file[mutant.file] or self._of_importers(mutant.file))

    def _ordered(self, tests: set[str]) -> list[str]:
        """As they were seen: sharing a world, some lean on who came before them, and none may fail for that."""
        return sorted(tests, key=self._order.__getitem__)

    def _inside(self, file: str) -> set[int]:
        """The lines in the bodies of functions."""
        tree = ast.parse((self._root / file).read_text())
        functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
        return {line for function in functions for line in range(function.body[0].lineno, (function.end_lineno or 0) + 1)}

    def _of_importers(self, file: str) -> set[str]:
        module = file.removesuffix(".py").replace("/", ".")
        package, _, name = module.rpartition(".")
        told = (f"import {module}", f"from {module} import", f"from {package} import {name}")
        files = [f for f in (self._root / "auth").rglob("*.py") if any(way in f.read_text() for way in told)]
        return set().union(*(self._by_file[str(f.relative_to(self._root))] for f in files))
