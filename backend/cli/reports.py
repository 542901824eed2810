"""Commands about citizens' reports: routing rules tried before they count."""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click
from rich.console import Console
from rich.table import Table

from backend.cli.json_files import read_json
from backend.cli.opened import opened_parts

if TYPE_CHECKING:
    from backend.feedback.rehearsal import Rehearsal
    from backend.feedback.routing import Rules

console = Console(highlight=False, soft_wrap=True)
RULES_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group(name="reports")
def reports_group() -> None:
    """Look after the reports of citizens."""


@reports_group.command(name="rehearse-routing")
@click.argument("rules", type=RULES_FILE)
@click.option("--days", type=click.IntRange(1, 366), default=30, show_default=True, help="How far back.")
def rehearse_routing(rules: Path, days: int) -> None:
    """Try RULES (as `backend/feedback/data/routing.json`) on the reports of the last days. Nothing is changed.

    Says which would have gone elsewhere, and how often dispatchers sent one where the rules suggest: today's rules and these.
    """
    from backend.feedback.routing import Rules

    told = asyncio.run(_rehearse(read_json(rules, Rules), timedelta(days=days)))
    console.print(f"{told.reports:,} reports in {days} days; {told.moved.total():,} would have gone elsewhere.")
    if told.moved:
        shown = Table("category", "today", "by these rules", "reports")
        for (category, today, then), many in told.moved.most_common():
            shown.add_row(category, today, then, f"{many:,}")
        console.print(shown)
    if told.decided:
        agreed = f"today's rules name for {told.agreed_today:,}, and these for {told.agreed_then:,}"
        console.print(f"{told.decided:,} were given to an agency: the one that {agreed}.")


async def _rehearse(rules: "Rules", back: timedelta) -> "Rehearsal":
    from backend.agencies.documents import Agency
    from backend.feedback.categories import CATEGORIES
    from backend.feedback.queries import routed
    from backend.feedback.rehearsal import Rehearsal, unknown

    async with opened_parts() as parts:
        agencies = await Agency.get_pymongo_collection().distinct("_id")
        if wrong := unknown(rules, agencies, CATEGORIES):
            raise click.ClickException("; ".join(wrong))
        told = Rehearsal()
        async for report in routed(parts.clock.now() - back):
            told.take(report, rules)
        return told


COMMANDS = (reports_group,)
