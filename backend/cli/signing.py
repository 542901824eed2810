"""Commands about the keys access tokens are signed with: which there are, the next one now, one that must not count any more."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

import rich_click as click
from rich.console import Console

from backend.cli.opened import opened_parts

if TYPE_CHECKING:
    from auth.tokens.signing_keys import SigningKeys

console = Console(highlight=False)


@click.group(name="signing")
def signing_group() -> None:
    """Look after the keys access tokens are signed with."""


@signing_group.command(name="list")
@click.option("--json", "as_json", is_flag=True, help="The keys as JSON.")
def list_keys(*, as_json: bool) -> None:
    """Every key that verifiers may meet: next, active, retired. Never a private half."""
    rows = asyncio.run(_with_keys(lambda keys: keys.listed()))
    if as_json:
        click.echo(json.dumps(rows, default=str, indent=2))
        return
    for row in rows:
        console.print(
            f"{row['_id']}  [bold]{row['state']:<8}[/] since {row.get('activated_at') or row['created_at']:%Y-%m-%d %H:%M}"
        )


@signing_group.command()
def rotate() -> None:
    """Let the next key sign from now on. Tokens already out stay good; nobody signs in anew. The worker does this every 90 days."""
    asyncio.run(_with_keys(lambda keys: keys.rotate()))
    console.print("[green]✓[/] the next key signs; the former one is kept until its tokens have run out")


@signing_group.command()
@click.argument("kid")
@click.confirmation_option(prompt="Every access token this key has signed is refused at once. Go on?")
def revoke(kid: str) -> None:
    """Take a key away that may be in other hands. Every process refuses its tokens within a second; apps refresh by themselves."""
    asyncio.run(_with_keys(lambda keys: keys.revoke(kid)))
    console.print(f"[green]✓[/] {kid} counts no more")


async def _with_keys(work: Callable[["SigningKeys"], Awaitable[Any]]) -> Any:
    async with opened_parts() as parts:
        return await work(parts.auth.keys)
