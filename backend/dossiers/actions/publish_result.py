"""Staff publish the result of a dossier: the file is kept, the dossier is finished, its citizen hears of it."""

from datetime import datetime

from backend.dossiers.actions.changes import news
from backend.dossiers.actions.find import find
from backend.dossiers.actions.steps import PUBLISH, check, record_step, step_taken
from backend.dossiers.documents import Dossier
from backend.dossiers.errors import ResultAlreadyPublished
from backend.dossiers.file_type import MAX_RESULT_BYTES, media_type_of
from kernel.errors import TooLarge
from kernel.http.preconditions import ANY_VERSION, Precondition
from kernel.mongo.files import Files
from kernel.principal import Principal
from kernel.text import clean


async def publish_result(
    actor: Principal,
    dossier_id: str,
    *,
    name: str,
    content: bytes,
    now: datetime,
    files: Files,
    step_id: str | None = None,
    if_match: Precondition = ANY_VERSION,
) -> Dossier:
    """Keep the file and finish the dossier; under `step_id` this happens once, however often it is asked for.

    The file is stored before the commit: a crash between leaves a file no dossier points at, never a dossier without its file.

    Raises:
        DossierNotFound, MoveNotAllowed, RoleMissing, FileNotAccepted, TooLarge, ResultAlreadyPublished, PreconditionFailed.
        StaleVersion: somebody else was faster.
    """
    dossier = await find(actor, dossier_id)
    if step_taken(dossier, step_id):
        return dossier
    with if_match.on(dossier.version):
        if dossier.result is not None:
            raise ResultAlreadyPublished
        step = check(actor, dossier, PUBLISH, None)
        if len(content) > MAX_RESULT_BYTES:
            raise TooLarge
        media_type = media_type_of(content)
        before = dossier.status
        dossier.result = await files.store(clean(name)[:120] or "result", media_type, content, now=now)
        record_step(dossier, step, actor, None, now, step_id)
        return await dossier.commit(*news(before, dossier))
