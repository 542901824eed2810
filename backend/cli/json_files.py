"""What a command is told in a file of JSON."""

from pathlib import Path
from typing import TypeVar

import rich_click as click

T = TypeVar("T")


def read_json(file: Path, kind: type[T]) -> T:
    """The file's content as this type; what is wrong with it ends the command with a sentence."""
    import msgspec

    try:
        return msgspec.json.decode(file.read_bytes(), type=kind)
    except msgspec.DecodeError as broken:
        raise click.ClickException(f"{file}: {broken}") from broken
