"""Which agencies somebody answers for: their own, and all below them."""

from collections.abc import Collection, Iterable, Mapping


def below(own: Iterable[str], parents: Mapping[str, str | None]) -> frozenset[str]:
    """`own` and every agency under one of them; `parents` names each agency's own parent."""
    reached = {code for code in own if code in parents}
    grown = True
    while grown:
        more = {code for code, parent in parents.items() if parent in reached} - reached
        reached |= more
        grown = bool(more)
    return frozenset(reached)


def uncovered(lost: Iterable[tuple[str, str]], others: Iterable[Collection[tuple[str, str]]]) -> list[tuple[str, str]]:
    """Of the (agency, role) pairs somebody would lose, those nobody else has. `others` are the pairs of each."""
    held = {pair for pairs in others for pair in pairs}
    return [pair for pair in lost if pair not in held]
