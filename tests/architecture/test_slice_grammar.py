"""A slice has one grammar: the file name is the layer, and a file imports only what lies lower in its slice.

Each order below is written from low to high. Files of one room (`actions/`, the rules) may use each other; two rooms side by side
(`schemas | documents`) may not. Whether one slice may use another is import-linter's business (pyproject.toml).
"""

from tests.architecture.house import SourceFile, contract, files_of, source_files, within

RULE = "<rule>"
"""A file the order does not name is a rule: a pure calculation, named by what it computes."""

GRAMMAR = (
    "errors",
    f"states | {RULE}",
    "events",
    "schemas | documents",
    "actions | queries",
    # `personal_data` answers the kernel's port of that name: what the slice holds about a citizen.
    "api | reactions | jobs | gateways | personal_data",
    "slice",
)
ORDERS: dict[str, tuple[str, ...]] = {
    "backend.dossiers": GRAMMAR,
    # `attachments` is the seam to the room of uploads: what its keeper hands over is what documents keep.
    # `nearby` and `published` read what others may see, beside `queries`, which reads what is the actor's.
    "backend.feedback": (*GRAMMAR[:3], "schemas | documents | attachments", f"{GRAMMAR[4]} | nearby | published", *GRAMMAR[5:]),
    "backend.procedures": GRAMMAR,
    "backend.uploads": GRAMMAR,
    # `staff_directory` answers auth's port StaffDirectory: an adapter to another room, and so a gateway.
    "backend.agencies": (*GRAMMAR[:5], "directory", "api | reactions | jobs | gateways | staff_directory", "slice"),
    "backend.accounts": GRAMMAR,
    "backend.audit": GRAMMAR,
    "backend.bootstrap": GRAMMAR,
    "backend.open311": GRAMMAR,
    # `holdings` is what every verb here is handed: the vault, the files, and the other slices' ports.
    "backend.privacy": (*GRAMMAR[:3], "schemas | documents | holdings", *GRAMMAR[4:]),
    # Pages over the API: no verbs and no views of its own, but a browser's session, a visit with it, and what a page is made of.
    "backend.console": (
        "errors",
        RULE,
        "documents",
        "calls | queries | sessions",
        "visit",
        "pages | bringing",
        "showing",
        "api",
        "slice",
    ),
    # `catalogues` and `bells` belong to a process: versions it remembers, and what the routes wait by, looking as `queries` do.
    "backend.sync": (*GRAMMAR[:3], "catalogues", GRAMMAR[3], GRAMMAR[4], "bells", *GRAMMAR[5:]),
    # Delivering is a subject of its own: it has rooms instead of one actions/, and its channels are gateways behind a port.
    "notifications": (
        "errors",
        f"messages | {RULE}",
        "schemas | documents",
        "inbox | targets | preferences | receipts | channels.port",
        # A contact is confirmed by a code that goes through a channel.
        "contacts",
        "api | delivery | channels | personal_data",
        "slice",
    ),
    # Five small rooms with the files they share below them; `people` joins what providers say to who we know.
    "auth": (
        "errors",
        f"lifetimes | {RULE}",
        "config",
        "documents | directory | forms | step_up | attestation",
        # `audit` says what every room of auth puts on record.
        "spent | audit",
        "sessions",
        "delegations",
        "tokens",
        "providers",
        "people | personal_data",
        "server",
        "slice",
    ),
}
NEVER_IN_A_RULE = {"litestar", "beanie", "pymongo", "firebase_admin", "jwt", "authlib", "httpx", "httpx2"}
ASKS_THE_CLOCK = {"now", "utcnow", "today", "time", "monotonic"}
PURE_ROOMS = {"errors", "states", "events", RULE}
VERBS = {"actions", "inbox", "targets", "preferences", "receipts", "contacts"}

SLICE_FILES = [(package, file) for package in ORDERS for file in files_of(package) if file.module != package]


def place(module: str, package: str) -> tuple[int, str]:
    """How high a module lies in its slice, and in which room; `channels.port` is more exact than `channels`."""
    name = module.removeprefix(f"{package}.")
    rooms = [(level, room) for level, line in enumerate(ORDERS[package]) for room in line.split(" | ")]
    named = [(level, room) for level, room in rooms if within(name, room)]
    return max(named, key=lambda found: len(found[1])) if named else next(found for found in rooms if found[1] == RULE)


def may_import(importer: str, imported: str, package: str) -> bool:
    """Lower is always right; beside is right in the same room, and states are a rule's neighbours in its own room."""
    (from_level, from_room), (to_level, to_room) = place(importer, package), place(imported, package)
    same_room = from_room == to_room or {from_room, to_room} <= {RULE, "states"}
    return to_level < from_level or (to_level == from_level and same_room)


def rules() -> list[SourceFile]:
    """The pure files of the slices that follow the grammar as it stands."""
    whole = [(package, file) for package, file in SLICE_FILES if ORDERS[package][:3] == GRAMMAR[:3]]
    return [file for package, file in whole if place(file.module, package)[1] in PURE_ROOMS]


def test_a_file_imports_only_files_lower_in_its_slice() -> None:
    upwards = [
        f"{file.path} imports {imported}"
        for package, file in SLICE_FILES
        for imported in file.imports
        if imported != package and within(imported, package) and not may_import(file.module, imported, package)
    ]
    assert upwards == []


def test_a_rule_knows_no_framework() -> None:
    known = [(file.path, imported) for file in rules() for imported in file.imports]
    assert [(path, imported) for path, imported in known if imported.split(".")[0] in NEVER_IN_A_RULE] == []


def test_a_rule_never_asks_the_clock() -> None:
    assert [f"{file.path}:{line} {name}()" for file in rules() for name, line in file.calls() if name in ASKS_THE_CLOCK] == []


def test_every_rule_is_in_the_contract_that_sees_what_it_reaches_through_others() -> None:
    assert {file.module for file in rules()} - set(contract("Rules are pure")["source_modules"]) == set()


def test_an_action_knows_no_http() -> None:
    verbs = [file for package, file in SLICE_FILES if place(file.module, package)[1] in VERBS]
    assert [file.path for file in verbs if any(within(imported, "litestar") for imported in file.imports)] == []


def test_every_slice_has_its_order_here() -> None:
    with_wiring = {file.module.removesuffix(".slice") for file in source_files() if file.module.endswith(".slice")}
    # kernel/slice.py says what a slice is.
    assert with_wiring - {"kernel"} == set(ORDERS)
