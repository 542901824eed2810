"""The files of reports come from the room of uploads."""

from collections.abc import Sequence

from backend.uploads.actions.attach import attach
from kernel.clock import Clock
from kernel.mongo.files import StoredFile
from kernel.principal import Principal
from kernel.privacy.vault import Vault


class UploadedFiles:
    """The uploads of this product (`backend.uploads`)."""

    def __init__(self, vault: Vault, clock: Clock) -> None:
        self._vault, self._clock = vault, clock

    async def attach(self, actor: Principal, upload_ids: Sequence[str], purpose: str, *, to: str) -> Sequence[StoredFile]:
        """See `Attachments`.

        Raises:
            UploadNotFound, UploadNotReady, UploadAttached, UploadPurposeDiffers, UploadExpired, VaultUnavailable.
        """
        return await attach(actor, upload_ids, purpose, to=f"feedback:{to}", vault=self._vault, now=self._clock.now())
