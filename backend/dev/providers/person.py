"""Who has an account with a provider."""

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class Person:
    """One invented person. A citizen has a birth date and a personal number, a member of staff an official e-mail address."""

    login: str
    name: str
    subject: str
    birth_date: date | None = None
    personal_number: str | None = None
    email: str | None = None
    assurance: int = 2
    """Level 1 or 2 of the electronic identity account (Decree 69/2024)."""
    roles: list[str] = field(default_factory=list)
    """Shown on the sign-in page so that one knows whom to pick. Never a claim: roles come from our own directory (SEC-17)."""
