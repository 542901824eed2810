"""The agencies of the demonstration: the few where demo dossiers are handled, so that there is staff for every one of them."""

import json
from dataclasses import dataclass
from functools import cache
from importlib import resources

PROVINCIAL_CENTRE = "H12.13"
LAND_OFFICE = "H12.15"
PROVINCIAL_POLICE = "H12.17"
INSPECTORATE = "H12.14"
PROVINCIAL_OFFICE = "H12.1"

# Ten of the 64 communes, the wards of both former provincial towns and the far ends of the cape: enough variety, few enough for ten
# members of staff to stand behind every counter.
WARDS = ("H12.101", "H12.126", "H12.127", "H12.128", "H12.129")
RURAL_COMMUNES = ("H12.131", "H12.140", "H12.144", "H12.155", "H12.164")


@dataclass(frozen=True)
class DemoAgency:
    """One agency (cơ quan) as far as the demonstration needs it."""

    code: str
    name: str


@cache
def agencies() -> dict[str, DemoAgency]:
    """Every shipped agency by its code."""
    folder = resources.files("backend.agencies") / "data"
    files = sorted((f for f in folder.iterdir() if f.name.endswith(".json")), key=lambda f: f.name)
    rows = [row for file in files for row in json.loads(file.read_text(encoding="utf-8"))]
    return {row["code"]: DemoAgency(row["code"], row["name"]) for row in rows}


def centre_of(commune: str) -> str:
    """Code of the commune's service centre, where dossiers come in."""
    return f"{commune}.1"


def police_of(commune: str) -> str:
    """Code of the commune's police, which decides on residence."""
    return f"{commune}.2"
