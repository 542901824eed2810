"""Commands about the keys of personal data: what there is, another master key, other data keys."""

import asyncio
import json
from typing import TYPE_CHECKING

import rich_click as click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from backend.cli.opened import opened_parts

if TYPE_CHECKING:
    from backend.app.parts import Parts

console = Console(highlight=False)

LIVING = {"keyMaterial": {"$exists": True}}


@click.group(name="keys")
def keys_group() -> None:
    """Look after the keys personal data are sealed under."""


@keys_group.command()
@click.option("--json", "as_json", is_flag=True, help="The counts as JSON.")
def status(*, as_json: bool) -> None:
    """How many keys there are, by the master key that wraps them; how many are retired or destroyed."""
    counts = asyncio.run(_count())
    if as_json:
        click.echo(json.dumps(counts, indent=2))
        return
    for name, many in counts.items():
        console.print(f"{name:<32}[bold]{many:>10,}[/]")


async def _count() -> dict[str, int]:
    from kernel.privacy.master_key import name_of

    # Without the endpoint: the same key by another address is the same key.
    named = {"$unsetField": {"field": "endpoint", "input": "$masterKey"}}
    async with opened_parts() as parts:
        keys = parts.vault.keys
        by_key = await keys.aggregate([{"$match": LIVING}, {"$sortByCount": named}])
        return {
            **{f"wrapped by {name_of(row['_id'])}": int(row["count"]) async for row in by_key},
            "retired": await keys.count_documents({**LIVING, "keyAltNames": {"$regex": ":retired:"}}),
            "destroyed": await keys.count_documents({"erased_at": {"$exists": True}}),
        }


@keys_group.command(name="rotate-master")
@click.option("--provider", required=True, help="The key service of MOTCUA_KMS_FILE that is to wrap every key.")
@click.option("--master-key", default="{}", help="Which key of it, as JSON; otherwise the file's `master_key`.")
def rotate_master(provider: str, master_key: str) -> None:
    """Wrap every data key anew by another master key. The data are not touched, and everything goes on meanwhile.

    Make it `active` in MOTCUA_KMS_FILE first, beside the former one, and restart; afterwards the former may go. Another key of the
    same service is another `master_key` in the file; another local key is another provider (`local:2027`). Broken off, it goes on
    where it was.
    """
    try:
        chosen = json.loads(master_key) or None
    except json.JSONDecodeError as malformed:
        raise click.UsageError("--master-key: is no JSON") from malformed
    console.print(f"[green]✓[/] {asyncio.run(_rewrap(provider, chosen)):,} keys rewrapped")


async def _rewrap(provider: str, master_key: dict[str, str] | None) -> int:
    from backend.app.connections import key_service
    from kernel.privacy.master_key import awaiting

    async with opened_parts() as parts:
        service = key_service(parts.settings)
        if provider not in service.providers:
            raise click.UsageError(f"--provider: MOTCUA_KMS_FILE names {', '.join(sorted(service.providers))}")
        if provider != service.active:
            raise click.UsageError(f"--provider: new keys are still wrapped by {service.active}; make {provider} `active` first")
        done, chosen = 0, master_key or service.master_key
        with _bar("rewrapping") as bar:
            task = bar.add_task("", total=await parts.vault.keys.count_documents(awaiting(provider, chosen)))
            while many := await parts.vault.rewrap(provider, chosen):
                done += many
                bar.advance(task, many)
        await _put_on_record(parts, "keys.rewrapped", provider=provider, keys=done)
        return done


@keys_group.command(name="rotate-data")
def rotate_data() -> None:
    """Give every citizen a new key, and seal anew what was sealed under the former one, while everything goes on.

    Broken off, it goes on where it was. Former keys still open older backups, until their citizen is erased.
    """
    retired, renewed = asyncio.run(_rotate())
    console.print(f"[green]✓[/] {retired:,} keys retired, {renewed:,} documents sealed anew")


async def _rotate() -> tuple[int, int]:
    from kernel.privacy.declared import collections_with_personal_data
    from kernel.privacy.rotation import Rotation

    done = {"retired": 0, "read": 0, "renewed": 0}
    async with opened_parts() as parts:
        collections = collections_with_personal_data([d for s in parts.slices for d in s.documents])
        with _bar("sealing anew") as bar:
            # Read twice: the second time finds what somebody had loaded before and wrote back.
            total = 2 * sum([await parts.db[name].estimated_document_count() for name in collections])
            task = bar.add_task("", total=total)
            async for what, many in Rotation(parts.vault, parts.db, collections).run(now=parts.clock.now()):
                done[what] += many
                bar.update(task, completed=done["read"], total=max(total, done["read"]))
        await _put_on_record(parts, "keys.renewed", retired=done["retired"], documents=done["renewed"])
    return done["retired"], done["renewed"]


async def _put_on_record(parts: "Parts", action: str, **told: str | int) -> None:
    from kernel.audit import AuditEntry, changed
    from kernel.principal import SYSTEM

    await parts.audit.log.record(SYSTEM, AuditEntry(action=action, object="keys", changes=changed({}, told)))


def _bar(words: str) -> Progress:
    columns = TextColumn(words), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    return Progress(*columns, console=console, transient=True)


COMMANDS = (keys_group,)
