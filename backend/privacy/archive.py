"""The archive a citizen takes home: `du-lieu.json` for machines, `index.html` for people, the files as they are.

The page holds no script and loads nothing: it must still open in ten years, on a machine without a network.
"""

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from datetime import datetime
from importlib.resources import files
from typing import Any

import msgspec
from jinja2 import Environment, StrictUndefined

from kernel.clock import VIETNAM

_DATA = files("backend.privacy") / "data"
_LABELS = msgspec.json.decode((_DATA / "labels.json").read_bytes(), type=dict[str, str])
_UNSAFE = re.compile(r'[\\/:*?"<>|\x00-\x1f]')
LONGEST_NAME = 120


class Section(msgspec.Struct, frozen=True):
    """What one slice holds: its name for machines, its title for people, its rows."""

    name: str
    title: str
    rows: list[Any]


def label(name: str) -> str:
    """What a field is called on the page; one nobody has named keeps its own name."""
    return _LABELS.get(name, name.replace("_", " "))


def shown(value: Any) -> str:
    """A single value as a person reads it."""
    if isinstance(value, datetime):
        return value.astimezone(VIETNAM).strftime("%H:%M %d/%m/%Y")
    if isinstance(value, bool):
        return "có" if value else "không"
    return value.hex() if isinstance(value, bytes) else str(value)


_PAGES = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
_PAGES.filters |= {"label": label, "shown": shown}
_PAGE = _PAGES.from_string((_DATA / "export.html").read_text(encoding="utf-8"))


def file_path(number: int, name: str) -> str:
    """Where a file lies in the archive; no name of a file leads out of its folder."""
    return f"tep/{number:03d}-{_UNSAFE.sub('_', name)[-LONGEST_NAME:]}"


def pack(sections: Sequence[Section], attached: Mapping[str, bytes], *, made_at: datetime) -> bytes:
    """The whole archive as a zip file."""
    buffer = io.BytesIO()
    machine = {"made_at": made_at, "sections": sections}
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("du-lieu.json", msgspec.json.format(msgspec.json.encode(machine, enc_hook=str), indent=2))
        packed.writestr("index.html", _PAGE.render(sections=sections, made_at=made_at))
        for path, content in attached.items():
            packed.writestr(path, content)
    return buffer.getvalue()
