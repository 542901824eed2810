"""Who works where in the tests: two agencies, every role, and somebody without any."""

from dataclasses import dataclass

from kernel.principal import Principal

CENTRE, LAND_OFFICE, WARD = "H12.13", "H12.15", "H12.101"


@dataclass(frozen=True)
class Official:
    """A member of staff; `principal` is who they are once signed in."""

    login: str
    name: str
    agencies: frozenset[str]
    roles: frozenset[str]

    @property
    def email(self) -> str:
        return f"{self.login}@camau.gov.vn"

    def principal(self) -> Principal:
        return Principal(
            id=f"staff-{self.login}", kind="staff", client_id="app", name=self.name, roles=self.roles, agencies=self.agencies
        )


def _official(login: str, name: str, agency: str, *roles: str) -> tuple[str, Official]:
    return login, Official(login, name, frozenset({agency}), frozenset(roles))


OFFICIALS = dict(
    (
        _official("hoa", "Trần Thị Hòa", CENTRE, "intake_officer", "handler"),
        _official("minh", "Lê Văn Minh", CENTRE, "approver"),
        _official("phuc", "Huỳnh Hữu Phúc", WARD, "intake_officer", "handler", "approver"),
        _official("be", "Thạch Thị Bé", CENTRE),
        _official("yen", "Đỗ Kim Yến", CENTRE, "dispatcher"),
        _official("thu", "Ngô Thị Thu", CENTRE, "inspector"),
        _official("nga", "Sơn Thị Nga", CENTRE, "assistant"),
        _official("khoa", "Lâm Minh Khoa", CENTRE, "administrator"),
    )
)
HOA, MINH, PHUC, BE, YEN = (OFFICIALS[login].principal() for login in ("hoa", "minh", "phuc", "be", "yen"))


def citizen(subject: str = "s_lan") -> Principal:
    """The citizen who is this data subject."""
    return Principal(id=f"person-{subject}", kind="citizen", client_id="app", citizen_key=subject)
