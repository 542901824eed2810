"""A partner's app sends a report: it becomes one of ours, with code, desk and promises, and no more of a person than it needs."""

import math
from collections.abc import Mapping

import msgspec

from backend.feedback.actions.send import SHORTEST_TEXT, Told, send
from backend.feedback.actions.steps import Circumstances
from backend.feedback.documents import Feedback
from backend.feedback.places import Spot
from backend.feedback.routing import COMMUNES
from backend.open311 import errors
from backend.open311.attributes import ATTRIBUTES, COMMUNE, NORMAL, URGENCY
from backend.open311.keys import Open311Key
from backend.open311.parameters import Form
from backend.open311.services import KIND, SERVICES
from kernel.errors import FieldError
from kernel.ids import new_id
from kernel.principal import Principal
from kernel.privacy.field import Sealed
from kernel.privacy.vault import Vault
from kernel.text import clean

LONGEST = {"description": 4_000, "address_string": 500, "first_name": 100, "last_name": 100, "phone": 30, "media_url": 1_000}


def sender(key: Open311Key) -> Principal:
    """The system client behind a key."""
    return Principal(id=key.client_id, kind="system", client_id=key.client_id, name=key.name)


async def submit(actor: Principal, form: Form, given: Circumstances, *, repeated_by: str | None) -> Feedback:
    """Keep what was sent. With `repeated_by`, the caller's name of this write, the same is kept once, however often it comes.

    Raises:
        ServiceCodeMissing, ServiceNotFound, LocationMissing, LocationMalformed, DescriptionTooLong, AttributeUnknown.
        NoLimitKnown, UnknownYear, Unavailable.
    """
    told = _told(form, client_id=repeated_by or new_id())
    return await send(actor, told, given)


def _told(form: Form, *, client_id: str) -> Told:
    fields = form.fields
    too_long = [name for name, most in LONGEST.items() if len(fields.get(name, "")) > most]
    if too_long:
        raise errors.DescriptionTooLong(errors=[FieldError(name, "too_long", f"at most {LONGEST[name]}") for name in too_long])
    service, chosen = _service(fields), _chosen(form.attributes)
    name = clean(f"{fields.get('last_name', '')} {fields.get('first_name', '')}")
    phone = clean(fields.get("phone", ""))
    # Half an address of a person helps nobody: both, or the report is anonymous, as everywhere here.
    known = bool(name and phone)
    return Told(
        client_id=client_id,
        kind=KIND,
        category=service,
        urgency=chosen.get(URGENCY, NORMAL),
        text=_text(fields, service),
        landmark=fields.get("address_string", ""),
        commune=chosen.get(COMMUNE) or fields.get("address_id"),
        spot=_spot(fields),
        anonymous_to_staff=not known,
        name=name if known else "",
        phone=phone if known else "",
    )


def _service(fields: Mapping[str, str]) -> str:
    code = fields.get("service_code")
    if code is None:
        raise errors.ServiceCodeMissing
    if code not in SERVICES:
        raise errors.ServiceNotFound
    return code


def _chosen(attributes: Mapping[str, object]) -> dict[str, str]:
    chosen = {}
    for code, values in attributes.items():
        match values:
            case [str(value)] if code in ATTRIBUTES and value in ATTRIBUTES[code].values:
                chosen[code] = value
            case _:
                raise errors.AttributeUnknown(errors=[FieldError(f"attribute[{code}]", "unknown", "see the service definition")])
    return chosen


def _spot(fields: Mapping[str, str]) -> Spot | None:
    """Where it is, as coarse as the public may know it: nobody can show us the citizen's consent to more (domain.md B11)."""
    address_id = fields.get("address_id")
    if address_id is not None and address_id not in COMMUNES:
        raise errors.LocationMalformed(errors=[FieldError("address_id", "unknown", "not a commune or ward of the province")])
    if "lat" not in fields and "long" not in fields:
        if address_id is None and "address_string" not in fields:
            raise errors.LocationMissing
        return None
    try:
        degrees = {"lat": float(fields["lat"]), "lon": float(fields["long"])}
        if not all(map(math.isfinite, degrees.values())):
            raise errors.LocationMalformed
        return msgspec.convert(degrees, Spot).coarse()
    except (KeyError, ValueError) as wrong:
        raise errors.LocationMalformed from wrong


def _text(fields: Mapping[str, str], service: str) -> str:
    """What was written; a description is optional in GeoReport, so one that says too little says at least what it is about."""
    text = clean(fields.get("description", ""))
    if len(text) < SHORTEST_TEXT:
        text = f"{SERVICES[service].vi}: {text or '(không có mô tả)'}"
    # Written down for the officer and never fetched: an address of a stranger's choosing is none of our errands.
    media = clean(fields.get("media_url", ""))
    return f"{text}\n{media}" if media else text


async def notice(report: Feedback, vault: Vault) -> str:
    """What whoever sent it is told: the code, and the secret by which it can be followed before it is public.

    Raises:
        VaultUnavailable.
    """
    secret = report.follow_secret
    opened = await vault.open_one(secret) if isinstance(secret, Sealed) else secret.reveal() if secret else ""
    return (
        f"Mã phản ánh {report.code}, mã bí mật {opened}: dùng để theo dõi; hiển thị công khai sau khi cán bộ biên tập. / "
        f"Report {report.code}, secret {opened}: to follow it by; shown in public once an officer has put it into words."
    )
