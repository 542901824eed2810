"""What a source system says happened to one of its dossiers, before anybody has looked at it."""

import msgspec

LONGEST = {
    "source": 64,
    "event_id": 200,
    "dossier_code": 64,
    "status": 64,
    "at": 40,
    "due_at": 40,
    "procedure_code": 64,
    "procedure_name": 2_000,
    "applicant_name": 200,
    "receiving_agency": 64,
    "deciding_agency": 64,
    "submit_channel": 32,
    "note": 4_000,
}


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """One event as a source tells it, still unchecked."""

    source: str
    event_id: str
    dossier_code: str
    status: str
    at: str
    procedure_code: str = ""
    procedure_name: str = ""
    personal_number: str | None = None
    applicant_name: str = ""
    receiving_agency: str = ""
    deciding_agency: str = ""
    submit_channel: str = "counter"
    due_at: str | None = None
    note: str | None = None
