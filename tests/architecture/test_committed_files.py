"""What is committed belongs to everybody: no path of one machine, no download host, no folder without a reason."""

import re

from tests.architecture.house import ROOT, committed_files

# Written so that this file does not find itself.
FOREIGN = {
    "a path of one machine": re.compile(r"(^|[^\w.])/(wor[k]|roo[t]|hom[e]/\w|User[s]/\w|tm[p]/)[/\w]"),
    "a download host": re.compile(r"pyp[i]\.org|file[s]\.pythonhosted|registr[y]\.npmjs|prox[y]\.golang\.org|rubygem[s]\.org"),
    "a download address": re.compile(r"https?://[^ ]*(/simpl[e]\b|/package[s]/|/-/[^ ]*\.tgz|/poo[l]/)"),
    "a word of the machinery around us": re.compile(r"\bfar[m]-"),
}
# The picture of the house (docs/map.md); another folder needs a decision (docs/decisions).
FOLDERS = {"auth", "backend", "bench", "docs", "kernel", "notifications", "openapi", "tests", ".ci"}


def test_nothing_committed_names_a_machine_or_a_download_host() -> None:
    found = []
    for path in committed_files():
        text = (ROOT / path).read_bytes().decode("utf-8", errors="replace")
        for what, pattern in FOREIGN.items():
            found += [f"{path}: {what}: {match.group()}" for match in pattern.finditer(text)]
    assert found == []


def test_the_top_of_the_house_has_no_other_folders() -> None:
    assert {path.split("/")[0] for path in committed_files() if "/" in path} - FOLDERS == set()
