"""The picture of the house holds, and no new room can forget to take its place in it."""

import subprocess
import sys
from pathlib import Path

from tests.architecture.house import ROOT, contract, files_of, source_files, within

DEVELOPMENT_ONLY = ("backend.dev", "backend.cli")


def test_every_import_contract_holds(tmp_path: Path) -> None:
    # A process of its own: import-linter sets up logging for the whole process.
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-logo", "--cache-dir", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_room_of_the_product_has_its_place_in_the_order() -> None:
    rooms = {".".join(file.module.split(".")[:2]) for file in files_of("backend")} - {"backend"}
    storeys = contract("The product's rooms are ordered")["layers"]
    # `python -m backend` is the door from outside: it calls the command line and nobody calls it.
    assert rooms - {"backend.__main__"} == {room for storey in storeys for room in storey.split(" | ")}


def test_no_module_of_the_app_imports_the_development_world() -> None:
    reaching = [
        f"{file.path} imports {imported}"
        for file in source_files()
        if not any(within(file.module, package) for package in DEVELOPMENT_ONLY)
        for imported in file.imports
        if within(imported, "backend.dev")
    ]
    assert reaching == []
