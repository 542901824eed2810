"""A document of which phones keep copies is written by `commit` and deleted by `depart`: of another write nobody would hear."""

import re

from backend.app.parts import make_parts
from backend.settings import Settings
from tests.architecture.house import source_files

SYNCED = sorted(one.document.__name__ for one in make_parts(Settings()).sync.synced)
WRITE = r"\.(update_|delete_|insert_|replace_|bulk_write|find_one_and_)"
# An erasure takes the feed itself away, so that nobody is left to hear (backend/sync/personal_data.py).
ERASURE = re.compile(r"/personal_data\.py$")
# How a notice fared is for operators: no copy has it, so there is nothing to hear.
FOLDING = re.compile(r"^notifications/delivery/fold\.py$")


def test_nobody_writes_round_commit_and_depart() -> None:
    assert {"Dossier", "InboxItem"} <= set(SYNCED)
    round_it = re.compile(rf"\b({'|'.join(SYNCED)})\.(get_pymongo_collection\(\)\s*{WRITE}|find\w*\([^)]*\){WRITE}|delete_all)")
    files = [file for file in source_files() if not ERASURE.search(file.path) and not FOLDING.search(file.path)]
    assert [f"{file.path}: {found[0]}" for file in files for found in round_it.finditer(file.text)] == []
