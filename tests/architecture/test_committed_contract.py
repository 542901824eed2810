"""The committed contract is what the app says of itself, byte for byte, on every machine."""

import os
import subprocess
import sys

import pytest

from tests.architecture.house import ROOT


@pytest.mark.proves("R-C3")
@pytest.mark.parametrize("seed", ["1", "2"])
def test_the_committed_contract_is_current_whatever_order_hashes_have(seed: str) -> None:
    environ = {name: value for name, value in os.environ.items() if not name.startswith("MOTCUA_")}
    command = [sys.executable, "-m", "backend", "spec", "--check"]
    done = subprocess.run(command, cwd=ROOT, env={**environ, "PYTHONHASHSEED": seed}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
