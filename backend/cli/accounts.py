"""Commands about people's accounts, for who has somebody in front of them at the counter."""

import asyncio

import rich_click as click

from backend.cli.opened import opened_parts


@click.group(name="accounts")
def accounts_group() -> None:
    """Help somebody with their account."""


@accounts_group.command()
@click.argument("person_id")
@click.confirmation_option(prompt="Has this person shown at the counter who they are?")
def unlock(person_id: str) -> None:
    """Open an account its owner has locked and whose unlock code is lost. PERSON_ID is what `GET /v1/me` calls `id`."""
    if not asyncio.run(_unlock(person_id)):
        raise click.ClickException("no locked account has this id")
    click.echo("unlocked")


async def _unlock(person_id: str) -> bool:
    from auth.sessions.locking import unlock_by_hand

    async with opened_parts():
        return await unlock_by_hand(person_id)


COMMANDS = (accounts_group,)
