"""Pictures from a form to the API: each becomes an upload of the official's, checked like everybody's."""

import asyncio
import base64
from typing import Any

from litestar.datastructures import UploadFile

from backend.console.errors import ApiRefused
from backend.console.visit import Visit
from kernel.ids import new_id

ADDRESS = "/v1/uploads"
TUS = {"tus-resumable": "1.0.0"}
# A check takes a moment; with the scanner away the answer waits for it like everybody's.
LOOKS, BETWEEN_S = 60, 0.25
UNPROCESSABLE = 422


async def take_in(visit: Visit, files: list[Any]) -> list[str]:
    """The ids of the uploads these files have become.

    Raises:
        ApiRefused: one of them was not accepted (`file_refused`: `detail` says which and why, in the words of the check).
        NotSignedIn.
    """
    chosen = [file for file in files if isinstance(file, UploadFile) and file.filename]
    return [await _one(visit, file) for file in chosen]


async def _one(visit: Visit, file: UploadFile) -> str:
    content = await file.read()
    facts = {"filename": file.filename, "filetype": file.content_type}
    told = ",".join(f"{name} {base64.b64encode(value.encode()).decode()}" for name, value in facts.items())
    headers = {
        **TUS,
        "content-type": "application/offset+octet-stream",
        "upload-length": str(len(content)),
        "upload-metadata": told,
        "idempotency-key": f'"{new_id()}"',
    }
    begun = (await visit.answer("POST", ADDRESS, headers=headers, body=content)).or_refused()
    upload = begun.headers["location"].rpartition("/")[2]
    for _ in range(LOOKS):
        receipt = await visit.get(f"{ADDRESS}/{upload}")
        if receipt["state"]["name"] == "ready":
            return upload
        if receipt["state"]["name"] not in ("receiving", "checking"):
            break
        await asyncio.sleep(BETWEEN_S)
    why = receipt.get("reason", {}).get("detail", receipt["state"]["label"])
    raise ApiRefused(UNPROCESSABLE, "file_refused", f"{file.filename}: {why}", [])
