"""States and moves as one table: guards, documentation and the API's values all come from it."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from kernel.errors import Conflict


class MoveNotAllowed(Conflict):
    """That step is not possible from the present state."""

    vi = "Không thể thực hiện bước này ở trạng thái hiện tại."


REASON = "reason"


@dataclass(frozen=True)
class Move:
    """One allowed step: a verb, where it may start, where it ends, who may take it, what its button says.

    `requires` names what has to come along with the step, `tells` how much it matters to whom it concerns; which words these are is
    each table's own business, but for `reason`.
    """

    name: str
    sources: tuple[str, ...]
    target: str
    by: frozenset[str]
    vi: str
    en: str
    km: str = ""
    requires: frozenset[str] = frozenset()
    tells: str = ""

    @property
    def needs_reason(self) -> bool:
        """Has the step to be explained in words?"""
        return REASON in self.requires


def move(
    name: str,
    sources: Sequence[str],
    target: str,
    vi: str,
    en: str,
    km: str = "",
    *,
    by: str | Iterable[str],
    needs_reason: bool = False,
    requires: Iterable[str] = (),
    tells: str = "",
) -> Move:
    """Write one row of the table."""
    needed = frozenset([*requires, *([REASON] if needs_reason else [])])
    who = frozenset([by] if isinstance(by, str) else by)
    return Move(name, tuple(sources), target, who, vi, en, km, needed, tells)


class Machine:
    """A validated table of moves. Where `ends` are named, no other state may be one, and each state has to lead to one.

    Raises:
        ValueError: when built, for a state no move reaches, a dead end, or two moves of one name from one state.
    """

    def __init__(self, name: str, initial: Sequence[str], *moves: Move, ends: Collection[str] | None = None) -> None:
        self.name, self.initial, self.moves = name, tuple(initial), moves
        self._by_key = {(m.name, source): m for m in moves for source in m.sources}
        if len(self._by_key) != sum(len(m.sources) for m in moves):
            raise ValueError(f"{name}: the same move twice from one state")
        reached = self._reachable()
        if lost := {s for m in moves for s in (*m.sources, m.target)} - reached:
            raise ValueError(f"{name}: no way leads to {sorted(lost)}")
        if ends is not None:
            self._check_ends(set(ends), reached)

    def _check_ends(self, ends: set[str], reached: set[str]) -> None:
        if left := {s for m in self.moves for s in m.sources} & ends:
            raise ValueError(f"{self.name}: {sorted(left)} are ends, and a move leaves them")
        home, before = set(ends), 0
        while len(home) != before:
            before = len(home)
            home |= {source for m in self.moves if m.target in home for source in m.sources}
        if stuck := reached - home:
            raise ValueError(f"{self.name}: no way leads out of {sorted(stuck)}")

    def _reachable(self) -> set[str]:
        reached, before = set(self.initial), 0
        while len(reached) != before:
            before = len(reached)
            reached |= {m.target for m in self.moves if reached & set(m.sources)}
        return reached

    def from_state(self, state: str) -> list[Move]:
        """Every move that starts here."""
        return [m for m in self.moves if state in m.sources]

    def has_edge(self, source: str, target: str) -> bool:
        """Is there any move from one state to the other?"""
        return any(m.target == target for m in self.from_state(source))

    def find(self, name: str, state: str) -> Move:
        """The move of that name from that state.

        Raises:
            MoveNotAllowed: the table has no such row.
        """
        if found := self._by_key.get((name, state)):
            return found
        raise MoveNotAllowed(move=name, state=state)

    def diagram(self) -> str:
        """The table as a Mermaid state diagram."""
        lines = ["stateDiagram-v2", *(f"    [*] --> {s}" for s in self.initial)]
        lines += [f"    {source} --> {m.target}: {m.name}" for m in self.moves for source in m.sources]
        return "\n".join(lines)
