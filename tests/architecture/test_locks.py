"""What gets installed is pinned by hash, complete, and says nothing of where it comes from."""

import json
import re

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.architecture.house import ROOT, pyproject

LOCKS = ("requirements.lock", "requirements-dev.lock")
FOR_RUNNING = ("motor", "mongod", "build")

both_locks = pytest.mark.parametrize("lock", LOCKS)


def entries(lock: str) -> list[str]:
    """One entry a package, its hashes on the same line."""
    return (ROOT / lock).read_text(encoding="utf-8").replace("\\\n", " ").splitlines()


def pinned(lock: str) -> dict[str, str]:
    """Version by name."""
    requirements = [Requirement(entry.split(" --hash", 1)[0]) for entry in entries(lock)]
    return {canonicalize_name(r.name): str(r.specifier).removeprefix("==") for r in requirements}


def asked_for(*extras: str) -> list[Requirement]:
    project = pyproject()["project"]
    lines = [*project["dependencies"], *(line for extra in extras for line in project["optional-dependencies"][extra])]
    return [Requirement(line) for line in lines]


@both_locks
def test_a_lock_holds_no_address(lock: str) -> None:
    assert [entry[:80] for entry in entries(lock) if re.search(r"://|^\s*-|^\s*#", entry)] == []


@both_locks
def test_every_line_of_a_lock_is_pinned_to_one_version_by_hash(lock: str) -> None:
    well_pinned = re.compile(r"[a-z0-9-]+==[^ ]+( ; [^#]+?)?(\s+--hash=sha256:[0-9a-f]{64})+\s*")
    assert [entry[:80] for entry in entries(lock) if not well_pinned.fullmatch(entry)] == []


@pytest.mark.parametrize(("lock", "extras"), [(LOCKS[0], FOR_RUNNING), (LOCKS[1], (*FOR_RUNNING, "test"))])
def test_a_lock_covers_what_the_project_asks_for(lock: str, extras: tuple[str, ...]) -> None:
    versions = pinned(lock)
    unmet = [
        str(wanted)
        for wanted in asked_for(*extras)
        if not wanted.specifier.contains(versions.get(canonicalize_name(wanted.name), "0"), prereleases=True)
    ]
    assert unmet == []


def test_tests_run_against_the_versions_that_are_shipped() -> None:
    for_tests = pinned(LOCKS[1])
    assert {name: version for name, version in pinned(LOCKS[0]).items() if for_tests.get(name) != version} == {}


def test_the_lock_of_the_peers_holds_no_address_and_a_hash_for_each() -> None:
    text = (ROOT / "tests" / "peers" / "package-lock.json").read_text(encoding="utf-8")
    packages = {name: entry for name, entry in json.loads(text)["packages"].items() if name}
    assert "://" not in text
    assert [name for name, entry in packages.items() if "resolved" in entry or not entry["integrity"].startswith("sha512-")] == []


def test_every_peer_is_asked_for_in_one_version() -> None:
    wanted = json.loads((ROOT / "tests" / "peers" / "package.json").read_bytes())["dependencies"]
    assert {name: version for name, version in wanted.items() if not re.fullmatch(r"\d+\.\d+\.\d+", version)} == {}
