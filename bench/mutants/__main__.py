"""The command: a sample, the fate of each, and the rate."""

import argparse
import asyncio
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from pymongo import MongoClient

from backend.dev.mongod import Mongod
from bench.mutants.choosing import Choice
from bench.mutants.making import Mutant, mutants, rule_files
from bench.mutants.nursery import Nursery
from bench.mutants.rate import told

ROOT = Path(__file__).parents[2]
# The tests of sign-in. Those that walk every route of the product take a minute each, and are left out: they could only kill more.
TESTS = [
    "tests/unit/auth",
    "tests/api/auth",
    "tests/api/test_acting_for_somebody.py",
    "tests/api/test_attested_reports.py",
    "tests/api/test_where_reached.py",
    "tests/api/test_denials.py",
]
LEFT_OUT = "not every_route"
KEPT = {"admin", "config", "local"}
MEMORY = Path("/dev/shm")
AHEAD_S = 100_000
# Every so many mutants their tests are run without one: a test that fails by itself would kill everything.
CONTROL, SOUND_S = 20, 400
IGNORED = shutil.ignore_patterns(".venv", ".git", "node_modules", ".*_cache", "__pycache__", ".motcua")


def main() -> None:
    """Print every mutant's fate, and the rate."""
    asked = argparse.ArgumentParser(description="A seeded sample of mutants of auth/.")
    asked.add_argument("--sample", type=int, default=150)
    asked.add_argument("--seed", type=int, default=4)
    asked.add_argument("--seconds", type=int, default=2700, help="begin no mutant after so long")
    asked.add_argument("--patience", type=int, default=90, help="seconds for the tests of one mutant")
    asked.add_argument("--seen", type=Path, help="where to keep what the tests run, or what was kept of the same tree")
    asked.add_argument("--only", default="", help="mutants of files that begin so")
    given = asked.parse_args()
    everything = [mutant for mutant in mutants(ROOT) if mutant.file.startswith(given.only)]
    sample = random.Random(given.seed).sample(everything, min(given.sample, len(everything)))
    print(
        f"{len(everything)} mutants of {len(rule_files(ROOT))} files, up to {len(sample)} taken with seed {given.seed}", flush=True
    )
    in_memory = MEMORY if os.access(MEMORY, os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="motcua-mutants-", dir=in_memory) as folder:
        os.environ.pop("MONGODB_URI", None)
        mongod = asyncio.run(Mongod.start(Path(folder) / "mongod"))
        try:
            _run(sample, Path(folder), mongod.uri, given)
        finally:
            asyncio.run(mongod.stop())


def _run(sample: list[Mutant], folder: Path, mongodb_uri: str, given: argparse.Namespace) -> None:
    tree, seen = folder / "tree", given.seen.resolve() if given.seen else folder / "seen.json"
    shutil.copytree(ROOT, tree, ignore=IGNORED)
    # The copy is what is tested, whatever is installed.
    env = {**os.environ, "PYTHONPATH": str(tree), "MONGODB_URI": mongodb_uri, "MUTANTS_SEEN": str(seen)}
    if not seen.exists():
        order = [sys.executable, "-m", "pytest", "-q", "-n", "0", "-p", "bench.mutants.seen", "-k", LEFT_OUT, *TESTS]
        subprocess.run(order, cwd=tree, env=env, check=False, stdout=subprocess.DEVNULL)
    known = json.loads(seen.read_text())
    choice, fates = Choice(tree, known["tests"]), Counter[str]()
    print(f"{len(known['tests'])} tests seen; not asked: {known['failed']}", flush=True)
    nursery, until = Nursery(sys.executable, tree, seen, env), time.monotonic() + given.seconds
    with MongoClient(mongodb_uri) as mongo:
        for number, mutant in enumerate(sample, 1):
            if time.monotonic() > until:
                break
            tests, began = choice.tests(mutant), time.monotonic()
            if number % CONTROL == 1 and tests and (control := nursery.fate(tests, SOUND_S)) != "lived":
                raise SystemExit(f"without any mutant the {len(tests)} tests of {mutant} are {control}")
            fate = _fate(tree / mutant.file, mutant, number, nursery, tests, given.patience) if tests else "unseen"
            fates[fate] += 1
            print(f"{fate:10} {time.monotonic() - began:5.1f} s {len(tests):4} tests  {mutant}", flush=True)
            for name in set(mongo.list_database_names()) - KEPT:
                mongo.drop_database(name)
    nursery.close()
    print(told(fates))


def _fate(file: Path, mutant: Mutant, number: int, nursery: Nursery, tests: list[str], patience: float) -> str:
    """Put the mutant in, ask, take it out. Its time is one no compiled file was made for."""
    before, was = file.read_text(), file.stat()
    file.write_text(mutant.source)
    os.utime(file, (was.st_atime + AHEAD_S + number, was.st_mtime + AHEAD_S + number))
    try:
        return nursery.fate(tests, patience)
    finally:
        file.write_text(before)
        os.utime(file, (was.st_atime, was.st_mtime))


if __name__ == "__main__":
    main()
