"""One call brings everything of mine that a phone keeps, and then what has changed of it (R-B2)."""

import pytest

from tests.support.api import Api
from tests.support.feed import event, new_code

pytestmark = pytest.mark.proves("R-B2")


async def test_first_everything_then_what_has_changed(api: Api) -> None:
    dossier = await api.told(event(new_code()))
    first = await api.get("lan", "/v1/sync")
    print(first.text, first.headers)
    assert first.status_code == 200
