"""Commands about our official account at Zalo."""

import asyncio

import rich_click as click
from rich.console import Console

from backend.cli.opened import opened_parts

console = Console(highlight=False, soft_wrap=True)


@click.group(name="zalo")
def zalo_group() -> None:
    """Our official account at Zalo."""


@zalo_group.command(name="grant")
def grant() -> None:
    """Begin with the refresh token that Zalo's console gave: asked for, or read from standard input; kept sealed.

    From then on it renews itself. Needed once, and again where the log goes on saying `zalo.no_new_token`.
    """
    token = click.prompt("Refresh token", hide_input=True, err=True).strip()
    asyncio.run(_grant(token))
    console.print("[green]✓[/] kept; workers go on with it")


async def _grant(token: str) -> None:
    from backend.app.text_channels import zalo_tokens

    async with opened_parts() as parts:
        if not parts.settings.zalo_app_id:
            raise click.ClickException("MOTCUA_ZALO_APP_ID is not set.")
        tokens = zalo_tokens(parts.settings, parts.vault, parts.clock)
        await tokens.plant(token)
        await tokens.close()


COMMANDS = [zalo_group]
