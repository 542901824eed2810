"""What `.env.example` says: every setting with the text that stands under it in backend/settings.py."""

import ast
from itertools import pairwise
from pathlib import Path
from textwrap import fill
from typing import Any

import msgspec

from backend import settings
from backend.settings import PREFIX, Settings

WIDTH = 110
HEAD = """\
# Every setting of Một Cửa, each as it is when nothing is said. Take the # away in front of those you change.
# Generated from backend/settings.py by `make generated`. `motcua doctor` says what production must change.
"""


def render() -> str:
    """The file."""
    explained = _texts_under_fields()
    fields = msgspec.structs.fields(Settings)
    return "\n".join([HEAD, *(f"{_comment(explained[f.name])}\n#{PREFIX}{f.name.upper()}={_shown(f)}\n" for f in fields)])


def _comment(text: str) -> str:
    return fill(text, WIDTH, initial_indent="# ", subsequent_indent="# ")


def _shown(field: msgspec.structs.FieldInfo) -> str:
    """The default as the variable would spell it; nobody shall copy a secret from here, so those are left empty."""
    default: Any = field.default
    if default is None or field.name.endswith("_secret"):
        return ""
    if isinstance(default, bool):
        return str(default).lower()
    return ",".join(default) if isinstance(default, tuple) else str(default)


def _texts_under_fields() -> dict[str, str]:
    """Python forgets the text under a field, so it is read from the source."""
    tree = ast.parse(Path(settings.__file__).read_text(encoding="utf-8"))
    body = next(node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == Settings.__name__).body
    return {
        field.target.id: text.value.value
        for field, text in pairwise(body)
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name)
        if isinstance(text, ast.Expr) and isinstance(text.value, ast.Constant) and isinstance(text.value.value, str)
    }
