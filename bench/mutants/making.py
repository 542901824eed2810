"""Which small mistakes can be made in `auth/`."""

import ast
import copy
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

# Shapes and words: what they say is the contract's and the architecture tests' business.
NOT_RULES = (
    "__init__",
    "slice",
    "errors",
    "documents",
    "events",
    "audit",
    "personal_data",
    "schemas",
    "schemes",
    "pages",
    "contract",
)
# What is told of an operation, a column of a record that cannot be seen from outside, and how a class prints itself.
WORDS = {
    "summary",
    "description",
    "operation_id",
    "operation_class",
    "include_in_schema",
    "tags",
    "vi",
    "title",
    "name",
    "responses",
}
SHAPE = {"frozen", "slots", "kw_only", "repr", "order", "omit_defaults"}
UNSEEN = {"TypeVar", "Literal", "cast", "ConfigError", "getLogger", "get_logger"}
SWAPPED: dict[type, type] = {
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
    ast.And: ast.Or, ast.Or: ast.And, ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Add, ast.Div: ast.Mult,
}  # fmt: skip
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


@dataclass(frozen=True)
class Mutant:
    """One mistake: where, what stands there instead of what, the lines that run it, and the whole source with it."""

    file: str
    line: int
    what: str
    lines: range
    source: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}  {' '.join(self.what.split())[:150]}"


def rule_files(root: Path) -> list[Path]:
    """The files of `auth/` that decide something."""
    return [f for f in sorted((root / "auth").rglob("*.py")) if not {*f.relative_to(root).with_suffix("").parts[1:]} & {*NOT_RULES}]


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


def nodes(tree: ast.AST, within: ast.stmt | None = None) -> Iterator[tuple[ast.expr | ast.stmt, ast.stmt]]:
    """All that can be mutated, with the statement it is part of: no annotation, no docstring, no words."""
    for name, value in ast.iter_fields(tree):
        if name in {"annotation", "returns", "format_spec"}:
            continue
        for child in value if isinstance(value, list) else [value]:
            if not isinstance(child, ast.AST) or _only_words(child):
                continue
            statement = child if isinstance(child, ast.stmt) else within
            if isinstance(child, ast.expr | ast.stmt) and statement:
                yield child, statement
            if not isinstance(child, ast.JoinedStr):
                yield from nodes(child, statement)


def _only_words(node: ast.AST) -> bool:
    match node:
        case ast.Expr(value=ast.Constant()) | ast.ClassDef(name="Settings") | ast.FunctionDef(name="__repr__" | "__rich_repr__"):
            return True
        case ast.keyword(arg=arg):
            return arg in WORDS | SHAPE
        case ast.Assign(targets=[ast.Name(id=name)]):
            return name in WORDS or name in {"log", "T", "__all__"}
    call = node.value if isinstance(node, ast.Expr) else node
    call = call.value if isinstance(call, ast.Await) else call
    said = ast.unparse(call.func).split(".") if isinstance(call, ast.Call) else []
    return "log" in said or bool(UNSEEN & {*said[-1:]})


def lines_of(statement: ast.stmt) -> range:
    """The lines that run when the statement does: of a compound one only its head."""
    match getattr(statement, "body", None):
        case [first, *_]:
            return range(statement.lineno, max(first.lineno, statement.lineno + 1))
    return range(statement.lineno, (statement.end_lineno or statement.lineno) + 1)


def mutants(root: Path) -> list[Mutant]:
    """Every mutant there can be, in the order of the files."""
    return [mutant for file in rule_files(root) for mutant in _mutants_of(file, str(file.relative_to(root)))]


def _mutants_of(file: Path, name: str) -> Iterator[Mutant]:
    text = file.read_bytes()
    starts = [0]
    for line in text.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    for node, statement in nodes(ast.parse(text)):
        a = starts[node.lineno - 1] + node.col_offset
        b = starts[(node.end_lineno or node.lineno) - 1] + (node.end_col_offset or 0)
        # A definition's own line runs when its module is imported, and so do its decorators and defaults.
        lines = range(0) if isinstance(statement, DEFINITIONS) else lines_of(statement)
        for other in mutated(node):
            put = ast.unparse(other)
            source = (text[:a] + (f"({put})" if isinstance(other, ast.expr) else put).encode() + text[b:]).decode()
            try:
                compile(source, name, "exec")
            except SyntaxError:
                continue
            yield Mutant(name, node.lineno, f"{text[a:b].decode()}  ->  {put}", lines, source)
