"""The strings behind the stage: faults, key rotation, a sign-out from elsewhere. From this machine only."""

import msgspec
from litestar import Response, delete, post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from backend.dev.loopback import from_this_machine
from backend.dev.providers.faults import Fault
from backend.dev.providers.provider import Provider


class Rotation(msgspec.Struct, rename="camel", forbid_unknown_fields=True):
    """How to rotate the keys."""

    keep_old: bool = True


class Departure(msgspec.Struct, forbid_unknown_fields=True):
    """Who signs out."""

    login: str


@post("/_control/faults", status_code=204, guards=[from_this_machine], sync_to_thread=False)
def arm_fault(data: JSONBody[Fault], provider: NamedDependency[Provider]) -> None:
    """Answer wrongly from now on."""
    provider.faults.arm(data)


@delete("/_control/faults", guards=[from_this_machine], sync_to_thread=False)
def clear_faults(provider: NamedDependency[Provider]) -> None:
    """Answer rightly again."""
    provider.faults.clear()


@post("/_control/rotate-keys", status_code=204, guards=[from_this_machine], sync_to_thread=False)
def rotate_keys(data: JSONBody[Rotation], provider: NamedDependency[Provider]) -> None:
    """Sign with a new key."""
    provider.keys.rotate(keep_old=data.keep_old)


@post("/_control/sign-out", status_code=200, guards=[from_this_machine])
async def sign_out(data: JSONBody[Departure], provider: NamedDependency[Provider]) -> Response[dict[str, int | None]]:
    """The person signs out on another device. Answers what each client said to the logout token."""
    statuses: dict[str, int | None] = {}
    for sign_in in provider.grants.of_person(data.login):
        statuses |= await provider.sign_out(sign_in)
    return Response(statuses)
