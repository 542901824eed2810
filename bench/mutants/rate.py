"""What the fates of a sample say of all mutants."""

from collections import Counter
from math import sqrt

Z_95 = 1.959964


def wilson(killed: int, of: int) -> tuple[float, float]:
    """The 95 % interval of a rate (Wilson 1927): honest for few and near 1, where the usual one is not."""
    if not of:
        return 0.0, 1.0
    rate, z2 = killed / of, Z_95**2
    middle = (rate + z2 / (2 * of)) / (1 + z2 / of)
    half = Z_95 * sqrt(rate * (1 - rate) / of + z2 / (4 * of * of)) / (1 + z2 / of)
    return middle - half, middle + half


def told(fates: Counter[str]) -> str:
    """One line: every fate, the rate and its interval."""
    of = fates.total()
    low, high = wilson(fates["killed"], of)
    return f"{dict(fates)}: {fates['killed'] / max(of, 1):.1%} of {of} killed (95 % interval {low:.1%} to {high:.1%})"
