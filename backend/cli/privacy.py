"""Commands about personal data: carry out erasures, repeat them after a restore, keep no longer than allowed."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path

import rich_click as click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

from backend.cli.breaches import breach_group
from backend.cli.opened import opened_parts

console = Console(highlight=False, soft_wrap=True)

DO = click.option("--do", "for_real", is_flag=True, help="Do it; without this it only says what it would do.")


@click.group(name="privacy")
def privacy_group() -> None:
    """Erasures, retention and the breach register. What destroys anything is a dry run until it is told `--do`."""


@privacy_group.command(name="erase-due")
@DO
def erase_due(*, for_real: bool) -> None:
    """Carry out the erasures whose waiting period is over, and finish those a crash left in the middle. Workers do the same."""
    asyncio.run(_erase_due(for_real=for_real))


async def _erase_due(*, for_real: bool) -> None:
    from backend.privacy import queries
    from backend.privacy.jobs import look_at_erasures

    async with opened_parts() as parts:
        holdings = parts.privacy.holdings
        unsettled, due = await queries.unsettled(), await queries.due_erasures(holdings.clock.now())
        if not for_real:
            console.print(f"{len(due)} erasures are due, {len(unsettled)} wait for a case to be closed.")
            console.print("Nothing was done: add --do.")
            return
        with _bar("erasing") as bar:
            task = bar.add_task("", total=len(unsettled) + len(due))
            looked = await look_at_erasures(holdings, progress=lambda: bar.advance(task))
        console.print(f"[green]✓[/] {looked.erased} citizens erased")
        if looked.failed:
            raise click.ClickException(
                f"{looked.failed} requests failed; the log says why, and another run goes on where they are."
            )


@privacy_group.command(name="erasures")
def erasures() -> None:
    """Print every erasure as JSON lines: keep them beside the backups, for `reapply-erasures --ledger`."""
    asyncio.run(_erasures())


async def _erasures() -> None:
    from backend.privacy.queries import erased_subjects

    async with opened_parts() as parts:
        holdings = parts.privacy.holdings
        for subject, at in (await erased_subjects(holdings.vault)).items():
            click.echo(json.dumps({"subject": subject, "erasedAt": at.isoformat()}))


@privacy_group.command(name="reapply-erasures")
@click.option(
    "--ledger",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="What `erasures` printed: needed where data and keys were both restored from before an erasure.",
)
def reapply_erasures(ledger: Path | None) -> None:
    """Erase again whoever had been erased: run it after every restore, before anybody is let in. Repeatable."""
    lines = ledger.read_text(encoding="utf-8").splitlines() if ledger else []
    try:
        told = [str(json.loads(line)["subject"]) for line in lines if line.strip()]
    except (ValueError, KeyError, TypeError) as broken:
        raise click.ClickException(f"{ledger} is not what `motcua privacy erasures` prints.") from broken
    asyncio.run(_reapply_erasures(told))


async def _reapply_erasures(told: list[str]) -> None:
    from backend.privacy.actions.erase import erase_again
    from backend.privacy.queries import erased_subjects

    async with opened_parts() as parts:
        holdings = parts.privacy.holdings
        subjects = list(dict.fromkeys([*await erased_subjects(holdings.vault), *told]))
        with _bar("erasing again") as bar:
            touched = [await erase_again(subject, holdings) for subject in bar.track(subjects)]
        risen = sum(map(bool, touched))
        console.print(f"[green]✓[/] {len(subjects)} erasures repeated; {risen} had come back with the backup")


@privacy_group.command(name="retention")
@DO
def retention(*, for_real: bool) -> None:
    """Delete or anonymise what has been kept for longer than the retention table allows."""
    asyncio.run(_retention(for_real=for_real))


async def _retention(*, for_real: bool) -> None:
    from backend.privacy.actions.retain import apply_rule, count_overdue
    from backend.privacy.retention import ELSEWHERE, RULES, TRAIL

    table = Table(box=None)
    for title in ("collection", "kept for", "then", "touched" if for_real else "would touch", "basis"):
        table.add_column(title)
    async with opened_parts() as parts:
        holdings = parts.privacy.holdings
        now = holdings.clock.now()
        with _bar("retention") as bar:
            for rule in RULES:
                overdue = await count_overdue(rule, holdings.db, now)
                if for_real and overdue:
                    task = bar.add_task(rule.collection, total=overdue)
                    overdue = await apply_rule(rule, holdings, _shown_in(bar, task))
                table.add_row(rule.collection, f"{rule.keep_days} days", rule.then, f"{overdue:,}", rule.basis)
            # The trail goes day by day and leaves a proof, with a connection that may delete: a command of its own.
            table.add_row(TRAIL.collection, f"{TRAIL.keep_days} days", TRAIL.then, "motcua audit retire", TRAIL.basis)
        for rule in ELSEWHERE:
            table.add_row(rule.collection, f"{rule.keep_days} days" if rule.keep_days else "", rule.then, "by itself", rule.basis)
    console.print(table)
    if not for_real:
        console.print("Nothing was done: add --do.")


def _shown_in(bar: Progress, task: TaskID) -> Callable[[int], None]:
    return lambda done: bar.update(task, completed=done)


def _bar(title: str) -> Progress:
    columns = (TextColumn(f"{title} {{task.description}}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=console, transient=True)


privacy_group.add_command(breach_group)

COMMANDS = (privacy_group,)
