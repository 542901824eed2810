"""What a source system reports about a dossier: the items of `POST /v1/integration/dossier-events`."""

from datetime import datetime
from typing import Literal

import msgspec

Status = Literal[
    "registered", "accepted", "not_accepted", "processing", "awaiting_papers", "awaiting_payment",
    "withdrawal_requested", "stopped", "finished", "returned",
]  # fmt: skip
SubmitChannel = Literal["counter", "online", "post"]
Irregularity = Literal["skipped", "repeated", "out_of_order"]


class Applicant(msgspec.Struct, frozen=True, rename="camel"):
    """Who applies."""

    personal_number: str
    name: str


class DossierEvent(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """One report: since `at`, the dossier is `status`. Instants are UTC; `due_at` is unknown before acceptance."""

    source: str
    event_id: str
    dossier_code: str
    status: Status
    at: datetime
    procedure_code: str
    procedure_name: str
    applicant: Applicant
    receiving_agency: str
    deciding_agency: str
    submit_channel: SubmitChannel
    due_at: datetime | None = None
    note: str | None = None


class DemoDossier(msgspec.Struct, frozen=True):
    """One dossier as its events, in the order they are delivered. An irregular one breaks the table of moves on purpose."""

    code: str
    events: tuple[DossierEvent, ...]
    irregular: Irregularity | None = None
