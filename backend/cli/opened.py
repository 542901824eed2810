"""The parts of the product for a command: opened when it begins, closed however it ends."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click

from backend.cli.settings import settings_or_exit

if TYPE_CHECKING:
    from backend.app.parts import Parts


@asynccontextmanager
async def opened_parts(world: Path | None = None, *, build_indexes: bool = False) -> "AsyncIterator[Parts]":
    """As the settings say, over the database of a running `world` where one is named.

    What the product refuses ends the command with its sentence.
    """
    # The product is imported when a command needs it: `motcua --help` answers at once.
    from msgspec.structs import replace

    from backend.app.parts import make_parts
    from kernel.errors import Problem

    settings = settings_or_exit()
    if world is not None:
        settings = replace(settings, mongodb_uri=_database_of(world))
    parts = make_parts(settings)
    try:
        await parts.open(build_indexes=build_indexes)
        yield parts
    except Problem as refused:
        raise click.ClickException("; ".join([str(refused), *(f"{e.pointer}: {e.detail}" for e in refused.errors)])) from refused
    finally:
        await parts.close()


def _database_of(world: Path) -> str:
    return str(json.loads(world.read_bytes())["mongodb_uri"])
