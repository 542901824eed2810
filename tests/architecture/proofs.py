"""Which requirement is proven by which test: `make proofs` prints it, and keeps docs/proofs.md current.

A test claims a requirement with `@pytest.mark.proves("I7")`. The claims are read from the source, nothing is run: whether they hold
is what the test says. The requirements are numbered in docs/requirements.json.
"""

import ast
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from rich.console import Console

from tests.architecture.house import ROOT

PAGE = ROOT / "docs" / "proofs.md"
LISTS = {"I": "Delivering a notice", "SEC": "Signing in and staying safe", "R": "The API and the staff console"}
HEAD = """\
# What is proven, and by which test

A requirement is proven by the tests that carry its number (`@pytest.mark.proves("I7")`). Where no test stands, nothing is claimed.
This page is written by `make proofs`; the requirements are in [requirements.json](requirements.json).
"""


@dataclass(frozen=True)
class Requirement:
    """One numbered line of the specification, in our own words."""

    list: str
    id: str
    title: str


@dataclass(frozen=True)
class Proof:
    """One test that claims one requirement."""

    requirement: str
    path: str
    test: str


def requirements() -> list[Requirement]:
    """Every requirement, in the order of the specification."""
    return [Requirement(**row) for row in json.loads((ROOT / "docs" / "requirements.json").read_text(encoding="utf-8"))]


def proofs() -> list[Proof]:
    """Every claim of the test suite, sorted."""
    paths = sorted((ROOT / "tests").rglob("*.py"))
    return [proof for path in paths for proof in proofs_in(path.read_text(encoding="utf-8"), path.relative_to(ROOT).as_posix())]


def proofs_in(source: str, path: str) -> Iterator[Proof]:
    """The claims of one file: on a test, on a class of tests, or as `pytestmark` on all of them."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                yield from (Proof(claimed, path, node.name) for part in node.decorator_list for claimed in _claims(part))
            case ast.Assign(targets=[ast.Name(id="pytestmark")]):
                yield from (Proof(claimed, path, "every test") for claimed in _claims(node.value))


def _claims(marks: ast.expr) -> Iterator[str]:
    """The ids of every `proves(...)` inside, those of single parameters too."""
    for node in ast.walk(marks):
        match node:
            case ast.Call(func=ast.Attribute(attr="proves"), args=arguments):
                yield from (str(ast.literal_eval(argument)) for argument in arguments)


def by_requirement(found: Sequence[Proof]) -> dict[str, list[Proof]]:
    """The proofs of each requirement that has any."""
    sorted_in: dict[str, list[Proof]] = {}
    for proof in found:
        sorted_in.setdefault(proof.requirement, []).append(proof)
    return sorted_in


def page(wanted: Sequence[Requirement], proven: Mapping[str, Sequence[Proof]]) -> str:
    """The whole of docs/proofs.md."""
    return "\n".join([HEAD, *(_section(name, [r for r in wanted if r.list == name], proven) for name in LISTS)])


def _section(name: str, wanted: Sequence[Requirement], proven: Mapping[str, Sequence[Proof]]) -> str:
    done = sum(r.id in proven for r in wanted)
    rows = [f"| {r.id} | {r.title} | {'<br>'.join(_link(p) for p in proven.get(r.id, ()))} |" for r in wanted]
    head = [f"## {LISTS[name]}: {done} of {len(wanted)}", "", "| No. | Requirement | Proven by |", "| --- | --- | --- |"]
    return "\n".join([*head, *rows, ""])


def _link(proof: Proof) -> str:
    """The test as the sentence it is, with a way to it."""
    return f"[{proof.test.removeprefix('test_').replace('_', ' ')}](../{proof.path})"


def main() -> None:
    """Write the page, and print every list: what is proven and what is missing."""
    console = Console(highlight=False, soft_wrap=True)
    wanted, proven = requirements(), by_requirement(proofs())
    PAGE.write_text(page(wanted, proven), encoding="utf-8")
    for name, title in LISTS.items():
        mine = [r for r in wanted if r.list == name]
        console.print(f"\n[bold]{title}[/]: {sum(r.id in proven for r in mine)} of {len(mine)}")
        for requirement in mine:
            tests = [f"{p.path}::{p.test}" for p in proven.get(requirement.id, ())]
            console.print(
                f"{'[green]✓[/]' if tests else '[dim]·[/]'} {requirement.id:7}{requirement.title}", style=None if tests else "dim"
            )
            for test in tests:
                console.print(f"          {test}", style="cyan", markup=False)


if __name__ == "__main__":
    main()
