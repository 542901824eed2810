"""A photo over a network that breaks: whole in the end, hardly a byte sent twice. The client is tuspy, and none of ours."""

import asyncio
import hashlib
import io

import pytest
from tusclient.client import TusClient

from backend.uploads.limits import MAX_BYTES
from tests.support.api import Api
from tests.support.cutting_proxy import cutting_proxy
from tests.support.samples import photo, picture
from tests.support.tus import checked, key

pytestmark = [
    pytest.mark.proves("R-A4"),
    # tuspy leaves its sockets to the garbage collector.
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"),
]
SENT_TWICE_AT_MOST = 1.05


async def upload(api: Api, base: str, content: bytes, **options: object) -> str:
    """With tuspy, patient; answers the upload's path."""
    client = TusClient(f"{base}/v1/uploads", headers={**await api.bearer("lan"), **key()})
    stream, told = io.BytesIO(content), {"filename": "ảnh.jpg", "filetype": "image/jpeg"}
    uploader = client.uploader(file_stream=stream, metadata=told, retries=200, retry_delay=0, **options)
    await asyncio.to_thread(uploader.upload)
    return str(uploader.url).removeprefix(base)


@pytest.mark.parametrize("cut_after", [300_000, 77_777], ids=["every 300 kB", "every 78 kB"])
async def test_a_photo_over_a_line_that_is_cut_again_and_again_arrives_whole(api: Api, cut_after: int) -> None:
    content = photo(5.0)
    async with cutting_proxy(api.url, cut_after=cut_after) as proxy:
        address = await upload(api, proxy.url, content)
        assert proxy.cuts >= len(content) // cut_after
    receipt = await checked(api, "lan", address)
    assert (receipt["sha256"], receipt["size"]) == (hashlib.sha256(content).hexdigest(), len(content))
    assert receipt["state"]["name"] == "ready", receipt
    if cut_after == 300_000:
        assert proxy.sent / len(content) < SENT_TWICE_AT_MOST, proxy.sent


async def test_a_client_that_sends_chunk_by_chunk_with_checksums_is_understood(api: Api) -> None:
    content = picture(size=(900, 700), quality=100)
    address = await upload(api, api.url, content, chunk_size=3_000, upload_checksum=True)
    receipt = await checked(api, "lan", address)
    assert receipt["sha256"] == hashlib.sha256(content).hexdigest()


async def test_a_file_of_the_largest_size_is_taken(api: Api) -> None:
    address = await upload(api, api.url, photo(2.0) + bytes(MAX_BYTES - len(photo(2.0))))
    assert (await checked(api, "lan", address))["state"]["name"] == "ready"
