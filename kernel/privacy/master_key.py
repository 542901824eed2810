"""Which data keys another master key still has to wrap, and what a master key is called (SEC-73)."""

from collections.abc import Mapping
from typing import Any

# libmongocrypt may write the port behind a host that was given without one: of HTTPS, of KMIP.
_USUAL_PORTS = ("443", "5696")
# What names one key of a service, in PyMongo's words: AWS, KMIP, Azure, GCP.
_NAMES = ("key", "keyId", "keyName")


def awaiting(provider: str, master_key: Mapping[str, Any] | None) -> dict[str, Any]:
    """The filter of the living keys that are not wrapped by this key of this provider: another service's, or another key of its.

    A local provider has one key and no name for it; another local key is another provider (`local:2027`).
    """
    other = [{f"masterKey.{field}": {"$nin": _spellings(field, value)}} for field, value in (master_key or {}).items()]
    living = {"keyMaterial": {"$exists": True}, "erased_at": {"$exists": False}}
    return {**living, "$or": [{"masterKey.provider": {"$ne": provider}}, *other]}


def _spellings(field: str, value: Any) -> list[Any]:
    return [value, *(f"{value}:{port}" for port in _USUAL_PORTS)] if field.lower().endswith("endpoint") else [value]


def name_of(master_key: Mapping[str, Any]) -> str:
    """What an operator calls it: the service, and which of its keys where it has many."""
    return " ".join([master_key["provider"], *(str(master_key[name]) for name in _NAMES if name in master_key)])
