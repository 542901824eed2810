"""A list of officials from a spreadsheet: every bad line is named."""

from backend.agencies.listed import read
from backend.agencies.reach import below, uncovered

AGENCIES = {"H12", "H12.13", "H12.15"}
HEADER = "email,name,agencies,roles,unit\n"


def test_a_good_list_is_read() -> None:
    good, bad = read("\ufeff" + HEADER + "Hoa@CaMau.gov.vn,Trần  Thị Hòa,H12.13; H12.15,handler;approver,Một cửa\n", AGENCIES)
    assert bad == []
    (hoa,) = good
    assert (hoa.email, hoa.name, hoa.unit) == ("hoa@camau.gov.vn", "Trần Thị Hòa", "Một cửa")
    assert (hoa.agencies, hoa.roles) == (("H12.13", "H12.15"), ("handler", "approver"))


def test_every_bad_line_is_named_with_everything_wrong_in_it() -> None:
    lines = (
        "a@x.vn,A,H12.13,handler,\n"
        "no-address,B,H12.13,handler,\n"
        "c@x.vn,,H99,boss,\n"
        "A@x.vn,A again,H12.13,handler,\n"
        "d@x.vn,D,,handler,\n"
        "e@x.vn,E,H12.13,handler,unit,more\n"
        f"f@x.vn,{'F' * 121},H12.13,,{'u' * 61}\n"
    )
    good, bad = read(HEADER + lines, AGENCIES)
    assert [who.email for who in good] == ["a@x.vn"]
    assert [(line.line, line.why) for line in bad] == [
        (3, "'no-address' is no address"),
        (4, "the name is missing or too long; no such agency: H99; no such role: boss"),
        (5, "the address stands twice"),
        (6, "no agency"),
        (7, "it has more columns than the header"),
        (8, "the name is missing or too long; the unit's name is too long"),
    ]


def test_a_file_without_the_columns_is_no_list() -> None:
    assert [line.why for line in read("email,name\na@x.vn,A\n", AGENCIES)[1]] == ["the header lacks agencies, roles"]
    assert read("", AGENCIES)[1][0].line == 1


def test_reach_is_ones_own_and_all_below_at_any_depth() -> None:
    tree = {"H12": None, "H12.13": "H12", "H12.13.1": "H12.13", "H12.15": "H12", "other": None}
    assert below({"H12"}, tree) == {"H12", "H12.13", "H12.13.1", "H12.15"}
    assert below({"H12.13", "gone"}, tree) == {"H12.13", "H12.13.1"}
    assert below((), tree) == frozenset()


def test_what_somebody_else_holds_is_no_gap() -> None:
    lost = [("A", "handler"), ("A", "approver"), ("B", "handler")]
    assert uncovered(lost, [{("A", "handler")}, {("B", "approver"), ("C", "approver")}]) == [("A", "approver"), ("B", "handler")]
