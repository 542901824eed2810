"""`motcua deadline`: when something accepted then falls due, and the days that make it so."""

import json
from datetime import datetime, time

import rich_click as click
from rich.console import Console
from rich.table import Table

from kernel.calendar import UnknownYear
from kernel.clock import VIETNAM
from kernel.deadline import Deadline, Term, Unit, deadline
from kernel.state_calendar import state_calendar
from kernel.working_time import WorkingTime

console = Console(highlight=False)

UNITS: tuple[Unit, ...] = ("working_days", "calendar_days", "working_hours", "hours", "months")
YEARS_AHEAD = 3


class Moment(click.ParamType[datetime]):
    """An instant, Vietnamese time where it names no zone."""

    name = "time"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        try:
            given = datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is no time: 2026-02-12T09:00, or with a zone.", param, ctx)
        return given if given.tzinfo else given.replace(tzinfo=VIETNAM)


@click.command(name="deadline")
@click.argument("accepted", type=Moment())
@click.option("--working-days", type=click.IntRange(1, 999), help="Days the state works.")
@click.option("--calendar-days", type=click.IntRange(1, 3_650), help="Every day; the end moves off a day off.")
@click.option("--working-hours", type=click.IntRange(1, 9_999), help="Office hours.")
@click.option("--hours", type=click.IntRange(1, 9_999), help="Hours of the clock on the wall.")
@click.option("--months", type=click.IntRange(1, 120), help="The same day of a later month.")
@click.option("--cutoff", type=click.DateTime(["%H:%M"]), help="From this time on it counts as of the next working day.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def deadline_command(accepted: datetime, cutoff: datetime | None, *, as_json: bool, **amounts: int | None) -> None:
    """Say when a dossier ACCEPTED at that time is due, and why.

    `motcua deadline 2026-02-12T09:00 --working-days 5`
    """
    given = [Term(amount, unit) for unit in UNITS if (amount := amounts[unit]) is not None]
    if len(given) != 1:
        raise click.UsageError("name one term: " + ", ".join("--" + unit.replace("_", "-") for unit in UNITS))
    working = WorkingTime(state_calendar(accepted.year + YEARS_AHEAD))
    try:
        found = deadline(accepted, given[0], working, cutoff=_time(cutoff))
    except UnknownYear as unknown:
        raise click.ClickException(str(unknown)) from unknown
    if as_json:
        click.echo(json.dumps(_as_json(found, working), ensure_ascii=False, indent=2))
    else:
        _print(found)


def _time(cutoff: datetime | None) -> time | None:
    return cutoff.time() if cutoff else None


def _as_json(found: Deadline, working: WorkingTime) -> dict[str, object]:
    assert found.due_at is not None, "nothing pauses here"
    return {
        "acceptedAt": found.start.isoformat(),
        "term": {"amount": found.term.amount, "unit": found.term.unit},
        "countsFrom": found.counts_from.isoformat(),
        "dueAt": found.due_at.isoformat(),
        "calendar": working.calendar.version,
        "days": [
            {"day": day.day.isoformat(), "kind": day.kind, "hours": day.counted.total_seconds() / 3600, "why": day.why}
            for day in found.days(found.start)
        ],
    }


def _print(found: Deadline) -> None:
    assert found.due_at is not None, "nothing pauses here"
    table = Table(box=None, header_style="dim")
    for heading in ("day", "", "counts", "why"):
        table.add_column(heading)
    for day in found.days(found.start):
        counted = f"{day.counted.total_seconds() / 3600:g} h" if day.counted else "–"
        table.add_row(day.day.isoformat(), f"{day.day:%a}", counted, day.why or day.kind)
    console.print(table)
    console.print(f"due [bold]{found.due_at.astimezone(VIETNAM):%Y-%m-%d %H:%M}[/] Vietnamese time")


COMMANDS = (deadline_command,)
