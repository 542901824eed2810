"""Who works in the demonstration. Every agency that gets a demo dossier has a handler and an approver (domain.md B7)."""

from typing import Literal

import msgspec

from backend.dev.demo.agencies import (
    INSPECTORATE,
    LAND_OFFICE,
    PROVINCIAL_CENTRE,
    PROVINCIAL_OFFICE,
    PROVINCIAL_POLICE,
    RURAL_COMMUNES,
    WARDS,
    centre_of,
    police_of,
)

Role = Literal["intake_officer", "handler", "approver", "dispatcher", "inspector", "administrator", "assistant"]

_DEPARTMENTS = ("H12.2", "H12.3", "H12.4", "H12.5", "H12.16", "H12.18")


class DemoStaff(msgspec.Struct, frozen=True):
    """One invented member of staff; `roles` hold at each of `agencies`."""

    login: str
    name: str
    email: str
    agencies: tuple[str, ...]
    roles: tuple[Role, ...]


def staff() -> tuple[DemoStaff, ...]:
    """Everybody, `hoa` and `minh` of the main story first."""
    wards, rural = _town_halls(WARDS), _town_halls(RURAL_COMMUNES)
    police = (PROVINCIAL_POLICE, *(police_of(c) for c in (*WARDS, *RURAL_COMMUNES)))
    counter = (PROVINCIAL_CENTRE, LAND_OFFICE)
    return (
        _member("hoa", "Trần Thị Hòa", "ttpvhcc", counter, "intake_officer", "handler"),
        _member("minh", "Lê Văn Minh", "ttpvhcc", counter, "approver"),
        _member("linh", "Đặng Ngọc Linh", "anxuyen", wards, "intake_officer", "handler"),
        _member("phuc", "Huỳnh Hữu Phúc", "anxuyen", wards, "approver"),
        _member("thao", "Bùi Thu Thảo", "datmui", rural, "intake_officer", "handler"),
        _member("khanh", "Ngô Quốc Khánh", "datmui", rural, "approver"),
        _member("tam", "Dương Minh Tâm", "congan", police, "handler"),
        _member("son", "Phan Thanh Sơn", "congan", police, "approver"),
        _member("nga", "Lâm Bích Nga", "vpubnd", _DEPARTMENTS, "handler"),
        _member("long", "Trương Hoàng Long", "vpubnd", _DEPARTMENTS, "approver"),
        _member("yen", "Đỗ Kim Yến", "ttpvhcc", (PROVINCIAL_CENTRE,), "dispatcher"),
        _member("quang", "Võ Đức Quang", "thanhtra", (INSPECTORATE,), "inspector"),
        _member("admin", "Hồ Công Vinh", "", (PROVINCIAL_OFFICE,), "administrator"),
        _member("be", "Thạch Thị Bé", "", (centre_of(RURAL_COMMUNES[-1]),), "assistant"),
    )


def _town_halls(communes: tuple[str, ...]) -> tuple[str, ...]:
    """The communes and their service centres."""
    return tuple(code for commune in communes for code in (commune, centre_of(commune)))


def _member(login: str, name: str, unit: str, agencies: tuple[str, ...], *roles: Role) -> DemoStaff:
    domain = f"{unit}.camau.gov.vn" if unit else "camau.gov.vn"
    return DemoStaff(login, name, f"{login}@{domain}", agencies, roles)
