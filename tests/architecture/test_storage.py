"""What is stored, and by which indexes it is found, is said in one file of each slice."""

from tests.architecture.house import source_files

INDEX_CALLS = {"create_index", "create_indexes", "IndexModel"}
# Every document that emits events needs the same index on its outbox, so it is built where documents are bound.
BUILDS_THE_OUTBOX_INDEX = "kernel/mongo/client.py"


def test_an_index_is_declared_in_documents_py_and_nowhere_else() -> None:
    elsewhere = [
        f"{file.path}:{line} {name}"
        for file in source_files()
        if file.path != BUILDS_THE_OUTBOX_INDEX and not file.path.endswith("/documents.py")
        for name, line in file.calls()
        if name in INDEX_CALLS
    ]
    assert elsewhere == []
