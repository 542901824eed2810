"""What sets the two providers apart: the claims they make, how they name their levels, the words on their page."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass

from backend.dev.providers.person import Person

Claims = dict[str, str | bool]


@dataclass(frozen=True, slots=True)
class Profile:
    """One kind of provider."""

    name: str
    title: str
    login_label: str
    algorithm: str
    """ES256 or RS256: the two providers differ so that a client is tested with both."""
    acr_values: tuple[str, ...]
    """The name of each level, lowest first."""
    scopes: tuple[str, ...]
    claims: Callable[[Person, frozenset[str]], Claims]
    """The identity claims that the granted scopes open."""
    claim_names: tuple[str, ...]
    identity_in_id_token: bool
    """Whether the ID token carries the identity claims too; some real providers put them in userinfo only."""

    def acr(self, person: Person) -> str:
        """The name of the level this person's account has."""
        return self.acr_values[min(person.assurance, len(self.acr_values)) - 1]

    def amr(self, person: Person) -> list[str]:
        """How the person proved who they are (RFC 8176)."""
        return ["pwd"] if person.assurance == 1 else ["pin", "face"]


def citizen_claims(person: Person, _scope: frozenset[str]) -> Claims:
    """VNeID's claims (domain.md B8). They come with `openid`: VNeID knows no finer scopes."""
    claims: Claims = {
        "HoVaTen": person.name,
        "LoaiTaiKhoan": "1",
        "loginIdp": "BCA",
        "TechID": str(uuid.uuid5(uuid.NAMESPACE_URL, person.subject)),
    }
    if person.personal_number:
        claims["SoDinhDanh"] = person.personal_number
    if person.birth_date:
        claims["NgayThangNamSinh"] = person.birth_date.strftime("%Y%m%d")
    return claims


def staff_claims(person: Person, scope: frozenset[str]) -> Claims:
    """The standard claims of OpenID Connect Core, 5.4, each behind its scope."""
    claims: Claims = {}
    if "profile" in scope:
        claims["name"] = person.name
    if "email" in scope and person.email:
        claims |= {"email": person.email, "email_verified": True}
    return claims


CITIZEN = Profile(
    name="citizen",
    title="Tài khoản định danh điện tử",
    login_label="Tên đăng nhập hoặc số định danh",
    algorithm="ES256",
    acr_values=("vneid:1", "vneid:2"),
    scopes=("openid",),
    claims=citizen_claims,
    claim_names=("HoVaTen", "SoDinhDanh", "NgayThangNamSinh", "TechID", "LoaiTaiKhoan", "loginIdp"),
    identity_in_id_token=True,
)

STAFF = Profile(
    name="staff",
    title="Thư điện tử công vụ",
    login_label="Tên đăng nhập hoặc địa chỉ thư công vụ",
    algorithm="RS256",
    acr_values=("mail:1", "mail:2"),
    scopes=("openid", "profile", "email"),
    claims=staff_claims,
    claim_names=("name", "email", "email_verified"),
    identity_in_id_token=True,
)
