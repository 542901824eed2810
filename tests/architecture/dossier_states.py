"""The ten national statuses as docs/dossiers.md shows them: table, moves and diagram, all read from backend/dossiers/states.py."""

from collections.abc import Iterable, Sequence

from backend.dossiers.states import DOSSIER, STATUSES
from kernel.machine import Move


def render() -> str:
    """The generated part of the page."""
    statuses = [
        (str(s.code), f"`{s.name}`", s.vi, s.en, s.clock, "yes" if s.terminal else "")
        for s in sorted(STATUSES.values(), key=lambda status: status.code)
    ]
    return "\n\n".join(
        [
            "## The ten statuses",
            _table(("No.", "Status", "Vietnamese", "English", "The deadline's clock", "Last"), statuses),
            "## The moves",
            _table(("Move", "Button", "From", "To", "Who", "With a reason"), [_row(move) for move in DOSSIER.moves]),
            "## The same as a picture",
            f"```mermaid\n{DOSSIER.diagram()}\n```",
        ]
    )


def _row(move: Move) -> tuple[str, ...]:
    sources = ", ".join(f"`{source}`" for source in move.sources)
    who = ", ".join(sorted(move.by)).replace("_", " ")
    return f"`{move.name}`", f"{move.vi} / {move.en}", sources, f"`{move.target}`", who, "yes" if move.needs_reason else ""


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
