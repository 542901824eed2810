"""An agency changes: it closes and another takes over, or its units are named anew, or it wants papers in another form."""

from collections.abc import Sequence
from datetime import date

from backend.agencies.actions.members import parents
from backend.agencies.documents import Agency
from backend.agencies.errors import AgencyNotFound, SuccessorMissing
from backend.agencies.reach import below
from backend.agencies.roles import ADMINISTRATOR
from kernel.principal import Principal


async def close(actor: Principal, code: str, *, last_day_after: date, successor: str) -> Agency:
    """From that day on the agency is not there, and `successor` is in its place.

    Raises:
        AgencyNotFound: not within the administrator's reach.
        SuccessorMissing: the successor is not there then, or is the agency itself.
    """
    agency = await _found(actor, code)
    heir = await Agency.get(successor)
    if heir is None or heir.id == agency.id or not heir.exists_on(last_day_after):
        raise SuccessorMissing
    agency.valid_to, agency.successor = last_day_after.isoformat(), heir.id
    return await agency.commit()


async def name_units(actor: Principal, code: str, units: Sequence[str]) -> Agency:
    """The agency's units (phòng, bộ phận), in the order they are shown.

    Raises:
        AgencyNotFound: not within the administrator's reach.
    """
    agency = await _found(actor, code)
    agency.units = list(dict.fromkeys(units))
    return await agency.commit()


async def choose_papers(actor: Principal, code: str, *, pictures_as_pdf: bool) -> Agency:
    """In which form the agency wants what citizens supply.

    Raises:
        AgencyNotFound: not within the administrator's reach.
    """
    agency = await _found(actor, code)
    agency.pictures_as_pdf = pictures_as_pdf
    return await agency.commit()


async def _found(actor: Principal, code: str) -> Agency:
    if code not in below(actor.where(ADMINISTRATOR), await parents()):
        raise AgencyNotFound
    agency = await Agency.get(code)
    if agency is None:
        raise AgencyNotFound
    return agency
