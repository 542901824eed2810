"""Commands that run something: the world, the API, the worker, the story."""

import asyncio
import json
import signal
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import rich_click as click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from backend.cli.settings import settings_or_exit
from backend.cli.world_option import WORLD

if TYPE_CHECKING:
    from backend.dev.story import Step

console = Console(highlight=False, soft_wrap=True)


@click.command()
@click.option(
    "--data-dir", type=click.Path(path_type=Path), default=Path(".motcua"), show_default=True, help="Where it keeps its data."
)
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="Port of the API; 0 takes a free one.")
@click.option("--story/--no-story", default=False, help="Do the main job once, step by step, when everything answers.")
def up(data_dir: Path, port: int, *, story: bool) -> None:
    """Start the whole development world and keep it up until Ctrl-C.

    MongoDB, two official-account providers, a Firebase simulator, a post office for e-mail, SMS and Zalo, the phone page, the API
    with the staff console, and a worker. Writes `world.json` into the data directory when all of it answers.
    """
    from backend.dev.mongod_binary import MongodUnavailable
    from backend.dev.world import PortTaken

    try:
        asyncio.run(_up(data_dir, port, tell_story=story))
    except (MongodUnavailable, PortTaken) as problem:
        raise click.ClickException(str(problem)) from problem


async def _up(data_dir: Path, port: int, *, tell_story: bool) -> None:
    from backend.dev.world import running_world
    from kernel.telemetry import logs

    logs.configure(as_json=False, level="WARNING")
    stop, loop, started = asyncio.Event(), asyncio.get_running_loop(), time.perf_counter()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)

    def say(what: str) -> None:
        console.print(f"[green]✓[/] {what} [dim]{time.perf_counter() - started:5.1f} s[/]")

    console.print("[bold]Một Cửa[/] is starting …")
    with _bar("telling a year of demo dossiers") as bar:
        task = bar.add_task("", total=None, visible=False)

        def progress(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total, visible=done < total)

        starting = asyncio.create_task(_enter(running_world(data_dir, port, say=say, progress=progress)))
        stopping = asyncio.create_task(stop.wait())
        await asyncio.wait({starting, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if not starting.done():
            starting.cancel()
            await asyncio.wait({starting})
            return
        manager, world = starting.result()
    try:
        watching = asyncio.create_task(world.watch(say))
        if tell_story:
            await _tell(world.facts)
        _addresses(world.facts, data_dir)
        await asyncio.wait({watching, stopping}, return_when=asyncio.FIRST_COMPLETED)
        watching.cancel()
    finally:
        console.print("stopping …")
        await manager.__aexit__(None, None, None)
    console.print("[green]✓[/] stopped; nothing is left running.")


async def _enter(manager: Any) -> tuple[Any, Any]:
    return manager, await manager.__aenter__()


def _addresses(facts: dict[str, Any], data_dir: Path) -> None:
    console.print("\n[bold]Everything is up.[/] Open in a browser:")
    rows = [
        ("phone page", facts["phone"], "sign in as lan"),
        ("staff console", facts["console"], "reports and dossiers; sign in as linh, yen or minh"),
        ("documentation", facts["docs"], "every operation, every problem"),
        ("Firebase simulator", facts["fcm"] + "/", "devices and what they received"),
        ("post office", facts["post_office"] + "/", "e-mails, SMS and Zalo messages that arrived"),
    ]
    for what, where, hint in rows:
        console.print(f"  {what:<19} [link={where}][cyan]{where}[/][/]  [dim]{hint}[/]")
    console.print(f"\nScripts join through [cyan]{data_dir / 'world.json'}[/]. [dim]Ctrl-C ends all of it.[/]")


@click.command()
@click.option("--workers", type=click.IntRange(1, 64), default=1, show_default=True, help="Processes that share the port.")
def serve(workers: int) -> None:
    """Serve the API (`MOTCUA_HOST`, `MOTCUA_PORT`)."""
    from backend.app.serving import serve as serve_api

    serve_api(settings_or_exit(), workers=workers)


@click.command()
def worker() -> None:
    """Relay events and send pushes, until told to stop. Run as many as you like."""
    from backend.app.parts import make_parts
    from backend.app.worker import run_until_signalled

    asyncio.run(run_until_signalled(make_parts(settings_or_exit())))


@click.command()
@WORLD
@click.option("--json", "as_json", is_flag=True, help="One JSON object with every step.")
def story(world: Path, *, as_json: bool) -> None:
    """Do the main job against a running world: from a sign-in to a result on the phone.

    Ends with 1 when a step fails.
    """
    from backend.dev.story import Story
    from kernel.telemetry import logs

    logs.configure(as_json=False, level="ERROR")
    facts = json.loads(world.read_bytes())
    steps = asyncio.run(Story(facts).play()) if as_json else asyncio.run(_tell(facts))
    if as_json:
        click.echo(
            json.dumps({"ok": all(s.ok for s in steps), "steps": [_as_dict(s) for s in steps]}, ensure_ascii=False, indent=2)
        )
    if not all(step.ok for step in steps):
        sys.exit(1)


async def _tell(facts: dict[str, Any]) -> "list[Step]":
    from backend.dev.story import Story

    console.print("\n[bold]The main job[/]: a citizen follows a dossier, staff publish its result, the phone shows it.")

    def tell(step: "Step") -> None:
        mark = "[green]✓[/]" if step.ok else "[red]✗[/]"
        console.print(f"{mark} {step.name:<58} [bold]{step.ms:7.1f} ms[/]")
        if step.detail:
            console.print(f"    {step.detail}", style="red", markup=False)

    return await Story(facts, tell).play()


def _as_dict(step: "Step") -> dict[str, Any]:
    import msgspec

    return {name: value for name, value in msgspec.to_builtins(step).items() if value != ""}


def _bar(title: str) -> Progress:
    columns = (TextColumn(f"  {title}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=console, transient=True)


COMMANDS = (up, serve, worker, story)
