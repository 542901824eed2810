"""Cleaned pictures on paper: one PDF, a sheet of A4 for each, for an office that wants it so."""

import io
from collections.abc import Sequence

from PIL import Image

POINTS_PER_INCH = 72
A4_INCHES = (8.27, 11.69)
MARGIN_INCHES = 0.4
DPI = 200
QUALITY = 85


def on_paper(pictures: Sequence[bytes]) -> bytes:
    """A PDF of these pictures, in their order, each as large as its sheet allows and never enlarged beyond 200 dpi."""
    sheets = [_sheet(picture) for picture in pictures]
    out = io.BytesIO()
    sheets[0].save(out, "PDF", save_all=True, append_images=sheets[1:], resolution=float(DPI), quality=QUALITY)
    return out.getvalue()


def _sheet(picture: bytes) -> Image.Image:
    with Image.open(io.BytesIO(picture)) as opened:
        image = opened.convert("RGBA") if opened.mode in ("RGBA", "LA", "P") else opened.convert("RGB")
    wide = image.width > image.height
    width, height = (round(inches * DPI) for inches in (A4_INCHES[::-1] if wide else A4_INCHES))
    margin = round(MARGIN_INCHES * DPI)
    image.thumbnail((width - 2 * margin, height - 2 * margin), Image.Resampling.LANCZOS)
    sheet = Image.new("RGB", (width, height), "white")
    place = (width - image.width) // 2, (height - image.height) // 2
    sheet.paste(image, place, image if image.mode == "RGBA" else None)
    return sheet
