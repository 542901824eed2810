"""Every command of docs/for-app-developers.md, in its order, typed into a shell against what `motcua up` started."""

import asyncio
import json
import os
import re
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
import pytest

from backend.dev.app_user import AppUser
from backend.dev.configuration import APP_CLIENT
from kernel.ids import new_id
from tests.architecture.house import ROOT
from tests.journeys.visits import tell_dossier
from tests.support.api import PDF
from tests.support.live_world import LiveWorld
from tests.support.reports import uuid7
from tests.support.samples import picture
from tests.support.waiting import until

GUIDE = ROOT / "docs" / "for-app-developers.md"
VERSION_SHOWN = "<the version that was shown>"
CODE_THAT_CAME = "<six digits>"
BEGINS = re.compile(r"    (curl|VERIFIER=|CHALLENGE=|sha256sum)")
# A command that fails is to be seen; the stream of events ends with the patience of its reader, which is no failure.
SHELL = """
set -euo pipefail
curl() {
  case "$*" in
    */v1/events*) command curl --silent --show-error --fail-with-body --max-time 2 "$@" || [ $? = 28 ] ;;
    *) command curl --silent --show-error --fail-with-body "$@" ;;
  esac
}
uuidgen() { cat /proc/sys/kernel/random/uuid; }
"""

pytestmark = pytest.mark.skipif(shutil.which("curl") is None, reason="the guide's commands are curl's")


def commands() -> list[str]:
    """What the journeys tell the reader to type."""
    found: list[str] = []
    typing = False
    for line in GUIDE.read_text(encoding="utf-8").partition("\n## 1.")[2].splitlines():
        if BEGINS.match(line):
            found.append(line.strip())
        elif typing and line.startswith("    ") and line.strip():
            found[-1] += "\n" + line
        typing = bool(line.startswith("    ") and found and (typing or BEGINS.match(line)) and line.strip())
    return found


@dataclass
class Reader:
    """Somebody who types, with what they keep in their shell's variables, and what they do between one command and the next."""

    world: dict[str, Any]
    http: httpx2.AsyncClient
    folder: Path
    knows: dict[str, str] = field(default_factory=dict)

    async def type(self, command: str) -> str:
        """What it said; a command that failed fails the test."""
        assigns = re.match(r"([A-Z]+)=\$\(", command)
        asked = SHELL + command + (f'\nprintf %s "${assigns[1]}"' if assigns else "")
        knows = {**os.environ, **self.knows}
        process = await asyncio.create_subprocess_exec("bash", "-c", asked, cwd=self.folder, env=knows, stdout=-1, stderr=-1)
        out, complaint = await process.communicate()
        said = out.decode()
        assert process.returncode == 0, f"{command}\n{said}\n{complaint.decode()}"
        if assigns:
            self.knows[assigns[1]] = said
        return said

    async def prepares(self, command: str) -> str:
        """What the text between the commands tells them to do first; answers the command as they type it."""
        if "authorization_code" in command:
            self.knows["CODE"] = await self._signs_in()
        if "$ID" in command and "ID" not in self.knows:
            self.knows |= await self._finished()
        if VERSION_SHOWN in command:
            consents = (await self._reads("/v1/me/consents"))["items"]
            return command.replace(VERSION_SHOWN, next(one["textVersion"] for one in consents if one["purpose"] == "foreign_push"))
        if CODE_THAT_CAME in command:
            return command.replace(CODE_THAT_CAME, await until(self._code_that_came))
        return command

    async def _code_that_came(self) -> str | None:
        came = (await self.http.get(f"{self.world['post_office']}/messages", params={"channel": "email"})).json()
        found = [re.search(r"\b\d{6}\b", mail["title"] + mail["text"]) for mail in came]
        return found[-1][0] if found and found[-1] else None

    async def keeps(self, command: str, said: str) -> None:
        """What they need later of an answer; a photo they have sent they wait for."""
        told = json.loads(said) if said.startswith("{") else {}
        kept = {"TOKEN": told.get("access_token"), "REFRESH": told.get("refresh_token"), "NEXT_SINCE": told.get("nextSince")}
        if '/v1/feedback"' in command:
            kept["FEEDBACK"] = told["id"]
        if '/v1/inbox"' in command:
            kept["NID"] = told["items"][0]["id"]
        if located := re.search(r"(?im)^location: (\S+)", said):
            kept |= {"LOCATION": located[1], "UPLOAD_ID": located[1].rpartition("/")[2]}
        self.knows |= {name: value for name, value in kept.items() if value}
        if "-X PATCH" in command:
            await until(self._photo_is_ready)

    async def _signs_in(self) -> str:
        back = "http://127.0.0.1/callback"
        asked = {"response_type": "code", "client_id": APP_CLIENT, "redirect_uri": back, "scope": "openid", "state": "af0ifjsldkj"}
        asked |= {"provider": "citizen", "code_challenge": self.knows["CHALLENGE"], "code_challenge_method": "S256"}
        return (await AppUser(self.world, self.http).come_back(f"{self.world['api']}/oauth/authorize", asked, "lan", back))["code"]

    async def _finished(self) -> dict[str, str]:
        code = await tell_dossier(self.world)
        found = next(one["id"] for one in (await self._reads("/v1/dossiers"))["items"] if one["code"] == code)
        desk = AppUser(self.world, self.http)
        await desk.sign_in("minh", "staff")
        published = await desk.upload(f"/v1/staff/dossiers/{found}/result", "ket-qua.pdf", PDF)
        return {"ID": found, "SHA256": published["result"]["sha256"]}

    async def _photo_is_ready(self) -> bool:
        return bool((await self._reads(self.knows["LOCATION"]))["state"]["name"] == "ready")

    async def _reads(self, path: str) -> dict[str, Any]:
        answer = await self.http.get(self.world["api"] + path, headers={"authorization": f"Bearer {self.knows['TOKEN']}"})
        return dict(answer.raise_for_status().json())


@pytest.mark.proves("R-C9")
async def test_the_guide_can_be_typed_from_top_to_bottom(live_world: LiveWorld, tmp_path: Path) -> None:
    (tmp_path / "photo.jpg").write_bytes(picture())
    known = {"API": live_world.facts["api"], "INSTALLATION": new_id(), "KEY": uuid7()}
    check = live_world.facts["app_check"]
    known |= {"EXCHANGE_URL": check["exchange_url"], "DEBUG_TOKEN": check["debug_token"]}
    typed: dict[str, str] = {}
    async with httpx2.AsyncClient(timeout=30) as http:
        reader = Reader(live_world.facts, http, tmp_path, known)
        for command in commands():
            said = await reader.type(await reader.prepares(command))
            await reader.keeps(command, said)
            typed[command] = said
    assert len(typed) >= 20
    assert typed["sha256sum ket-qua.pdf"].split()[0] == reader.knows["SHA256"], "the paper is the one that was published"
