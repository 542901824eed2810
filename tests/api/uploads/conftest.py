"""No file is left of the test before: these tests count what is stored."""

import pytest

from tests.support.api import Api
from tests.support.parts import empty


@pytest.fixture
async def api(module_api: Api) -> Api:
    await empty(module_api.parts, ["uploads", "upload_segments", "files.files", "files.chunks"])
    return module_api
