"""Commands about personal data: carry out erasures, repeat them after a restore, keep no longer than allowed, register breaches."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

from backend.cli.settings import settings_or_exit

if TYPE_CHECKING:
    from backend.privacy.documents import Breach
    from backend.privacy.holdings import Holdings

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

    async with _holdings() as holdings:
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

    async with _holdings() as holdings:
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

    async with _holdings() as holdings:
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
    async with _holdings() as holdings:
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


@privacy_group.group(name="breach")
def breach_group() -> None:
    """The register of breaches. The authority has to be told within 72 hours of the detection."""


@breach_group.command(name="open")
@click.option("--what", required=True, help="What happened, in a sentence.")
@click.option(
    "--detected-at", type=click.DateTime(["%Y-%m-%dT%H:%M%z"]), help="When it was noticed, as 2026-07-01T08:30+0700; now."
)
@click.option("--happened", default="", help="When it happened, as far as it is known.")
@click.option("--category", "categories", multiple=True, help="A kind of data concerned; may be repeated.")
@click.option("--people", type=click.IntRange(0), help="How many citizens are concerned.")
@click.option("--consequence", default="", help="What may follow for them.")
@click.option("--measures", default="", help="What has been done and will be.")
@click.option("--contact", default="", help="Whom the authority may ask.")
def breach_open(*, what: str, detected_at: datetime | None, categories: tuple[str, ...], people: int | None, **more: str) -> None:
    """Enter a breach; what is not known yet is added to the notice by hand."""
    breach = asyncio.run(_breach_open(what, detected_at, categories, people, more))
    console.print(f"[green]✓[/] {breach.id}: tell the authority by [bold]{_moment(breach.notify_by)}[/]")


async def _breach_open(
    what: str, detected_at: datetime | None, categories: tuple[str, ...], people: int | None, more: dict[str, str]
) -> "Breach":
    from backend.privacy.actions.breaches import open_breach

    async with _holdings() as holdings:
        at = detected_at.astimezone(UTC) if detected_at else holdings.clock.now()
        return await open_breach(detected_at=at, what=what, categories=categories, people=people, audit=holdings.audit, **more)


@breach_group.command(name="amend")
@click.argument("breach_id")
@click.option("--what", help="What happened, in a sentence.")
@click.option("--happened", help="When it happened.")
@click.option("--category", "categories", multiple=True, help="A kind of data concerned; may be repeated.")
@click.option("--people", type=click.IntRange(0), help="How many citizens are concerned.")
@click.option("--consequence", help="What may follow for them.")
@click.option("--measures", help="What has been done and will be.")
@click.option("--contact", help="Whom the authority may ask.")
def breach_amend(breach_id: str, **said: str | int | tuple[str, ...] | None) -> None:
    """Add what has become known; what was entered before stays in the register, and the 72 hours go on."""
    known = {field: value for field, value in said.items() if value is not None and value != ()}
    asyncio.run(_breach_amend(breach_id, known))
    console.print(f"[green]✓[/] {breach_id}: {len(known)} fields added")


async def _breach_amend(breach_id: str, known: dict[str, str | int | tuple[str, ...]]) -> None:
    from backend.privacy.actions.breaches import amend_breach, find_breach
    from backend.privacy.errors import BreachNotFound

    async with _holdings() as holdings:
        try:
            breach = await find_breach(breach_id)
        except BreachNotFound as missing:
            raise click.ClickException(f"There is no breach {breach_id}: see `motcua privacy breach list`.") from missing
        await amend_breach(breach, known, now=holdings.clock.now(), audit=holdings.audit)


@breach_group.command(name="list")
def breach_list() -> None:
    """Every breach with its clock, the latest first."""
    asyncio.run(_breach_list())


async def _breach_list() -> None:
    from backend.privacy.actions.breaches import all_breaches

    table = Table(box=None)
    for title in ("id", "detected", "notice due", "", "what"):
        table.add_column(title)
    async with _holdings() as holdings:
        now = holdings.clock.now()
        for breach in await all_breaches():
            left = int((breach.notify_by - now).total_seconds() // 3600)
            clock = f"[red]late by {-left} h[/]" if left < 0 else f"[yellow]{left} h left[/]"
            state = f"[green]told {_moment(breach.notified_at)}[/]" if breach.notified_at else clock
            table.add_row(breach.id, _moment(breach.detected_at), _moment(breach.notify_by), state, breach.what)
    console.print(table)


@breach_group.command(name="notice")
@click.argument("breach_id")
@click.option("--sent", is_flag=True, help="Write down that the notice has gone out: the clock stops.")
def breach_notice(breach_id: str, *, sent: bool) -> None:
    """Print the draft of the notice, for the authority's form."""
    click.echo(asyncio.run(_breach_notice(breach_id, sent=sent)), nl=False)


async def _breach_notice(breach_id: str, *, sent: bool) -> str:
    from backend.privacy.actions.breaches import facts_of, find_breach, mark_notified
    from backend.privacy.breach_notice import draft
    from backend.privacy.errors import BreachNotFound

    async with _holdings() as holdings:
        now = holdings.clock.now()
        try:
            breach = await find_breach(breach_id)
        except BreachNotFound as missing:
            raise click.ClickException(f"There is no breach {breach_id}: see `motcua privacy breach list`.") from missing
        if sent:
            await mark_notified(breach, now=now, audit=holdings.audit)
        return draft(facts_of(breach), now)


@asynccontextmanager
async def _holdings() -> "AsyncIterator[Holdings]":
    from backend.app.parts import make_parts

    parts = make_parts(settings_or_exit())
    try:
        await parts.open()
        yield parts.privacy.holdings
    finally:
        await parts.close()


def _moment(at: datetime) -> str:
    from kernel.clock import VIETNAM

    return at.astimezone(VIETNAM).strftime("%Y-%m-%d %H:%M")


def _shown_in(bar: Progress, task: TaskID) -> Callable[[int], None]:
    return lambda done: bar.update(task, completed=done)


def _bar(title: str) -> Progress:
    columns = (TextColumn(f"{title} {{task.description}}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=console, transient=True)


COMMANDS = (privacy_group,)
