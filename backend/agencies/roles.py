"""What an official may be. The names are the directory's; `backend.audit.vocabulary` says them in words."""

from typing import Literal, get_args

Role = Literal["intake_officer", "handler", "approver", "dispatcher", "inspector", "administrator", "assistant"]
ROLES: frozenset[str] = frozenset(get_args(Role))

# Whose this directory is.
ADMINISTRATOR: Role = "administrator"
# Without one of each an agency cannot bring a dossier to its end.
INDISPENSABLE: tuple[Role, ...] = ("handler", "approver")
