"""An administrator changes what apps are told."""

import re
from collections.abc import Mapping
from typing import Any

from backend.bootstrap.documents import AppState, present
from backend.bootstrap.errors import AppStateMalformed
from kernel.errors import FieldError
from kernel.http.app_version import parse_version

_FEATURE = re.compile(r"[a-z][a-z0-9_]{1,39}")


async def change(changes: Mapping[str, Any], *, features: Mapping[str, bool]) -> AppState:
    """Set what is named, leave the rest. `changes` are fields of AppState; of a platform, only the parts that are given.

    Raises:
        AppStateMalformed: nothing has been changed.
        StaleVersion: somebody else changed it at the same moment.
    """
    state = await present()
    for name, value in changes.items():
        known = getattr(state, name)
        setattr(state, name, known.model_copy(update=value) if isinstance(value, dict) else value)
    state.features = {**state.features, **features}
    if wrong := _wrong(state):
        raise AppStateMalformed(errors=[FieldError(where, "malformed", why) for where, why in wrong])
    return await state.commit()


def _wrong(state: AppState) -> list[tuple[str, str]]:
    """Where something is wrong, and what."""
    wrong: list[tuple[str, str]] = []
    for name, platform in (("ios", state.ios), ("android", state.android)):
        for field in ("minimum", "latest"):
            text = getattr(platform, field)
            if text and (parse_version(text) is None or not re.fullmatch(r"\d+(\.\d+){0,2}", text)):
                wrong.append((f"/{name}/{field}", f"{text!r} is no version"))
        if platform.store_url and not platform.store_url.startswith("https://"):
            wrong.append((f"/{name}/storeUrl", "must be https"))
        if platform.minimum and not platform.store_url:
            wrong.append((f"/{name}/storeUrl", "who is refused has to be told where to go"))
    wrong += [(f"/features/{name}", "not a short name") for name in state.features if not _FEATURE.fullmatch(name)]
    return wrong
