"""`--world`: which running world a command joins."""

from pathlib import Path

import rich_click as click

WORLD = click.option(
    "--world",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    default=Path(".motcua/world.json"),
    show_default=True,
    help="The world.json of what runs.",
)
