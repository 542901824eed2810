"""Commands about the staff directory, for whoever sets the house up: a list to begin with, who works where, who has left."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import rich_click as click
from rich.console import Console

from backend.cli.opened import opened_parts

if TYPE_CHECKING:
    from backend.app.parts import Parts

console = Console(highlight=False)
Answer = TypeVar("Answer")


@click.group(name="staff")
def staff_group() -> None:
    """Look after the directory of officials."""


@staff_group.command(name="list")
@click.option("--agency", help="Only those of this agency.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def list_staff(agency: str | None, *, as_json: bool) -> None:
    """Everybody in the directory, by address."""
    rows = asyncio.run(_with_parts(lambda _: _everybody(agency)))
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for row in rows:
        mark = " " if row["active"] else "[red]left[/]"
        console.print(f"{row['email']:<40} {row['name']:<28} {','.join(row['agencies'])}  {','.join(row['roles'])} {mark}")


async def _everybody(agency: str | None) -> list[dict[str, Any]]:
    from backend.agencies.documents import StaffMember

    members = StaffMember.find({"agencies": {"$eq": agency}} if agency else {}).sort("email")
    return [member.model_dump(include={"email", "name", "agencies", "roles", "unit", "active"}) async for member in members]


@staff_group.command(name="enrol")
@click.argument("email")
@click.option("--name", required=True)
@click.option("--agency", "agencies", multiple=True, required=True, help="May be repeated.")
@click.option("--role", "roles", multiple=True, help="May be repeated.")
@click.option("--unit")
def enrol_one(email: str, name: str, agencies: tuple[str, ...], roles: tuple[str, ...], unit: str | None) -> None:
    """Enrol somebody, or change what they may do."""
    from backend.agencies.listed import Listed

    listed = Listed(email=email.casefold(), name=name, agencies=agencies, roles=roles, unit=unit)
    asyncio.run(_with_parts(lambda parts: _enrol(parts, listed)))
    console.print(f"[green]✓[/] {email}")


async def _enrol(parts: "Parts", listed: Any) -> None:
    from backend.agencies.actions.members import enrol, parents
    from backend.agencies.listed import problems

    if wrong := [*problems(listed, (await parents()).keys())]:
        raise click.ClickException("; ".join(wrong))
    told = {"agencies": listed.agencies, "roles": listed.roles, "unit": listed.unit}
    await enrol(listed.email, listed.name, **told, audit=parts.audit.log)


@staff_group.command(name="off-board")
@click.argument("email")
def off_board(email: str) -> None:
    """Somebody has left: ends what they may do and every session of theirs. Says which agencies now lack a handler or approver."""
    gaps = asyncio.run(_with_parts(lambda parts: _off_board(parts, email)))
    console.print(f"[green]✓[/] {email} may do nothing more")
    for agency, role in gaps:
        console.print(f"[yellow]![/] {agency} has no {role} left")


async def _off_board(parts: "Parts", email: str) -> list[tuple[str, str]]:
    from backend.agencies.documents import StaffMember
    from backend.agencies.reach import uncovered
    from backend.agencies.roles import INDISPENSABLE

    member = await StaffMember.find_one({"email": {"$eq": email.casefold()}})
    if member is None:
        raise click.ClickException(f"nobody has the address {email}")
    member.active = False
    await member.commit()
    await parts.auth.staff_sessions.end(member.email, "off_boarded")
    lost = [pair for pair in sorted(member.held()) if pair[1] in INDISPENSABLE]
    others = StaffMember.find({"active": True, "agencies": {"$in": member.agencies}})
    return uncovered(lost, [other.held() async for other in others])


@staff_group.command(name="import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--skip-bad", is_flag=True, help="Take the good lines although there are bad ones.")
def import_list(file: Path, *, skip_bad: bool) -> None:
    """Enrol everybody of a CSV file: `email,name,agencies,roles,unit`; several agencies or roles apart by `;`.

    Names every bad line. With one of them nothing is written, unless told to skip. Repeatable; nobody is taken out.
    """
    written, bad = asyncio.run(_with_parts(lambda parts: _import(parts, file.read_text(encoding="utf-8"), skip_bad=skip_bad)))
    for line in bad:
        console.print(f"[red]line {line.line}[/]: {line.why}", soft_wrap=True)
    if bad and not skip_bad:
        raise click.ClickException(f"{len(bad)} bad lines: nothing has been written")
    console.print(f"[green]✓[/] {written} officials, {len(bad)} lines skipped")


async def _import(parts: "Parts", text: str, *, skip_bad: bool) -> tuple[int, list[Any]]:
    from backend.agencies.actions.members import enrol, parents
    from backend.agencies.listed import read

    good, bad = read(text, (await parents()).keys())
    if bad and not skip_bad:
        return 0, bad
    for who in good:
        await enrol(who.email, who.name, agencies=who.agencies, roles=who.roles, unit=who.unit, audit=parts.audit.log)
    return len(good), bad


async def _with_parts(work: Callable[["Parts"], Awaitable[Answer]]) -> Answer:
    async with opened_parts() as parts:
        return await work(parts)


COMMANDS = (staff_group,)
