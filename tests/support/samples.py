"""Files as people send them, and as people should not send them, made in the test that needs them."""

import io
import random
import struct
import zipfile
import zlib
from functools import cache
from typing import Any

import pikepdf
import pillow_heif
from PIL import Image

pillow_heif.register_heif_opener()

GPS, ORIENTATION, CAMERA = 0x8825, 0x0112, 0x010F


def picture(as_: str = "JPEG", size: tuple[int, int] = (320, 200), **options: Any) -> bytes:
    """A picture: red on the left, blue on the right, so that it can be seen which way up it is."""
    image = Image.new("RGB", size, "red")
    image.paste("blue", (size[0] // 2, 0, size[0], size[1]))
    out = io.BytesIO()
    image.save(out, as_, **options)
    return out.getvalue()


@cache
def photo(megabytes: float = 5.0) -> bytes:
    """A JPEG of noise, at least so large and hardly larger."""
    side = int((megabytes * 1024 * 1024 / 2.1) ** 0.5)
    pixels = random.Random(7).randbytes(side * side * 3)
    out = io.BytesIO()
    Image.frombytes("RGB", (side, side), pixels).save(out, "JPEG", quality=90, subsampling=0)
    return out.getvalue()


def photo_with_place(orientation: int = 1) -> bytes:
    """A JPEG that tells where it was taken, by which camera, and which way up it is."""
    exif = Image.Exif()
    exif[ORIENTATION], exif[CAMERA] = orientation, "Máy của Lan"
    exif[GPS] = {1: "N", 2: (9.0, 10.0, 36.0), 3: "E", 4: (105.0, 9.0, 0.0)}
    return picture(exif=exif, comment=b"ghi chu")


def pixel_bomb(width: int = 30_000, height: int = 30_000) -> bytes:
    """A PNG of a few kilobytes that declares so many pixels."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack("!I", len(content)) + kind + content + struct.pack("!I", zlib.crc32(kind + content))

    head = struct.pack("!IIBBBBB", width, height, 8, 0, 0, 0, 0)
    pixels = zlib.compress(b"\0" * 100_000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def archive() -> bytes:
    """A zip."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr("virus.exe", b"MZ")
    return out.getvalue()


def pdf(pages: int = 1, change: Any = None, **saved: Any) -> bytes:
    """A PDF; `change(pdf)` does something to it before it is saved."""
    with pikepdf.new() as made:
        for _ in range(pages):
            made.add_blank_page()
        if change:
            change(made)
        out = io.BytesIO()
        made.save(out, **saved)
    return out.getvalue()


def dictionary(**entries: Any) -> pikepdf.Dictionary:
    return pikepdf.Dictionary({f"/{key}": value for key, value in entries.items()})
