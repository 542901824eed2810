"""Commands that put something into the database: imports, indexes, demo data."""

import asyncio
import json
import re
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from backend.cli.opened import opened_parts
from backend.cli.settings import settings_or_exit
from backend.cli.world_option import WORLD

if TYPE_CHECKING:
    from rich.progress import TaskID

    from backend.procedures.actions.import_national import ImportReport

console = Console(highlight=False)


@click.group(name="import")
def import_group() -> None:
    """Bring data in from files. Repeatable: a second run changes nothing."""


@import_group.command(name="procedures")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--world", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Into the world of this world.json.")
@click.option("--json", "as_json", is_flag=True, help="The counts as JSON.")
def import_procedures(file: Path, world: Path | None, *, as_json: bool) -> None:
    """Read the national portal's procedures: JSON lines, plain or gzip.

    Parses channels, time limits and fees; keeps the rest as text. Broken lines are named and stop nothing.
    """
    report = asyncio.run(_import_procedures(file, world, quiet=as_json))
    if as_json:
        import msgspec

        click.echo(msgspec.json.format(msgspec.json.encode(report), indent=2).decode())
    else:
        _print_report(report)


async def _import_procedures(file: Path, world: Path | None, *, quiet: bool) -> "ImportReport":
    from backend.app.parts import make_parts
    from backend.procedures.actions.import_national import import_national

    parts = make_parts(_settings(world))
    try:
        await parts.open(build_indexes=True)
        with Progress(
            TextColumn("reading"), BarColumn(), TaskProgressColumn(), TextColumn("{task.completed} rows"), TimeElapsedColumn(),
            console=console, transient=True, disable=quiet,
        ) as bar:  # fmt: skip
            task = bar.add_task("", total=None)
            return await import_national(file, now=parts.clock.now(), progress=lambda rows: bar.update(task, completed=rows))
    finally:
        await parts.close()


def _settings(world: Path | None):  # type: ignore[no-untyped-def]  # noqa: ANN202
    import msgspec

    settings = settings_or_exit()
    if world is None:
        return settings
    return msgspec.structs.replace(settings, mongodb_uri=json.loads(world.read_bytes())["mongodb_uri"])


def _print_report(report: "ImportReport") -> None:
    import msgspec

    table = Table(box=None, show_header=False)
    for name, value in msgspec.to_builtins(report).items():
        if isinstance(value, int):
            table.add_row(re.sub("([A-Z])", r" \1", name).lower(), f"[bold]{value:,}[/]")
    console.print(table)
    for broken in report.broken:
        console.print(f"line {broken.line}: {broken.reason}", style="red", markup=False)


@click.command()
@click.option("--restored", is_flag=True, help="The database comes from a backup: every phone syncs anew.")
def migrate(*, restored: bool) -> None:
    """Bring the database up to date: indexes, the catalogue of agencies, the feeds that phones sync from.

    Run it before a new version serves. Broken off, run it again.
    """
    written, looked = asyncio.run(_migrate(restored=restored))
    console.print(f"[green]✓[/] indexes are in place; {written} agencies written; {looked:,} documents are in their feeds")


async def _migrate(*, restored: bool) -> tuple[int, int]:
    from backend.agencies.actions.catalogue import import_agencies, shipped_catalogue
    from backend.sync.actions.backfill import backfill, renew_epochs

    columns = (TextColumn("filling feeds"), BarColumn(), TextColumn("{task.completed} documents"), TimeElapsedColumn())
    async with opened_parts(build_indexes=True) as parts:
        written = await import_agencies(shipped_catalogue())
        if restored:
            await renew_epochs(parts.db)
        with Progress(*columns, console=console, transient=True) as bar:
            task = bar.add_task("", total=None)
            shown = partial(_shown, bar, task)
            return written, await backfill(parts.db, parts.sync.feeds, parts.sync.synced, parts.clock, shown)


def _shown(bar: Progress, task: "TaskID", done: int) -> None:
    bar.update(task, completed=done)


@click.command()
@WORLD
@click.option("--count", type=click.IntRange(1, 100_000), default=2_000, show_default=True, help="How many dossiers.")
def seed(world: Path, count: int) -> None:
    """Tell a running world a year of demo dossiers, over its integration API."""
    asyncio.run(_seed(json.loads(world.read_bytes()), count))


async def _seed(facts: dict[str, dict[str, str]], count: int) -> None:
    import httpx2

    from backend.dev.seed import demo_events, seed_dossiers
    from backend.dev.system import SystemCaller
    from kernel.clock import SystemClock

    events = demo_events(SystemClock().now(), count=count)
    columns = (TextColumn("telling events"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as bar:
        task = bar.add_task("", total=len(events))
        async with httpx2.AsyncClient() as client:
            caller = SystemCaller(client, str(facts["api"]), facts["system_client"])
            await seed_dossiers(caller, events, progress=lambda done, _: bar.update(task, completed=done))


COMMANDS = (import_group, migrate, seed)
