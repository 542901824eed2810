"""What a benchmark says in the end: numbers with their spread, beside what was wanted of them."""

import os
import platform
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

_WIDTHS = (56, 12, 12, 26, 10)


@dataclass(frozen=True)
class Spread:
    """The median, between the quartiles."""

    low: float
    middle: float
    high: float

    @classmethod
    def of(cls, values: Sequence[float]) -> "Spread":
        if len(values) == 1:
            return cls(values[0], values[0], values[0])
        low, _, high = statistics.quantiles(values, n=4, method="inclusive")
        return cls(low, statistics.median(values), high)

    @classmethod
    def of_ratios(cls, ours: Sequence[float], peer: Sequence[float]) -> "Spread":
        """Of each round's own ratio: what troubles a round troubles both sides of it."""
        return cls.of([a / b for a, b in zip(ours, peer, strict=True)])

    def __str__(self) -> str:
        if self.low == self.high:
            return number(self.middle)
        return f"{number(self.middle)} ({number(self.low)} to {number(self.high)})"


@dataclass(frozen=True)
class Figure:
    """One line of the table. Judged is the middle of `spread`, by `least` or `most` where one of them was promised."""

    what: str
    spread: Spread
    ours: str = ""
    peer: str = ""
    least: float | None = None
    most: float | None = None

    @property
    def target(self) -> str:
        if self.least is not None:
            return f">= {number(self.least)}"
        return f"<= {number(self.most)}" if self.most is not None else ""

    @property
    def reached(self) -> str:
        if self.least is not None:
            return "yes" if self.spread.middle >= self.least else "NO"
        if self.most is not None:
            return "yes" if self.spread.middle <= self.most else "NO"
        return ""

    @property
    def cells(self) -> tuple[str, ...]:
        return (self.what, self.ours, self.peer, str(self.spread), self.target, self.reached)


HEADINGS = ("what", "ours", "peer", "median (quartiles)", "target", "reached")


def line(cells: Sequence[str]) -> str:
    padded = [cell.ljust(width) for cell, width in zip(cells, _WIDTHS, strict=False)]
    return " ".join([*padded, cells[-1]]).rstrip()


def number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 or value == int(value) else f"{value:.2f}"


def machine() -> str:
    """When and on what this was measured, without naming it."""
    busy = ", ".join(f"{load:.1f}" for load in os.getloadavg())
    kind = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    return f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC; {kind}; load at the end {busy}"
