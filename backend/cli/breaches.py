"""Commands about the breach register: enter one, add to it, see its clock, draft its notice (SEC-78)."""

import asyncio
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import rich_click as click
from rich.console import Console
from rich.table import Table

from backend.cli.opened import opened_parts

if TYPE_CHECKING:
    from backend.privacy.documents import Breach

console = Console(highlight=False, soft_wrap=True)


@click.group(name="breach")
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

    async with opened_parts() as parts:
        holdings = parts.privacy.holdings
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

    async with opened_parts() as parts:
        holdings = parts.privacy.holdings
        await amend_breach(await find_breach(breach_id), known, now=holdings.clock.now(), audit=holdings.audit)


@breach_group.command(name="list")
def breach_list() -> None:
    """Every breach with its clock, the latest first. Ends with 1 while a notice is late, or owed within 24 hours."""
    if asyncio.run(_breach_list()):
        sys.exit(1)


async def _breach_list() -> bool:
    from backend.privacy.actions.breaches import all_breaches
    from backend.privacy.clocks import pressing

    presses = False
    table = Table(box=None)
    for title in ("id", "detected", "notice due", "", "what"):
        table.add_column(title)
    async with opened_parts() as parts:
        holdings = parts.privacy.holdings
        now = holdings.clock.now()
        for breach in await all_breaches():
            state = f"[green]told {_moment(breach.notified_at)}[/]" if breach.notified_at else _clock(breach.notify_by, now)
            table.add_row(breach.id, _moment(breach.detected_at), _moment(breach.notify_by), state, breach.what)
            presses = presses or (breach.notified_at is None and pressing(breach.notify_by, now) is not None)
    console.print(table)
    return presses


def _clock(notify_by: datetime, now: datetime) -> str:
    from backend.privacy.clocks import LATE, pressing

    left, how = int((notify_by - now).total_seconds() // 3600), pressing(notify_by, now)
    if how == LATE:
        return f"[red]late by {-left} h[/]"
    return f"[red]{left} h left: tell the authority now[/]" if how else f"[yellow]{left} h left[/]"


@breach_group.command(name="notice")
@click.argument("breach_id")
@click.option("--sent", is_flag=True, help="Write down that the notice has gone out: the clock stops.")
def breach_notice(breach_id: str, *, sent: bool) -> None:
    """Print the draft of the notice, for the authority's form."""
    click.echo(asyncio.run(_breach_notice(breach_id, sent=sent)), nl=False)


async def _breach_notice(breach_id: str, *, sent: bool) -> str:
    from backend.privacy.actions.breaches import facts_of, find_breach, mark_notified
    from backend.privacy.breach_notice import draft

    async with opened_parts() as parts:
        holdings = parts.privacy.holdings
        now, breach = holdings.clock.now(), await find_breach(breach_id)
        if sent:
            await mark_notified(breach, now=now, audit=holdings.audit)
        return draft(facts_of(breach), now)


def _moment(at: datetime) -> str:
    from kernel.clock import VIETNAM

    return at.astimezone(VIETNAM).strftime("%Y-%m-%d %H:%M")
