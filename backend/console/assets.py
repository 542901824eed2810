"""Styles and scripts, named by what is in them: kept by browsers for a year, and another name with every change."""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files

TYPES = {"css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8", "svg": "image/svg+xml"}


@dataclass(frozen=True)
class Asset:
    """One file as it is served; `integrity` is what a page says of it (SRI)."""

    address: str
    media_type: str
    content: bytes
    integrity: str


def _load() -> Mapping[str, Asset]:
    found = {}
    for file in files("backend.console").joinpath("static").iterdir():
        stem, _, ending = file.name.rpartition(".")
        if ending in TYPES:
            content = file.read_bytes()
            print_ = hashlib.sha256(content).hexdigest()[:16]
            integrity = "sha384-" + base64.b64encode(hashlib.sha384(content).digest()).decode()
            found[file.name] = Asset(f"/console/assets/{stem}.{print_}.{ending}", TYPES[ending], content, integrity)
    return found


ASSETS = _load()
BY_ADDRESS = {asset.address: asset for asset in ASSETS.values()}
