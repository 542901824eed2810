"""Commands about what apps are told: which versions are served, maintenance, switches."""

import asyncio
from datetime import datetime
from typing import TYPE_CHECKING, Any

import rich_click as click

from backend.cli.opened import opened_parts

if TYPE_CHECKING:
    from backend.bootstrap.documents import AppState


@click.group(name="app")
def app_group() -> None:
    """Say what apps are told at their start. A change is effective everywhere within two seconds."""


@app_group.command()
def show() -> None:
    """What is set, as JSON."""
    click.echo(asyncio.run(_with_state(None, {})).model_dump_json(indent=2, exclude={"id"}, exclude_none=True))


@app_group.command(name="set")
@click.option("--min-ios", help="Oldest version for iOS that is served.")
@click.option("--min-android", help="The same for Android.")
@click.option("--latest-ios", help="Version in the App Store.")
@click.option("--latest-android", help="Version in the Play Store.")
@click.option("--store-ios", help="Where to get it, https.")
@click.option("--store-android", help="The same for Android.")
@click.option("--feature", "features", multiple=True, metavar="NAME=on|off", help="A switch; may be said often.")
def set_(features: tuple[str, ...], **given: str | None) -> None:
    """Set what is named, leave the rest."""
    changes: dict[str, dict[str, str]] = {}
    for option, value in given.items():
        if value is not None:
            part, platform = option.split("_")
            field = {"min": "minimum", "store": "store_url"}.get(part, part)
            changes.setdefault(platform, {})[field] = value
    switched = dict(_switch(feature) for feature in features)
    click.echo(f"version {asyncio.run(_with_state(changes, switched)).version}")


def _switch(text: str) -> tuple[str, bool]:
    name, _, value = text.partition("=")
    if value not in ("on", "off"):
        raise click.UsageError(f"--feature {text}: write NAME=on or NAME=off")
    return name, value == "on"


@app_group.command()
@click.option("--until", required=True, help="When it will be over, RFC 3339 with its zone.")
@click.option("--message", required=True, help="What people read meanwhile, in Vietnamese.")
@click.option("--message-en", default="", help="The same in English.")
@click.option("--message-km", default="", help="The same in Khmer.")
def close(until: str, message: str, message_en: str, message_km: str) -> None:
    """Maintenance: everybody is answered 503 until then, but apps learn why."""
    from backend.bootstrap.documents import Maintenance

    try:
        end = datetime.fromisoformat(until)
    except ValueError as malformed:
        raise click.UsageError(f"--until {until}: not a time") from malformed
    if end.tzinfo is None:
        raise click.UsageError("--until: say the zone, for example 2026-06-15T08:30:00+07:00")
    told = Maintenance(until=end, vi=message, en=message_en, km=message_km)
    click.echo(f"version {asyncio.run(_with_state({'maintenance': told}, {})).version}")


@app_group.command(name="open")
def open_() -> None:
    """Maintenance is over."""
    click.echo(f"version {asyncio.run(_with_state({'maintenance': None}, {})).version}")


async def _with_state(changes: dict[str, Any] | None, features: dict[str, bool]) -> "AppState":
    from backend.bootstrap.actions import change
    from backend.bootstrap.documents import present

    async with opened_parts():
        return await present() if changes is None else await change(changes, features=features)


COMMANDS = (app_group,)
