"""What is stored, and by which indexes it is found, is said in one file of each slice."""

import pytest

from tests.architecture.house import SourceFile, source_files

INDEX_CALLS = {"create_index", "create_indexes", "IndexModel"}
# Every document that emits events needs the same index on its outbox, so it is built where documents are bound.
BUILDS_THE_OUTBOX_INDEX = "kernel/mongo/client.py"


@pytest.mark.parametrize("file", source_files(), ids=lambda file: file.path)
def test_an_index_is_declared_in_documents_py_and_nowhere_else(file: SourceFile) -> None:
    if file.path != BUILDS_THE_OUTBOX_INDEX and not file.path.endswith("/documents.py"):
        assert [f"line {line}: {name}" for name, line in file.calls() if name in INDEX_CALLS] == []
