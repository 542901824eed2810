"""Run every benchmark, then print one table: `python -m bench [--quick] [--only NAME ...]`."""

import argparse
import asyncio
import importlib
import logging
import sys
import traceback
import warnings

import structlog

from bench.figures import HEADINGS, Figure, line, machine

# Each with its rounds: enough for the quartiles to mean something, and few enough to see whether anything is badly off.
ROUNDS = {
    "edge": (20, 6),
    "first_sight": (11, 4),
    "uploads": (3, 1),
    "sync": (8, 4),
    "tokens": (12, 6),
    "personal": (12, 5),
    "personal_http": (12, 5),
    "reads": (12, 5),
}


def measured(name: str, rounds: int) -> list[Figure]:
    print(f"\n== {name}, {rounds} rounds", flush=True)
    try:
        found: list[Figure] = asyncio.run(importlib.import_module(f"bench.{name}").measure(rounds))
    except Exception:  # noqa: BLE001 - one that fails must not cost us the others
        traceback.print_exc()
        return []
    return found


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="few rounds: a look, not a measurement")
    parser.add_argument("--only", nargs="+", choices=list(ROUNDS), default=list(ROUNDS), metavar="NAME")
    asked = parser.parse_args()
    warnings.simplefilter("ignore")
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    told = {name: measured(name, ROUNDS[name][asked.quick]) for name in asked.only}
    print(f"\n{machine()}{'; --quick' if asked.quick else ''}")
    print(line(HEADINGS))
    for figures in told.values():
        for figure in figures:
            print(line(figure.cells))
    failed = [name for name, figures in told.items() if not figures]
    if failed:
        print(f"not measured: {', '.join(failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
