"""What is stored, and by which indexes it is found, is said in one file of each slice."""

from tests.architecture.house import source_files

INDEX_CALLS = {"create_index", "create_indexes", "IndexModel"}
BELONG_TO_NO_SLICE = {
    # Every document that emits events needs the same index on its outbox, so it is built where documents are bound.
    "kernel/mongo/client.py",
    # A key's name is unique: the vault's rows are no documents of ours but libmongocrypt's.
    "kernel/privacy/vault.py",
    # The claims on keyed requests: every slice's routes use them, none owns them.
    "kernel/http/claims.py",
    # Requests are counted in front of every slice.
    "kernel/http/windows.py",
    # Whose data it is: every slice asks, none owns the answer.
    "kernel/privacy/subjects.py",
}


def test_an_index_is_declared_in_documents_py_and_nowhere_else() -> None:
    elsewhere = [
        f"{file.path}:{line} {name}"
        for file in source_files()
        if file.path not in BELONG_TO_NO_SLICE and not file.path.endswith("/documents.py")
        for name, line in file.calls()
        if name in INDEX_CALLS
    ]
    assert elsewhere == []
