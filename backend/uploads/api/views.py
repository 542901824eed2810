"""From a stored row to what its owner sees."""

from typing import Any

from msgspec import UNSET, UnsetType

from backend.uploads import states
from backend.uploads.schemas import KeptFileView, UploadReasonView, UploadStateView, UploadView
from kernel.privacy.vault import Erased


def upload(row: dict[str, Any], language: str, address: str) -> UploadView:
    """The receipt of a row that the vault has opened."""
    vietnamese = language == "vi"
    return UploadView(
        id=row["_id"],
        name=_word(row["name"], vietnamese=vietnamese),
        purpose=row["purpose"],
        state=UploadStateView(name=row["state"], label=states.LABELS[row["state"]][not vietnamese]),
        size=row["length"],
        offset=row["offset"],
        created_at=row["created_at"],
        expires_at=row["expires_at"],
        completed_at=row.get("completed_at", UNSET),
        sha256=row.get("sha256", UNSET),
        reason=_reason(row, vietnamese=vietnamese),
        file=_file(row["file"], f"{address}/content", vietnamese=vietnamese) if "file" in row else UNSET,
    )


def _reason(row: dict[str, Any], *, vietnamese: bool) -> UploadReasonView | UnsetType:
    code = row.get("refused_for") or row.get("check", {}).get("waiting_for")
    if code is None:
        return UNSET
    texts = {**states.REASONS, **states.WAITING}[code]
    return UploadReasonView(code=code, detail=texts[not vietnamese])


def _file(file: dict[str, Any], href: str, *, vietnamese: bool) -> KeptFileView:
    name = _word(file["name"], vietnamese=vietnamese)
    return KeptFileView(name=name, media_type=file["media_type"], size=file["size"], sha256=file["sha256"], href=href)


def _word(opened: str | Erased, *, vietnamese: bool) -> str:
    if isinstance(opened, str):
        return opened
    return "(đã xóa)" if vietnamese else "(erased)"
