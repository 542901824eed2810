"""Commands about the audit trail: is it whole, what does it say, who may write to it."""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import rich_click as click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from backend.cli.opened import opened_parts
from backend.cli.settings import settings_or_exit

if TYPE_CHECKING:
    from backend.audit.actions.open_record import Opened
    from backend.audit.actions.verify import Verdict
    from backend.audit.documents import AuditTrail
    from backend.audit.inspection import Finding

console = Console(highlight=False, soft_wrap=True)

MOST_ROWS = 10_000
FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)

Answer = TypeVar("Answer")


@click.group(name="audit")
def audit_group() -> None:
    """Verify and read the audit trail, and restrict who writes to it."""


@audit_group.command(name="verify")
@click.option("--day", type=click.DateTime(["%Y-%m-%d"]), help="Only the chains of this day (Vietnamese time).")
@click.option(
    "--copy", "copies", type=click.Path(exists=True, dir_okay=False, path_type=Path), multiple=True,
    help="A second copy (`MOTCUA_AUDIT_FILE`) to hold against it; may be given more than once.",
)  # fmt: skip
@click.option("--archive", type=FOLDER, help="Hold the archives of retired days in this folder against their anchors, too.")
@click.option("--json", "as_json", is_flag=True, help="The verdict as JSON.")
def verify_command(day: datetime | None, copies: tuple[Path, ...], archive: Path | None, *, as_json: bool) -> None:
    """Read the whole trail and name every edit, deletion and reordering.

    Ends with 1 when something was found. What came after the last anchor is only held against a `--copy`.
    """
    import msgspec

    verdict = asyncio.run(_verify(day.date().isoformat() if day else None, copies, archive, quiet=as_json))
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(verdict), indent=2).decode())
    else:
        _print_verdict(verdict)
    if not verdict.whole:
        sys.exit(1)


async def _verify(day: str | None, copies: tuple[Path, ...], archive: Path | None, *, quiet: bool) -> "Verdict":
    import msgspec

    from backend.audit.actions.retire import check_archives
    from backend.audit.actions.verify import verify
    from backend.audit.gateways.day_archive import DayArchive
    from backend.audit.shipped import Shipped
    from backend.privacy.retention import TRAIL
    from kernel.clock import SystemClock

    lines = [line for copy in copies for line in copy.read_bytes().splitlines()]
    shipped = Shipped(lines, day=day) if copies else None
    columns = (TextColumn("verifying"), BarColumn(), MofNCompleteColumn(), TextColumn("records"), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=quiet) as bar:
        task = bar.add_task("", total=None)

        async def check(trail: "AuditTrail") -> "Verdict":
            total = await trail.records.count_documents({"day": day} if day else {})
            bar.update(task, total=total)
            now, heard = SystemClock().now(), lambda read: bar.update(task, completed=read)
            verdict = await verify(trail, day=day, copy=shipped, keep=TRAIL.keep, now=now, progress=heard)
            kept = await check_archives(trail, DayArchive(archive), now) if archive else []
            return msgspec.structs.replace(verdict, findings=[*verdict.findings, *kept])

        return await _with_trail(check)


def _print_verdict(verdict: "Verdict") -> None:
    _print_findings(verdict.findings)
    looked_at = f"{verdict.records:,} records in {verdict.chains:,} chains, {verdict.anchors:,} anchors"
    if verdict.whole:
        console.print(f"[green]✓[/] nothing was changed: {looked_at}")
    else:
        console.print(f"[red]{len(verdict.findings):,} finding(s)[/] in {looked_at}")


def _print_findings(findings: "list[Finding]") -> None:
    for finding in findings:
        console.print(f"[red]✗[/] [bold]{finding.kind}[/] {finding.place}: {finding.what}", markup=True)


@audit_group.command(name="query")
@click.option("--subject", help="A citizen's opaque id.")
@click.option("--actor", help="Id of who acted.")
@click.option("--object", "object_", help="`kind:id` of what was acted on.")
@click.option("--since", type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"]), help="From this instant on (UTC).")
@click.option("--limit", type=click.IntRange(1, MOST_ROWS), default=100, show_default=True, help="How many at most.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line, as in the second copy.")
def query_command(
    subject: str | None, actor: str | None, object_: str | None, since: datetime | None, limit: int, *, as_json: bool
) -> None:
    """Print records, the latest first."""
    from backend.audit.chain import line
    from backend.audit.queries import Wanted, page_of_records

    wanted = Wanted(subject=subject, actor=actor, object=object_, since=since.replace(tzinfo=UTC) if since else None)

    async def read(trail: "AuditTrail") -> list[dict[str, Any]]:
        rows, _ = await page_of_records(trail, wanted, limit=limit)
        return rows

    for row in asyncio.run(_with_trail(read)):
        if as_json:
            click.echo(line(row).decode())
        else:
            who = f"{row['actor']['kind']} {row['actor']['id']}"
            told = f"{row['action']:<28} {row['object']}  {who}  {row.get('purpose', '-')}  {row['_id']}"
            console.print(f"{row['at']:%Y-%m-%d %H:%M:%S}  {told}", markup=False)


@audit_group.command(name="open")
@click.argument("record")
@click.option("--by", required=True, help="Official address of the administrator who opens it; goes on record.")
@click.option("--purpose", required=True, help="Why, as a code: `oversight`, `security`, `legal_duty`...; the citizen can read it.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a field.")
def open_command(record: str, by: str, purpose: str, *, as_json: bool) -> None:
    """Show what one RECORD says changed, personal values in the clear. That it was opened is on record first, by whom and why.

    RECORD is its id, `day/chain/seq`. What belongs to somebody erased since stays closed.
    """
    import msgspec

    from backend.audit.actions.open_record import NotOpened

    try:
        opened = asyncio.run(_open(record, by, purpose))
    except NotOpened as refused:
        raise click.ClickException(str(refused)) from refused
    for one in opened:
        if as_json:
            click.echo(msgspec.json.encode(one).decode())
        else:
            console.print(f"{one.field:<28} {one.before!r} -> {one.after!r}", markup=False)


async def _open(record: str, by: str, purpose: str) -> "list[Opened]":
    from backend.agencies.documents import StaffMember
    from backend.audit.actions.open_record import NotOpened, open_record
    from kernel.principal import Principal

    async with opened_parts() as parts:
        member = await StaffMember.find_one({"email": {"$eq": by.casefold()}, "active": True})
        if member is None:
            raise NotOpened(f"{by} is no official here")
        roles = frozenset(member.roles)
        actor = Principal(id=member.id, kind="staff", client_id="motcua", name=member.name, roles=roles)
        trail, audit = parts.audit.trail, parts.audit.log
        return await open_record(actor, record, purpose, trail=trail, vault=parts.vault, audit=audit)


@audit_group.command(name="retire")
@click.option("--archive", type=FOLDER, required=True, help="Folder for the archives; move them to where they are kept for ever.")
@click.option("--admin-uri", help="A connection that may delete from the trail: MOTCUA_AUDIT_URI's user may not.")
@click.option("--do", "for_real", is_flag=True, help="Do it; without this it only says what it would do.")
def retire_command(archive: Path, admin_uri: str | None, *, for_real: bool) -> None:
    """Archive the days that have been kept for as long as the retention table says, and remove them, day by day.

    An anchor says of each day that it went, how its chains ended, and what its archive's hash is: the trail still verifies.
    """
    from backend.audit.actions.retire import DayIsBent

    try:
        days = asyncio.run(_with_trail(lambda trail: _retire(trail, archive, for_real=for_real), admin_uri))
    except DayIsBent as bent:
        _print_findings(bent.findings)
        raise click.ClickException(f"{bent.day} is not as it was written: it stays, and so does everything after it.") from bent
    for day, records in days.items():
        console.print(f"{'[green]✓[/] ' if for_real else ''}{day}  {records:,} records")
    if not for_real:
        console.print(f"{len(days)} days are due. Nothing was done: add --do.")


async def _retire(trail: "AuditTrail", folder: Path, *, for_real: bool) -> dict[str, int]:
    from backend.audit.actions.retire import overdue_days, retire_day
    from backend.audit.gateways.copy_file import FileCopy
    from backend.audit.gateways.day_archive import DayArchive
    from backend.privacy.retention import TRAIL
    from kernel.clock import SystemClock

    now, copy_file = SystemClock().now(), settings_or_exit().audit_file
    days = await overdue_days(trail, TRAIL.keep, now)
    if not for_real:
        return days
    copy = FileCopy(copy_file) if copy_file else None
    columns = (TextColumn("retiring"), BarColumn(), MofNCompleteColumn(), TextColumn("days"), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        return {day: await retire_day(trail, day, DayArchive(folder), now=now, copy=copy) for day in bar.track(list(days))}


@audit_group.command(name="role")
@click.option("--admin-uri", prompt=True, hide_input=True, help="A connection that may create roles; asked for where not given.")
def role_command(admin_uri: str) -> None:
    """Create the database role that may only insert and find.

    Builds the trail's collections and indexes first. Give the role, and no other right on the trail, to the user of
    `MOTCUA_AUDIT_URI`; the user of `MOTCUA_MONGODB_URI` needs no right on the trail at all.
    """
    from backend.audit.actions.restrict import ROLE, restrict

    database = asyncio.run(_with_trail(restrict, admin_uri))
    console.print(f"[green]✓[/] role {ROLE} is in place in {database}. Now create its user:")
    user = f'{{user: "motcua_audit", pwd: passwordPrompt(), roles: [{{role: "{ROLE}", db: "{database}"}}]}}'
    console.print(f"  mongosh> db.getSiblingDB('admin').createUser({user})", markup=False)


async def _with_trail(act: Callable[["AuditTrail"], Awaitable[Answer]], uri: str | None = None) -> Answer:
    from backend.audit.documents import AuditTrail
    from kernel.mongo.client import connect

    settings = settings_or_exit()
    async with connect(uri or settings.audit_uri or settings.mongodb_uri) as client:
        return await act(AuditTrail.of(client, f"{settings.database}_audit"))


COMMANDS = (audit_group,)
