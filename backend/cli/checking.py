"""Commands that look and tell: is this configuration fit for production, and what does the API promise?"""

import asyncio
import json
import sys
from pathlib import Path

import rich_click as click
from rich.console import Console

from backend.settings import Settings, SettingsError, load

console = Console(highlight=False)


@click.command()
@click.option("--json", "as_json", is_flag=True, help="The findings as JSON.")
def doctor(*, as_json: bool) -> None:
    """Say what production must change, and whether the database answers. Ends with 1 when something has to be done."""
    try:
        settings = load()
    except SettingsError as wrong:
        raise click.ClickException(str(wrong)) from wrong
    unsafe, database = settings.unsafe(), asyncio.run(_database(settings))
    if as_json:
        click.echo(json.dumps({"unsafe": unsafe, "database": database or "ok"}, ensure_ascii=False, indent=2))
    else:
        for sentence in unsafe:
            console.print(f"[yellow]![/] {sentence}")
        console.print(f"[red]✗[/] {database}" if database else "[green]✓[/] the database answers")
        if not unsafe:
            console.print("[green]✓[/] every setting is fit for production")
    if unsafe or database:
        sys.exit(1)


async def _database(settings: Settings) -> str:
    """What is wrong with the database; empty when it is as it should be."""
    from pymongo.errors import PyMongoError

    from kernel.mongo.client import connect

    client = connect(settings.mongodb_uri, patience_ms=2_000)
    try:
        hello = await client.admin.command("hello")
    except PyMongoError as unreachable:
        return f"MongoDB does not answer ({type(unreachable).__name__}): check MOTCUA_MONGODB_URI."
    finally:
        await client.close()
    return "" if "setName" in hello else "MongoDB is no replica set: transactions and change streams need one."


@click.command()
@click.option("--check", is_flag=True, help="Write nothing; end with 1 when a committed file is not current.")
@click.option(
    "--changes", is_flag=True, help="Write nothing; list what is new since the last release. Ends with 1 if an app breaks."
)
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), default=Path("openapi"), show_default=True)
def spec(out: Path, *, check: bool, changes: bool) -> None:
    """Write the API's contract: openapi.json (3.1) and openapi.sdk.json (3.0.3, for client generators). Needs no database."""
    from backend.app.factory import create_app
    from backend.app.openapi import contract, contract_texts
    from backend.app.parts import make_parts

    texts = contract_texts(contract(create_app(make_parts(Settings()))))
    if changes:
        return _list_changes(out / "released" / "openapi.json", texts["openapi.json"])
    for name, text in texts.items():
        file = out / name
        if check and (not file.exists() or file.read_text(encoding="utf-8") != text):
            raise click.ClickException(f"{file} is not current: run `motcua spec` and commit it.")
        if not check:
            file.write_text(text, encoding="utf-8")
            console.print(f"[green]✓[/] {file}")
    return None


def _list_changes(released: Path, text: str) -> None:
    from openapi.changes import changes

    found = changes(json.loads(released.read_bytes()), json.loads(text))
    for change in found:
        click.echo(f"{'BREAKS ' if change.breaking else ''}{change}")
    if any(change.breaking for change in found):
        sys.exit(1)


COMMANDS = (doctor, spec)
