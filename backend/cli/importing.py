"""Commands that bring data in from files."""

import asyncio
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import rich_click as click
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from backend.cli.json_files import read_json
from backend.cli.opened import opened_parts

if TYPE_CHECKING:
    from backend.dossiers.actions.import_dossiers import DossierReport
    from backend.dossiers.mapping import Mapping
    from backend.procedures.actions.import_national import ImportReport
    from kernel.lines import BrokenLine

console = Console(highlight=False)
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
WORLD = click.option("--world", type=FILE, help="Into the world of this world.json.")
AS_JSON = click.option("--json", "as_json", is_flag=True, help="The counts as JSON.")
SHOWN = 20


@click.group(name="import")
def import_group() -> None:
    """Bring data in from files. Repeatable: a second run changes nothing."""


@import_group.command(name="procedures")
@click.argument("file", type=FILE)
@WORLD
@AS_JSON
def import_procedures(file: Path, world: Path | None, *, as_json: bool) -> None:
    """Read the national portal's procedures: JSON lines, plain or gzip.

    Parses channels, time limits and fees; keeps the rest as text. Broken lines are named and stop nothing.
    """
    report = asyncio.run(_import_procedures(file, world, quiet=as_json))
    _print(report, as_json=as_json)
    if not as_json:
        _print_broken(report.broken)


async def _import_procedures(file: Path, world: Path | None, *, quiet: bool) -> "ImportReport":
    from backend.procedures.actions.import_national import import_national

    async with opened_parts(world, build_indexes=True) as parts:
        columns = (TextColumn("reading"), BarColumn(), TextColumn("{task.completed} rows"), TimeElapsedColumn())
        with Progress(*columns, console=console, transient=True, disable=quiet) as bar:
            task = bar.add_task("", total=None)
            return await import_national(file, now=parts.clock.now(), progress=lambda rows: bar.update(task, completed=rows))


@import_group.command(name="dossiers")
@click.argument("file", type=FILE)
@WORLD
@click.option("--mapping", type=FILE, help="How the source writes, as JSON; the national portal's names and codes otherwise.")
@click.option("--rejected", type=click.Path(dir_okay=False, path_type=Path), help="Where to name the lines that were not taken.")
@AS_JSON
def import_dossiers(file: Path, world: Path | None, mapping: Path | None, rejected: Path | None, *, as_json: bool) -> None:
    """Read a source's dossiers: CSV with a heading or JSON lines, plain or gzip, one row a dossier.

    Each row becomes the events it tells of. Lines that cannot be taken are named in FILE.rejected.jsonl and stop nothing. Broken
    off, run it again: what is known already is recognised. Nobody is told of what happened more than two weeks ago.
    """
    import msgspec

    from kernel.lines import BrokenLine

    where = rejected or file.with_name(f"{file.name}.rejected.jsonl")
    report = asyncio.run(_import_dossiers(file, world, _mapping(mapping), where, quiet=as_json))
    _print(report, as_json=as_json)
    if not as_json and report.rejected_lines:
        with where.open(encoding="utf-8") as named:
            _print_broken(msgspec.json.decode(line, type=BrokenLine) for line in islice(named, SHOWN))
        console.print(f"Every one of the {report.rejected_lines:,} rejected lines is named in {where}.")


def _mapping(file: Path | None) -> "Mapping":
    from backend.dossiers.mapping import Mapping, national_portal

    return national_portal() if file is None else read_json(file, Mapping)


async def _import_dossiers(file: Path, world: Path | None, mapping: "Mapping", rejected: Path, *, quiet: bool) -> "DossierReport":
    from backend.dossiers.actions.applicant import People
    from backend.dossiers.actions.import_dossiers import import_dossiers
    from kernel.principal import SYSTEM

    size = file.stat().st_size  # noqa: ASYNC240 - nobody else waits
    async with opened_parts(world, build_indexes=True) as parts:
        columns = (TextColumn("reading"), BarColumn(), TaskProgressColumn(), DownloadColumn(), TimeElapsedColumn())
        with Progress(*columns, console=console, transient=True, disable=quiet) as bar, _named(rejected) as reject:
            task = bar.add_task("", total=size)
            return await import_dossiers(
                file, mapping, by=SYSTEM, now=parts.clock.now, people=People(parts.subjects, parts.vault),
                audit=parts.audit.log, reject=reject, progress=lambda at: bar.update(task, completed=at),
            )  # fmt: skip


@contextmanager
def _named(where: Path) -> Iterator[Any]:
    """Writes each line that is rejected; where none is, no file is left."""
    import msgspec

    from kernel.lines import BrokenLine

    with where.open("wb") as out:
        yield lambda line, reason: out.write(msgspec.json.encode(BrokenLine(line, reason)) + b"\n")
    if not where.stat().st_size:
        where.unlink()


def _print_broken(lines: "Iterable[BrokenLine]") -> None:
    for broken in lines:
        console.print(f"line {broken.line}: {broken.reason}", style="red", markup=False)


def _print(report: "ImportReport | DossierReport", *, as_json: bool) -> None:
    import msgspec

    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(report), indent=2).decode())
        return
    table = Table(box=None, show_header=False)
    for name, value in msgspec.to_builtins(report).items():
        if isinstance(value, int):
            table.add_row(re.sub("([A-Z])", r" \1", name).lower(), f"[bold]{value:,}[/]")
    console.print(table)


COMMANDS = (import_group,)
