"""Foreign files in the sandbox: what is kept of them, and why they are refused."""

import io
from collections.abc import Callable
from typing import Any

import pikepdf
import pytest
from PIL import Image

from backend.dev.paper import one_page_pdf
from backend.uploads.gateways.sandbox import Sandbox
from backend.uploads.inspector import Accepted, Refused
from backend.uploads.states import REASONS
from tests.support.samples import GPS, archive, dictionary, pdf, photo_with_place, picture, pixel_bomb

Change = Callable[[pikepdf.Pdf], None]


async def look(content: bytes, name: str = "", media_type: str = "") -> Accepted | Refused:
    return await Sandbox().inspect(content, name=name, media_type=media_type)


def assert_refused(found: Accepted | Refused, reason: str) -> None:
    assert found == Refused(reason), found
    assert reason in REASONS


@pytest.mark.parametrize(
    ("content", "name", "declared", "kept_as"),
    [
        (picture("JPEG"), "a.JPG", "image/jpeg", "image/jpeg"),
        (picture("PNG"), "a.png", "", "image/png"),
        (picture("WEBP"), "", "image/webp", "image/jpeg"),
        (picture("HEIF"), "IMG_0001.HEIC", "image/heic", "image/jpeg"),
        (picture("MPO"), "a.jpg", "image/jpeg", "image/jpeg"),
        (one_page_pdf("a"), "a.pdf", "application/pdf", "application/pdf"),
    ],
    ids=["jpeg", "png", "webp", "heic", "two pictures in a jpeg", "pdf"],
)
@pytest.mark.proves("SEC-56", "SEC-57")
async def test_what_people_send_is_taken(content: bytes, name: str, declared: str, kept_as: str) -> None:
    found = await look(content, name, declared)
    assert isinstance(found, Accepted), found
    assert found.media_type == kept_as
    if kept_as == "application/pdf":
        assert found.content == content
    else:
        with Image.open(io.BytesIO(found.content)) as kept:
            assert kept.size == (320, 200)


@pytest.mark.proves("SEC-57", "SEC-62")
async def test_nothing_but_the_pixels_of_a_picture_is_kept() -> None:
    profile = b"not a profile at all"
    sent = photo_with_place() + b"<script>alert(1)</script>"
    found = await look(sent, "a.jpg")
    assert isinstance(found, Accepted)
    with Image.open(io.BytesIO(found.content)) as kept:
        assert dict(kept.getexif()) == {}
        assert dict(kept.getexif().get_ifd(GPS)) == {}
        assert not {"exif", "icc_profile", "comment", "xmp"} & set(kept.info)
    for secret in (b"Exif", b"GPS", b"ghi chu", b"script", profile):
        assert secret not in found.content
    with_profile = await look(picture("PNG", icc_profile=profile), "a.png")
    assert isinstance(with_profile, Accepted)
    assert b"iCCP" not in with_profile.content


@pytest.mark.parametrize(("orientation", "turned"), [(1, False), (3, True), (6, None), (8, None)])
async def test_a_picture_is_the_right_way_up_without_its_note(orientation: int, turned: bool | None) -> None:
    found = await look(photo_with_place(orientation), "a.jpg")
    assert isinstance(found, Accepted)
    with Image.open(io.BytesIO(found.content)) as kept:
        assert kept.size == ((200, 320) if turned is None else (320, 200))
        red, _, blue = kept.getpixel((10, 10))  # type: ignore[misc]
        if turned is not None:
            assert (blue > red) is turned


async def test_of_a_moving_picture_the_first_is_kept() -> None:
    frames = [Image.new("RGB", (40, 40), colour) for colour in ("red", "blue")]
    out = io.BytesIO()
    frames[0].save(out, "WEBP", save_all=True, append_images=frames[1:])
    found = await look(out.getvalue(), "a.webp")
    assert isinstance(found, Accepted)
    with Image.open(io.BytesIO(found.content)) as kept:
        assert kept.getpixel((5, 5))[0] > 200  # type: ignore[index]
        assert getattr(kept, "n_frames", 1) == 1


@pytest.mark.parametrize(
    ("content", "name", "declared", "reason"),
    [
        (b"", "a.jpg", "", "empty"),
        (b"MZ\x90\0", "a.jpg", "image/jpeg", "type_not_accepted"),
        (picture("GIF"), "a.gif", "image/gif", "type_not_accepted"),
        (picture("TIFF"), "a.jpg", "", "type_not_accepted"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "a.png", "", "type_not_accepted"),
        (archive(), "a.pdf", "", "type_not_accepted"),
        (picture("JPEG"), "a.png", "", "type_differs"),
        (picture("JPEG"), "a.jpg", "application/pdf", "type_differs"),
        (picture("JPEG"), "a.jpg.exe", "", "type_differs"),
        (one_page_pdf("a"), "a.jpg", "", "type_differs"),
        (picture("JPEG") + archive(), "a.jpg", "", "two_files_in_one"),
        (one_page_pdf("a") + archive(), "a.pdf", "", "two_files_in_one"),
        (one_page_pdf("a") + b"\n<html>" + b"<script>alert(1)</script>" * 9, "a.pdf", "", "two_files_in_one"),
        (b"\n" + one_page_pdf("a"), "a.pdf", "", "type_not_accepted"),
        (picture("JPEG", (1200, 900))[:-2000], "a.jpg", "", "damaged"),
        (picture("PNG")[:-200], "a.png", "", "damaged"),
        (picture("HEIF")[:-200], "a.heic", "", "damaged"),
        (b"\xff\xd8\xff\xe0" + bytes(100), "a.jpg", "", "damaged"),
        (pdf(20)[:1_000], "a.pdf", "", "damaged"),
        (b"%PDF-1.7\n%%EOF\n", "a.pdf", "", "damaged"),
    ],
)
@pytest.mark.proves("SEC-57")
async def test_what_is_not_what_it_says_is_refused(content: bytes, name: str, declared: str, reason: str) -> None:
    assert_refused(await look(content, name, declared), reason)


@pytest.mark.parametrize("size", [(30_000, 30_000), (6_000, 4_200)], ids=["a bomb", "a little too large"])
@pytest.mark.proves("SEC-58")
async def test_a_picture_of_too_many_pixels_is_refused_before_it_is_drawn(size: tuple[int, int]) -> None:
    assert_refused(await look(pixel_bomb(*size), "a.png"), "too_many_pixels")


async def test_the_largest_picture_of_a_usual_telephone_is_taken() -> None:
    assert isinstance(await look(picture("JPEG", (5712, 4284)), "a.jpg"), Accepted)


def _script(made: pikepdf.Pdf) -> None:
    made.Root.OpenAction = dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")


def _named_script(made: pikepdf.Pdf) -> None:
    action = made.make_indirect(dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)"))
    made.Root.Names = dictionary(JavaScript=dictionary(Names=pikepdf.Array(["a", action])))


def _on_page(action: Any) -> Change:
    def change(made: pikepdf.Pdf) -> None:
        link = dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[0, 0, 9, 9], A=action())
        made.pages[0].Annots = pikepdf.Array([link])

    return change


def _opens_address(made: pikepdf.Pdf) -> None:
    made.Root.OpenAction = dictionary(S=pikepdf.Name.URI, URI="http://example.org")


def _opens_on_page(made: pikepdf.Pdf) -> None:
    made.pages[0].AA = dictionary(O=dictionary(S=pikepdf.Name.URI, URI="http://example.org"))


def _attachment(made: pikepdf.Pdf) -> None:
    made.attachments["a.txt"] = b"hidden"


def _form(made: pikepdf.Pdf) -> None:
    made.Root.AcroForm = dictionary(Fields=pikepdf.Array(), XFA=made.make_stream(b"<xdp/>"))


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (pdf(change=_script), "pdf_active"),
        (pdf(change=_named_script), "pdf_active"),
        (pdf(change=_named_script, object_stream_mode=pikepdf.ObjectStreamMode.generate), "pdf_active"),
        (pdf(change=_on_page(lambda: dictionary(S=pikepdf.Name.Launch, F="cmd.exe"))), "pdf_active"),
        (pdf(change=_on_page(lambda: dictionary(S=pikepdf.Name.SubmitForm, F="http://example.org"))), "pdf_active"),
        (pdf(change=_opens_address), "pdf_active"),
        (pdf(change=_opens_on_page), "pdf_active"),
        (pdf(change=_form), "pdf_active"),
        (pdf(change=_attachment), "pdf_attachments"),
        (pdf(encryption=pikepdf.Encryption(owner="a", user="b")), "pdf_encrypted"),
        (pdf(encryption=pikepdf.Encryption(owner="a", user="")), "pdf_encrypted"),
        (pdf(201), "pdf_too_long"),
    ],
    ids=[
        "open",
        "named",
        "packed",
        "launch",
        "submit",
        "goes out",
        "goes out from a page",
        "xfa",
        "file",
        "locked",
        "owner",
        "long",
    ],
)
@pytest.mark.proves("SEC-59")
async def test_a_pdf_that_does_more_than_be_read_is_refused(content: bytes, reason: str) -> None:
    assert_refused(await look(content, "a.pdf"), reason)


@pytest.mark.proves("SEC-59")
async def test_a_pdf_with_a_link_and_two_hundred_pages_is_taken_as_it_is() -> None:
    content = pdf(200, _on_page(lambda: dictionary(S=pikepdf.Name.URI, URI="https://camau.gov.vn")))
    assert await look(content, "a.pdf") == Accepted("application/pdf", content)


@pytest.mark.proves("SEC-57")
async def test_a_program_that_takes_too_long_is_stopped() -> None:
    assert await Sandbox(within_s=0.01).inspect(picture(), name="a.jpg", media_type="") == Refused("too_complex")


@pytest.mark.parametrize("size", [(1_000, 500), (500, 1_000)], ids=["landscape", "portrait"])
async def test_pictures_come_on_sheets_of_a4_in_their_order(size: tuple[int, int]) -> None:
    paper = await Sandbox().paper([picture(size=size), picture("PNG")])
    with pikepdf.open(io.BytesIO(paper)) as made:
        assert len(made.pages) == 2
        width, height = (float(n) for n in made.pages[0].mediabox[2:])
        assert sorted((round(width), round(height))) == [595, 842]
        assert (width > height) is (size[0] > size[1])
    assert isinstance(await look(paper, "a.pdf"), Accepted)
