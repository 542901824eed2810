"""How many small mistakes in `auth/` the tests notice: a seeded sample of mutants, each run against the tests of its room.

    python -m bench.mutants --sample 150 --seed 4 --seconds 600

Works in a copy of the tree. A mutant is killed when one of the tests named for its room fails; the whole suite would kill more.
What only words say (summaries, messages, log lines) is not mutated.
"""

import argparse
import ast
import copy
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
AUTH = "tests/api/auth/test_"
# For each room the tests that ask it most, the quick ones first; each file in a process of its own.
TESTS = {
    "auth/delegations": ["tests/api/test_acting_for_somebody.py"],
    "auth/providers/account": ["tests/unit/auth/test_account.py", f"{AUTH}sign_in.py", f"{AUTH}step_up.py"],
    "auth/providers/app_check": ["tests/unit/auth/test_attestation.py"],
    "auth/providers": [f"{AUTH}callback.py", f"{AUTH}sessions.py", f"{AUTH}shared_signals.py", f"{AUTH}provider*.py"],
    "auth/redirects": ["tests/unit/auth/test_redirects.py"],
    "auth/config": ["tests/unit/auth/test_config.py", f"{AUTH}authorize.py", f"{AUTH}dpop.py"],
    "auth/attestation": ["tests/unit/auth/test_attestation.py", f"{AUTH}attested.py"],
    "auth/server/freshness": [f"{AUTH}step_up.py"],
    "auth/server/pushed": [f"{AUTH}pushed.py"],
    "auth/server/system_grant": [f"{AUTH}system_clients.py"],
    "auth/server/introspection": [f"{AUTH}system_clients.py", f"{AUTH}pushed.py"],
    "auth/server/exchange_grant": ["tests/api/test_acting_for_somebody.py"],
    "auth/server/re": [f"{AUTH}refresh.py", f"{AUTH}sessions.py"],
    "auth/server": [f"{AUTH}authorize.py", f"{AUTH}code.py", f"{AUTH}sign_in.py", f"{AUTH}dpop.py", f"{AUTH}pushed.py"],
    "auth/sessions": ["tests/unit/auth/test_token_families.py", f"{AUTH}refresh.py", f"{AUTH}sessions.py", f"{AUTH}devices.py"],
    "auth/tokens/dpop": [f"{AUTH}dpop.py"],
    "auth/tokens/attested": [f"{AUTH}attested.py"],
    "auth/tokens": [f"{AUTH}tokens.py", f"{AUTH}dpop.py", f"{AUTH}sessions.py", "tests/api/test_acting_for_somebody.py"],
    "auth": [f"{AUTH}sign_in.py", f"{AUTH}code.py", f"{AUTH}step_up.py", f"{AUTH}system_clients.py"],
}
# Wiring, words and shapes: what they say is the contract's and the architecture tests' business.
NOT_RULES = ("__init__", "slice", "errors", "documents", "events", "audit", "personal_data", "schemas", "schemes", "pages", "api")
WORDS = {"summary", "description", "operation_id", "tags", "vi", "title", "name"}
TELLING = {"log", "_audit", "audit"}
LONGEST = 150
SWAPPED: dict[type, type] = {
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
    ast.And: ast.Or, ast.Or: ast.And, ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Add, ast.Div: ast.Mult,
}  # fmt: skip


def rule_files() -> list[Path]:
    """The files of `auth/` that decide something."""
    return [f for f in sorted((ROOT / "auth").rglob("*.py")) if not {*f.relative_to(ROOT).with_suffix("").parts[1:]} & {*NOT_RULES}]


def mutated(node: ast.AST) -> Iterator[ast.AST]:  # noqa: C901 - a table of cases
    """What could stand in this node's place by mistake."""
    new = copy.deepcopy(node)
    match new:
        case ast.Compare(ops=[op]) if type(op) in SWAPPED:
            new.ops = [SWAPPED[type(op)]()]
            yield new
        case ast.BoolOp() | ast.BinOp() if type(new.op) in SWAPPED:
            new.op = SWAPPED[type(new.op)]()
            yield new
        case ast.UnaryOp(op=ast.Not(), operand=inner):
            yield inner
        case ast.IfExp():
            new.body, new.orelse = new.orelse, new.body
            yield new
        case ast.Constant(value=bool() as value):
            yield ast.Constant(not value)
        case ast.Constant(value=int() as value):
            yield ast.Constant(value + 1)
        case ast.Constant(value=str() as value) if value:
            yield ast.Constant(value + "XX")
        case ast.Return(value=value) if value is not None and not (isinstance(value, ast.Constant) and not value.value):
            new.value = ast.Constant(None)
            yield new
        case ast.Raise():
            yield ast.Pass()
        case ast.Expr(value=ast.Call() | ast.Await()):
            yield ast.Pass()


def nodes(tree: ast.AST) -> Iterator[ast.AST]:
    """All that can be mutated: no annotation, no docstring, no words."""
    for name, value in ast.iter_fields(tree):
        if name in {"annotation", "returns", "format_spec"}:
            continue
        for child in value if isinstance(value, list) else [value]:
            if not isinstance(child, ast.AST) or _only_words(child):
                continue
            yield child
            if not isinstance(child, ast.JoinedStr):
                yield from nodes(child)


def _only_words(node: ast.AST) -> bool:
    match node:
        case ast.Expr(value=ast.Constant()) | ast.ClassDef(name="Settings") | ast.FunctionDef(name="__repr__" | "__rich_repr__"):
            return True
        case ast.keyword(arg=arg):
            return arg in WORDS
        case ast.Assign(targets=[ast.Name(id=name)]):
            return name in WORDS or name in {"log", "T", "__all__"}
    call = node.value if isinstance(node, ast.Expr) else node
    call = call.value if isinstance(call, ast.Await) else call
    said = ast.unparse(call.func).split(".") if isinstance(call, ast.Call) else []
    return bool(TELLING & {*said}) or said[-1:] == ["ConfigError"] or (bool(said) and said[-1] in {"TypeVar", "Literal", "cast"})


def mutants() -> list[tuple[str, int, str, str]]:
    """Every mutant: file, line, what it says instead of what, and the whole mutated source."""
    found = []
    for file in rule_files():
        text = file.read_text()
        lines = text.encode().splitlines(keepends=True)
        starts = [sum(map(len, lines[:n])) for n in range(len(lines))]
        for node in nodes(ast.parse(text)):
            if not hasattr(node, "lineno"):
                continue
            a, b = starts[node.lineno - 1] + node.col_offset, starts[node.end_lineno - 1] + node.end_col_offset
            for other in mutated(node):
                put = ast.unparse(other)
                was = text.encode()[a:b].decode()
                bracketed = f"({put})" if isinstance(other, ast.expr) else put
                source = text.encode()[:a].decode() + bracketed + text.encode()[b:].decode()
                try:
                    compile(source, str(file), "exec")
                except SyntaxError:
                    continue
                found.append((str(file.relative_to(ROOT)), node.lineno, f"{was}  ->  {put}", source))
    return found


def fate_in(tree: Path, test: str) -> str:
    """What becomes of the copy's mutant in this file of tests; empty when all of them pass."""
    order = [sys.executable, "-m", "pytest", "-q", "-x", "-n", "0", "--timeout", "60", "-k", "not every_route", test]
    # The copy is what is tested, whatever is installed.
    env = {**os.environ, "PYTHONPATH": str(tree), "PYTHONDONTWRITEBYTECODE": "1"}
    process = subprocess.Popen(
        order, cwd=tree, env=env, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        return "killed" if process.wait(LONGEST) else ""
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        return "hung"


def main() -> None:
    """Print every mutant's fate, and the rate."""
    asked = argparse.ArgumentParser(description="A seeded sample of mutants of auth/.")
    asked.add_argument("--sample", type=int, default=150)
    asked.add_argument("--seed", type=int, default=4)
    asked.add_argument("--seconds", type=int, default=3600, help="begin no mutant after so long")
    given = asked.parse_args()
    everything = mutants()
    sample = random.Random(given.seed).sample(everything, min(given.sample, len(everything)))
    print(f"{len(everything)} mutants of {len(rule_files())} files, up to {len(sample)} taken with seed {given.seed}", flush=True)
    until, fates, sound = time.monotonic() + given.seconds, Counter[str](), set[Path]()
    with tempfile.TemporaryDirectory(prefix="motcua-mutants-") as folder:
        tree = Path(folder) / "tree"
        shutil.copytree(ROOT, tree, ignore=shutil.ignore_patterns(".venv", ".git", "node_modules", ".*_cache", "__pycache__"))
        for file, line, what, source in sample:
            if time.monotonic() > until:
                break
            room = next(room for room in TESTS if file.startswith(room))
            tests = [test for pattern in TESTS[room] for test in sorted(tree.glob(pattern))]
            for test in tests:
                # A test that fails by itself would kill everything.
                if test not in sound and (sound_as := fate_in(tree, str(test))):
                    raise SystemExit(f"{test} is {sound_as} without any mutant")
                sound.add(test)
            before = (tree / file).read_text()
            (tree / file).write_text(source)
            fate = next((fate for test in tests if (fate := fate_in(tree, str(test)))), "survived")
            (tree / file).write_text(before)
            fates[fate] += 1
            print(f"{fate:8} {file}:{line}  {' '.join(what.split())[:150]}", flush=True)
    print(f"{dict(fates)}: {1 - fates['survived'] / max(fates.total(), 1):.1%} of {fates.total()}")


if __name__ == "__main__":
    main()
