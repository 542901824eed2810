"""What privacy brings to the app."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from litestar.di import Provide

from backend.privacy.api.citizen import Consents, Erasures, Exports
from backend.privacy.api.data_requests import DataRequests, StaffDataRequests
from backend.privacy.api.staff import StaffErasures
from backend.privacy.documents import Breach, Consent, DataRequest, ErasureRequest, Export
from backend.privacy.holdings import Holdings
from backend.privacy.personal_data import PERSONAL_DATA
from backend.privacy.reactions import tell_of_the_answer
from kernel.audit import Audit
from kernel.clock import Clock
from kernel.mongo.client import Database
from kernel.mongo.files import Files
from kernel.privacy.subjects import Subjects
from kernel.privacy.vault import Vault
from kernel.slice import PersonalData, Slice


@dataclass(frozen=True)
class Privacy:
    """Privacy in one process: `slice` for the app, `holdings` for the worker's jobs and the commands."""

    slice: Slice
    holdings: Holdings


def build_privacy(
    *,
    db: Database,
    vault: Vault,
    subjects: Subjects,
    audit: Audit,
    clock: Clock,
    personal_data: Sequence[PersonalData],
    open_cases: Callable[[str], Awaitable[list[str]]],
) -> Privacy:
    """Privacy over everything the other slices hold; its own part is added here, and comes last."""
    holdings = Holdings(
        db=db,
        vault=vault,
        subjects=subjects,
        files=Files(db),
        audit=audit,
        clock=clock,
        personal_data=(*personal_data, *PERSONAL_DATA),
        open_cases=open_cases,
    )
    part = Slice(
        name="privacy",
        routes=[Consents, Erasures, DataRequests, Exports, StaffErasures, StaffDataRequests],
        documents=[Consent, ErasureRequest, DataRequest, Export, Breach],
        reactions=[tell_of_the_answer],
        dependencies={"holdings": Provide(lambda: holdings, use_cache=True, sync_to_thread=False)},
        personal_data=PERSONAL_DATA,
    )
    return Privacy(part, holdings)
