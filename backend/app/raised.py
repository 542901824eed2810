"""Which problems a piece of our code can raise: read off the code itself, so that no route has to keep a list that goes stale.

    raise X, or making an X          counts, unless it stands in a `try` that catches X
    a docstring's `Raises: X: ...`   counts likewise
    what the code calls or names     is read in the same way, as far as its type can be told

Each function is read once (`_Said`); what a call may raise is then a walk over what was read.

What cannot be told (an object whose class stands nowhere) is looked for by its method's name among the classes the module names.
Too much is harmless, an app handles what never comes; too little is found by the tests, which compare every problem they see with
the contract. Whoever wants to add one writes `Raises:` into the docstring of the handler.
"""

import ast
import inspect
import re
import textwrap
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any, get_origin, get_type_hints

from kernel.errors import Problem

OURS = ("auth", "backend", "kernel", "notifications")
# Around the app, and no part of it: what they hold must not depend on who else is in this process.
NOT_THE_APP = ("backend.dev", "backend.cli")
Found = frozenset[type[Problem]]
NOTHING: Found = frozenset()

_RAISES = re.compile(r"\n\s*Raises:\n(?P<lines>.*?)(?:\n\s*\n|\Z)", re.DOTALL)
_CLASS_NAME = re.compile(r"\b[A-Z]\w+")


def is_ours(thing: Any) -> bool:
    """Does it belong to the app?"""
    module = str(getattr(thing, "__module__", ""))
    return module.partition(".")[0] in OURS and not module.startswith(NOT_THE_APP)


def problems_of(function: Callable[..., Any], owner: type | None = None) -> Found:
    """What a call of it may raise; `owner` is the class of its `self`."""
    return _reached_from(_bare(function), owner)


@cache
def _reached_from(function: Any, owner: type | None) -> Found:
    known: dict[_Key, Found] = {}

    def of(key: _Key) -> Found:
        if key not in known:
            # Who calls itself adds nothing to itself.
            known[key] = NOTHING
            known[key] = all_of(_said_by(*key))
        return known[key]

    def all_of(said: _Said) -> Found:
        inside = (frozenset(p for p in all_of(tried) if not issubclass(p, kept)) for kept, tried in said.tries)
        return said.raises.union(*map(of, said.calls), *inside)

    return of((function, owner))


# A function, and the class of its `self`.
_Key = tuple[Any, type | None]


@dataclass
class _Said:
    """What a piece of code says of itself: what it raises, what it reaches, and what it tries, with what it keeps of that."""

    raises: Found = NOTHING
    calls: set[_Key] = field(default_factory=set)
    tries: "list[tuple[tuple[type, ...], _Said]]" = field(default_factory=list)


def _bare(function: Any) -> Any:
    return inspect.unwrap(getattr(function, "__func__", function))


@cache
def _said_by(function: Any, owner: type | None) -> _Said:
    tree = _tree(function) if is_ours(function) else None
    return _Body(function, owner).said(tree) if tree is not None else _Said()


@cache
def _tree(function: Any) -> ast.FunctionDef | ast.AsyncFunctionDef | None:
    try:
        found = ast.parse(textwrap.dedent(inspect.getsource(function))).body[0]
    except (OSError, TypeError, SyntaxError):
        return None
    return found if isinstance(found, ast.FunctionDef | ast.AsyncFunctionDef) else None


class _Body:
    """The inside of one function: what its names stand for, and what can fly out."""

    def __init__(self, function: Any, owner: type | None) -> None:
        self._globals: dict[str, Any] = function.__globals__
        self._types: dict[str, Any] = {name: hint for name, hint in hints(function).items() if name != "return"}
        if owner is not None:
            self._types["self"] = self._types["cls"] = owner

    def said(self, tree: ast.FunctionDef | ast.AsyncFunctionDef) -> _Said:
        for node in ast.walk(tree):
            if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
                self._types.setdefault(node.targets[0].id, self._type_of(node.value))
        said = _Said(self._told(ast.get_docstring(tree) or ""))
        self._read(tree.body, said)
        return said

    def _told(self, docstring: str) -> Found:
        found = _RAISES.search("\n" + docstring)
        names = _CLASS_NAME.findall("\n".join(line.partition(":")[0] for line in found["lines"].splitlines())) if found else []
        by_name = _by_name()
        classes = [self._globals.get(name) or by_name.get(name) for name in names]
        return frozenset(c for c in classes if isinstance(c, type) and issubclass(c, Problem))

    def _read(self, nodes: Iterable[ast.AST], said: _Said) -> None:
        for node in nodes:
            if isinstance(node, ast.Try):
                tried = _Said()
                self._read(node.body, tried)
                said.tries.append((self._caught(node), tried))
                self._read([*node.handlers, *node.orelse, *node.finalbody], said)
                continue
            if isinstance(node, ast.Raise | ast.Call):
                made = self._value(node.func if isinstance(node, ast.Call) else node.exc)
                if isinstance(made, type) and issubclass(made, Problem):
                    said.raises |= {made}
            elif isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Load):
                said.calls.update(self._reached(node))
            self._read(ast.iter_child_nodes(node), said)

    def _caught(self, node: ast.Try) -> tuple[type, ...]:
        """What its handlers keep: one that raises again keeps nothing."""
        kept: list[type] = []
        for handler in node.handlers:
            if any(isinstance(child, ast.Raise) and child.exc is None for child in ast.walk(handler)):
                continue
            types = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
            kept += [c for c in (self._value(t) for t in types if t is not None) if isinstance(c, type)]
        return tuple(kept)

    def _reached(self, node: ast.Name | ast.Attribute) -> Iterator[_Key]:
        """The functions that run when what it names is called."""
        if isinstance(node, ast.Attribute):
            base = self._type_of(node.value)
            if isinstance(base, type):
                yield from self._method(base, node.attr)
                return
            if base is None and not inspect.ismodule(self._value(node.value)):
                yield from self._by_method_name(node.attr)
                return
        value = self._value(node)
        if isinstance(value, type):
            if is_ours(value) and not issubclass(value, Exception):
                yield from self._method(value, "__init__")
        elif callable(value):
            yield _bare(value), None

    def _method(self, owner: type, name: str) -> Iterator[_Key]:
        method = inspect.getattr_static(owner, name, None)
        method = getattr(method, "fget", None) or getattr(method, "__func__", method)
        if inspect.isfunction(method):
            yield _bare(method), owner

    def _by_method_name(self, name: str) -> Iterator[_Key]:
        if not name.startswith("__"):
            for cls in self._globals.values():
                if isinstance(cls, type) and is_ours(cls) and not issubclass(cls, Exception):
                    yield from self._method(cls, name)

    def _value(self, node: ast.AST | None) -> Any:
        """The object a name stands for, where it is one of the module's."""
        if isinstance(node, ast.Name):
            return None if node.id in self._types else self._globals.get(node.id)
        if isinstance(node, ast.Attribute):
            base = self._value(node.value)
            return getattr(base, node.attr, None) if base is not None else None
        return None

    def _type_of(self, node: ast.AST) -> Any:
        """The class of an expression, or None."""
        if isinstance(node, ast.Await):
            return self._type_of(node.value)
        if isinstance(node, ast.Name) and node.id in self._types:
            return _as_class(self._types[node.id])
        if isinstance(node, ast.Call):
            return self._answer_of(node)
        if isinstance(node, ast.Attribute) and isinstance(base := self._type_of(node.value), type):
            return _as_class(attributes(base).get(node.attr))
        value = self._value(node)
        return value if isinstance(value, type) else type(value) if is_ours(type(value)) else None

    def _answer_of(self, call: ast.Call) -> Any:
        callee: Any = self._value(call.func)
        if isinstance(callee, type):
            return callee
        owner = None
        if callee is None and isinstance(call.func, ast.Attribute) and isinstance(owner := self._type_of(call.func.value), type):
            callee = inspect.getattr_static(owner, call.func.attr, None)
            callee = getattr(callee, "__func__", callee)
        hint = hints(callee).get("return") if inspect.isfunction(callee) and is_ours(callee) else None
        return owner if str(hint) == "typing.Self" else _as_class(hint)


@cache
def _by_name() -> dict[str, type[Problem]]:
    return {problem.__name__: problem for problem in every_problem()}


def every_problem() -> Iterator[type[Problem]]:
    """Every problem of every slice, as far as its module has been imported; not the word `Problem` itself."""
    waiting, seen = [Problem], set[type[Problem]]()
    while waiting:
        for problem in waiting.pop().__subclasses__():
            if problem not in seen:
                seen.add(problem)
                waiting.append(problem)
                if is_ours(problem):
                    yield problem


@cache
def hints(thing: Any) -> dict[str, Any]:
    """Its annotations, bare of what a framework added to them; none where they cannot be read."""
    try:
        return get_type_hints(thing)
    except (NameError, TypeError, AttributeError):
        return {}


@cache
def attributes(owner: type) -> dict[str, Any]:
    """The types of an object's attributes: declared on the class, or annotated where `__init__` takes them."""
    found: dict[str, Any] = {}
    for cls in reversed(owner.__mro__):
        found |= hints(cls) if is_ours(cls) else {}
        found |= {n: hints(p.fget).get("return") for n, p in vars(cls).items() if isinstance(p, property) and p.fget}
        initialiser = vars(cls).get("__init__")
        if is_ours(cls) and inspect.isfunction(initialiser) and (tree := _tree(initialiser)) is not None:
            found |= _assigned(tree, hints(initialiser))
    return found


def _assigned(tree: ast.FunctionDef | ast.AsyncFunctionDef, given: dict[str, Any]) -> dict[str, Any]:
    found = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Tuple) and isinstance(node.value, ast.Tuple):
            pairs = zip(node.targets[0].elts, node.value.elts, strict=False)
        elif isinstance(node, ast.Assign):
            pairs = zip(node.targets[:1], [node.value], strict=True)
        else:
            continue
        for target, value in pairs:
            if isinstance(target, ast.Attribute) and isinstance(value, ast.Name):
                found[target.attr] = given.get(value.id)
    return found


def _as_class(hint: Any) -> Any:
    """The class of a hint; of `X | None` the X."""
    if hint is Any:
        return None
    branches = [branch for branch in getattr(hint, "__args__", ()) if branch is not type(None)]
    if get_origin(hint) is not None and len(branches) == 1 and not isinstance(get_origin(hint), type):
        return _as_class(branches[0])
    if isinstance(hint, type):
        return hint
    if type(hint).__name__ == "UnionType" and len(branches) == 1:
        return branches[0]
    return None
