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
    fallbacks = [delivery for delivery in found["deliveries"] if delivery["lane"] == "fallback"]
    pushes = [delivery for delivery in found["deliveries"] if delivery["lane"] != "fallback"]
    if not pushes:
        console.print("No phone was registered when it was told: it is in the inbox only.")
    console.print(in_one_line(pushes, fallbacks))
    phones = {phone["_id"]: phone for phone in found["phones"]}
    for delivery in pushes:
        _tell(delivery, phones.get(delivery["installation"], {}))
    for fallback in fallbacks:
        _tell_attempts("instead of a push: " + fallback["state"] + " " + fallback.get("reason", ""), fallback)


def in_one_line(pushes: list[dict[str, Any]], fallbacks: list[dict[str, Any]]) -> str:
    """Its way, in the order of time: `push sent 10:02, no receipt by 10:32, sms sent 10:32`."""
    told = [_push_in_words(push) for push in pushes] or ["no phone"]
    for fallback in fallbacks:
        told += _fallback_in_words(fallback)
    return ", ".join(told)


def _push_in_words(push: dict[str, Any]) -> str:
    seen = push.get("seen", {})
    first = min((at for name, at in seen.items() if name.endswith("_at")), default=None)
    ended = f" {push['finished_at']:%H:%M}" if "finished_at" in push else ""
    why = f" ({push['reason']})" if "reason" in push else ""
    return f"push {push['state']}{ended}{why}" + (f", receipt {first:%H:%M}" if first else "")


def _fallback_in_words(fallback: dict[str, Any]) -> list[str]:
    if fallback["state"] == "pending" and not fallback.get("attempts"):
        return [f"a text is due {fallback['due']:%H:%M}"]
    if fallback["state"] == "suppressed":
        return [f"no text ({fallback.get('reason', '')}) {fallback['finished_at']:%H:%M}"]
    tried = [one for one in fallback.get("attempts", []) if one.get("channel")]
    words = [f"no receipt by {tried[0]['at']:%H:%M}"] if tried else []
    words += [f"{one['channel']} {one['outcome']} {one['at']:%H:%M}" for one in tried]
    ended = fallback["state"] != "sent"
    return [*words, f"{fallback['state']} ({fallback.get('reason', 'waiting')})"] if ended else words


def _tell(delivery: dict[str, Any], phone: dict[str, Any]) -> None:
    state = phone.get("retired_reason") or ("registered" if phone.get("active") else "gone")
    _tell_attempts(
        f"{phone.get('platform', 'phone')} {delivery['installation']} ({state}): "
        f"{delivery['state']} {delivery.get('reason', '')}, seen level {delivery.get('seen', {}).get('level', 0)}",
        delivery,
    )


def _tell_attempts(title: str, delivery: dict[str, Any]) -> None:
    shown = Table("when", "by", "outcome", "detail", "took", title=title, title_justify="left")
    for attempt in [*delivery.get("attempts", []), *delivery.get("late", [])]:
        way = attempt.get("channel", "push" if delivery["lane"] != "fallback" else "")
        shown.add_row(f"{attempt['at']:%H:%M:%S.%f}", way, attempt["outcome"], attempt["detail"], f"{attempt['took_ms']} ms")
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
