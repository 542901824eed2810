"""The list of proofs is current, and nobody claims what nobody asked for."""

from tests.architecture.proofs import LISTS, PAGE, Proof, by_requirement, page, proofs, proofs_in, requirements

LONGEST_TITLE = 80


def test_the_page_of_proofs_is_current() -> None:
    current = page(requirements(), by_requirement(proofs()))
    assert PAGE.read_text(encoding="utf-8") == current, "run `make proofs` and commit docs/proofs.md"


def test_no_test_claims_an_unknown_requirement() -> None:
    known = {requirement.id for requirement in requirements()}
    assert [proof for proof in proofs() if proof.requirement not in known] == []


def test_every_requirement_has_one_number_a_known_list_and_a_short_title() -> None:
    wanted = requirements()
    assert len({requirement.id for requirement in wanted}) == len(wanted)
    assert {requirement.list for requirement in wanted} == set(LISTS)
    assert [r.id for r in wanted if not r.id.startswith(r.list) or not 0 < len(r.title) <= LONGEST_TITLE] == []


def test_claims_are_found_on_tests_classes_parameters_and_whole_files() -> None:
    source = """
pytestmark = [pytest.mark.anyio, pytest.mark.proves("I1")]

@pytest.mark.proves("I2", "I3")
async def test_two(): ...

@pytest.mark.parametrize("x", [pytest.param(1, marks=pytest.mark.proves("I4")), 2])
def test_one_parameter(x): ...

@pytest.mark.proves("I5")
class TestAll: ...
"""
    assert set(proofs_in(source, "f.py")) == {
        Proof("I1", "f.py", "every test"),
        Proof("I2", "f.py", "test_two"),
        Proof("I3", "f.py", "test_two"),
        Proof("I4", "f.py", "test_one_parameter"),
        Proof("I5", "f.py", "TestAll"),
    }
