"""Tables of states as pages show them: states, moves and diagram, all read from the `states.py` of a slice."""

from collections.abc import Iterable, Sequence

from backend.dossiers.states import DOSSIER, STATUSES
from backend.feedback.states import FEEDBACK, STATES, State
from kernel.machine import Machine, Move


def dossiers() -> str:
    """The generated part of docs/dossiers.md."""
    statuses = [
        (str(s.code), f"`{s.name}`", s.vi, s.en, s.clock, _yes(s.terminal))
        for s in sorted(STATUSES.values(), key=lambda status: status.code)
    ]
    head = ("No.", "Status", "Vietnamese", "English", "The deadline's clock", "Last")
    return _page("The ten statuses", _table(head, statuses), DOSSIER)


def feedback() -> str:
    """The generated part of docs/feedback.md."""
    head = (
        "State",
        "Vietnamese",
        "English",
        "Khmer",
        "The citizen reads",
        "Clock",
        "Promise",
        "Open311",
        "Rated",
        "Times out",
        "Last",
    )
    return _page("The states", _table(head, [_state(state) for state in STATES.values()]), FEEDBACK)


def _state(state: State) -> tuple[str, ...]:
    out = state.times_out
    when = f"{out.after.days} days: `{out.move}`" if out else ""
    open311 = "open" if state.is_open else "closed"
    words = state.words.vi, state.words.en, state.words.km
    flags = open311, _yes(state.may_rate), when, _yes(state.terminal)
    return f"`{state.name}`", *words, f"`{state.public}`", state.clock, state.promise or "", *flags


def _page(title: str, states: str, machine: Machine) -> str:
    return "\n\n".join(
        [
            f"## {title}",
            states,
            "## The moves",
            _moves(machine),
            "## The same as a picture",
            f"```mermaid\n{machine.diagram()}\n```",
        ]
    )


def _moves(machine: Machine) -> str:
    """A column for what only some tables know stands where the table knows it."""
    head, rows = ["Move", "Button", "From", "To", "Who", "With a reason"], [_row(move) for move in machine.moves]
    if any(move.requires - {"reason"} for move in machine.moves):
        head.append("Needs")
        rows = [
            [*row, ", ".join(sorted(move.requires - {"reason"})).replace("_", " ")]
            for row, move in zip(rows, machine.moves, strict=True)
        ]
    if any(move.tells for move in machine.moves):
        head.append("The citizen is told")
        rows = [[*row, move.tells.replace("_", " ")] for row, move in zip(rows, machine.moves, strict=True)]
    return _table(head, rows)


def _row(move: Move) -> list[str]:
    sources = ", ".join(f"`{source}`" for source in move.sources)
    who = ", ".join(sorted(move.by)).replace("_", " ")
    return [f"`{move.name}`", f"{move.vi} / {move.en}", sources, f"`{move.target}`", who, _yes(move.needs_reason)]


def _yes(said: bool) -> str:
    return "yes" if said else ""


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
