"""Commands that prepare a database: indexes, feeds, demo data."""

import asyncio
import json
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

from backend.cli.opened import opened_parts
from backend.cli.world_option import WORLD

if TYPE_CHECKING:
    from rich.progress import TaskID

console = Console(highlight=False)


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


COMMANDS = (migrate, seed)
