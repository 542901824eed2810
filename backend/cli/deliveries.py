"""Commands about pushes: why somebody did not get one, what has failed, and another try."""

import asyncio
import json
from typing import Any

import rich_click as click
from rich.console import Console
from rich.table import Table

from backend.cli.opened import opened_parts

console = Console(highlight=False, soft_wrap=True)


@click.group(name="deliveries")
def deliveries_group() -> None:
    """Pushes on their way, and those that did not get there."""


@deliveries_group.command(name="why")
@click.argument("citizen")
@click.argument("notice")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def why(citizen: str, notice: str, *, as_json: bool) -> None:
    """Why did CITIZEN (the subject) not get NOTICE? Every phone, every attempt, every receipt."""
    asyncio.run(_why(citizen, notice, as_json=as_json))


async def _why(citizen: str, notice: str, *, as_json: bool) -> None:
    from notifications.delivery import inquiry

    async with opened_parts():
        found = await inquiry.why(citizen, notice)
    if found is None:
        raise click.ClickException("This citizen has no such notice.")
    if as_json:
        click.echo(json.dumps(found, default=str, ensure_ascii=False, indent=2))
        return
    console.print(f"{found['message']}, told {found['created_at']:%Y-%m-%d %H:%M:%S}, read {found.get('read_at', 'not yet')}")
    if not found["deliveries"]:
        console.print("No phone was registered when it was told: it is in the inbox only.")
    phones = {phone["_id"]: phone for phone in found["phones"]}
    for delivery in found["deliveries"]:
        _tell(delivery, phones.get(delivery["installation"], {}))


def _tell(delivery: dict[str, Any], phone: dict[str, Any]) -> None:
    state = phone.get("retired_reason") or ("registered" if phone.get("active") else "gone")
    shown = Table("when", "outcome", "detail", "took", title_justify="left")
    shown.title = (
        f"{phone.get('platform', 'phone')} {delivery['installation']} ({state}): "
        f"{delivery['state']} {delivery.get('reason', '')}, seen level {delivery.get('seen', {}).get('level', 0)}"
    )
    for attempt in [*delivery.get("attempts", []), *delivery.get("late", [])]:
        shown.add_row(f"{attempt['at']:%H:%M:%S.%f}", attempt["outcome"], attempt["detail"], f"{attempt['took_ms']} ms")
    console.print(shown)


@deliveries_group.command(name="dead")
@click.option("--limit", type=click.IntRange(1, 10_000), default=100, show_default=True)
def dead(limit: int) -> None:
    """The pushes that have failed, newest first."""
    asyncio.run(_dead(limit))


async def _dead(limit: int) -> None:
    from notifications.delivery import inquiry

    async with opened_parts():
        rows = await inquiry.dead(limit)
    shown = Table("delivery", "notice", "message", "reason", "tries", "ended")
    for row in rows:
        shown.add_row(
            row["_id"], row["notice"], row["message"], row["reason"], str(row["tries"]), f"{row['finished_at']:%Y-%m-%d %H:%M}"
        )
    console.print(shown)


@deliveries_group.command(name="replay")
@click.argument("delivery", nargs=-1, required=True)
def replay(delivery: tuple[str, ...]) -> None:
    """Try failed pushes once more, from the beginning. What is too late or superseded by now is still not sent."""
    asyncio.run(_replay(delivery))


async def _replay(deliveries: tuple[str, ...]) -> None:
    from notifications.delivery import inquiry

    async with opened_parts():
        done = [one for one in deliveries if await inquiry.replay(one)]
    console.print(f"{len(done)} of {len(deliveries)} are on their way again.")
    if len(done) < len(deliveries):
        raise click.ClickException("Not failed, or not there: " + ", ".join(sorted(set(deliveries) - set(done))))


COMMANDS = [deliveries_group]
