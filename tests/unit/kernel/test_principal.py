"""Which roles a caller has where."""

import pytest

from kernel.principal import Principal

BOTH = frozenset({"A", "B"})
EVEN = Principal(id="e", kind="staff", client_id="app", roles=frozenset({"handler", "approver"}), agencies=BOTH)
UNEVEN = Principal(
    id="u",
    kind="staff",
    client_id="app",
    roles=frozenset({"handler", "approver"}),
    agencies=BOTH,
    posts=frozenset({("A", "handler"), ("B", "approver")}),
)


@pytest.mark.proves("SEC-27")
def test_a_role_held_at_one_agency_is_none_at_another() -> None:
    assert UNEVEN.at("A").roles == {"handler"}
    assert UNEVEN.at("B").roles == {"approver"}
    assert UNEVEN.at("A", "B").roles == {"handler", "approver"}
    assert UNEVEN.at("C").roles == UNEVEN.at().roles == frozenset()
    assert UNEVEN.where("handler") == {"A"}
    assert UNEVEN.where("handler", "approver") == BOTH
    assert UNEVEN.where("inspector") == frozenset()


def test_without_posts_roles_hold_at_every_agency() -> None:
    assert EVEN.at("A").roles == EVEN.roles
    assert EVEN.where("handler") == BOTH
    assert EVEN.where("inspector") == frozenset()
