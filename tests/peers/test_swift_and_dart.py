"""Swift and Dart clients: every operation has its method, and what was generated is Swift and Dart.

No compiler of either can be had here, so the syntax is read by tree-sitter. Its Swift grammar does not know typed throws, which
stand in the generator's own `Infrastructure` and never in what it makes of our contract: models and operations are read, no more.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import tree_sitter_dart
import tree_sitter_swift
from tree_sitter import Language, Node, Parser

from openapi.document import Document, operations

SWIFT, DART = Language(tree_sitter_swift.language()), Language(tree_sitter_dart.language())


def sources(client: Path, *folders: str, suffix: str) -> list[Path]:
    found = [file for folder in folders for file in sorted((client / folder).rglob(f"*{suffix}"))]
    assert found
    return found


def broken_lines(language: Language, source: str) -> list[int]:
    """Lines a parser cannot make sense of."""
    return sorted({node.start_point.row + 1 for node in _wrong(Parser(language).parse(source.encode()).root_node)})


def _wrong(node: Node) -> Iterator[Node]:
    if node.is_error or node.is_missing:
        yield node
    elif node.has_error:
        for child in node.children:
            yield from _wrong(child)


def lost(document: Document, text: str) -> set[str]:
    """Operations of which there is no method."""
    return {
        operation["operationId"]
        for _, _, operation in operations(document)
        if not re.search(rf"\b{operation['operationId']}\(", text)
    }


def test_swift_has_every_operation(clients: dict[str, Path], document: Document) -> None:
    files = sources(clients["swift6"] / "Sources" / "OpenAPIClient", "APIs", suffix=".swift")
    assert lost(document, "\n".join(file.read_text(encoding="utf-8") for file in files)) == set()


def test_dart_has_every_operation(clients: dict[str, Path], document: Document) -> None:
    files = sources(clients["dart"] / "lib", "api", suffix=".dart")
    assert lost(document, "\n".join(file.read_text(encoding="utf-8") for file in files)) == set()


def test_swift_is_swift(clients: dict[str, Path]) -> None:
    files = sources(clients["swift6"] / "Sources" / "OpenAPIClient", "APIs", "Models", suffix=".swift")
    assert {file.name: lines for file in files if (lines := broken_lines(SWIFT, file.read_text(encoding="utf-8")))} == {}


def test_dart_is_dart(clients: dict[str, Path]) -> None:
    files = sources(clients["dart"] / "lib", "api", "model", suffix=".dart")
    assert {file.name: lines for file in files if (lines := broken_lines(DART, file.read_text(encoding="utf-8")))} == {}


@pytest.mark.parametrize(("language", "broken"), [(SWIFT, "struct A { let x: }"), (DART, "class A { int x = ; }")])
def test_a_broken_line_is_found(language: Language, broken: str) -> None:
    assert broken_lines(language, broken) == [1]
