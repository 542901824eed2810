"""A picture is drawn anew from its pixels: what else the file held (place, camera, colour profile, anything appended) stays behind.

Its orientation is applied before the note of it is dropped. The first picture of several is the one that is kept.
"""

import io
import warnings

import pillow_heif
from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from backend.uploads.file_kind import PICTURES, PNG, FileKind
from backend.uploads.inspection.refusal import Refusal
from backend.uploads.limits import MAX_PIXELS

QUALITY = 90
WHITE = (255, 255, 255)
# All a PNG can hold that says something other than pixels: everything else is turned into one of these.
_PLAIN_MODES = {"1", "L", "LA", "RGB", "RGBA"}

pillow_heif.register_heif_opener(thumbnails=False)


def prepare() -> None:
    """Load what Pillow would load later, when nothing can be opened any more."""
    Image.preinit()
    Image.init()
    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    # Pillow lets twice as many pixels pass with a warning (SEC-58).
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    for kind in PICTURES:
        if kind.formats[0] in Image.SAVE:
            Image.new("RGB", (8, 8)).save(io.BytesIO(), kind.formats[0])


def cleaned(content: bytes, kind: FileKind) -> tuple[str, bytes]:
    """Media type and bytes of the picture: PNG stays PNG, all others become JPEG, which everybody can open.

    Raises:
        Refusal: it is too large, damaged, or no such picture.
    """
    try:
        with Image.open(io.BytesIO(content), formats=list(kind.formats)) as opened:
            if opened.format not in kind.formats:
                raise Refusal("type_differs")
            if opened.width * opened.height > MAX_PIXELS:
                raise Refusal("too_many_pixels")
            opened.seek(0)
            opened.load()
            upright = ImageOps.exif_transpose(opened)
            pixels = _in_usual_colours(upright)
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as bomb:
        raise Refusal("too_many_pixels") from bomb
    except MemoryError as too_much:
        raise Refusal("too_complex") from too_much
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError, IndexError, KeyError, RuntimeError) as broken:
        raise Refusal("damaged") from broken
    return _png(pixels) if kind is PNG else _jpeg(pixels)


def _in_usual_colours(image: Image.Image) -> Image.Image:
    """The same colours without the profile that explains them: telephones photograph in a wider space than sRGB."""
    profile = image.info.get("icc_profile")
    if not profile or image.mode not in ("RGB", "RGBA"):
        return image
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        converted = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"))
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image
    return converted or image


def _png(image: Image.Image) -> tuple[str, bytes]:
    if image.mode not in _PLAIN_MODES:
        image = image.convert("RGBA" if image.mode == "P" and "transparency" in image.info else "RGB")
    return "image/png", _saved(image, "PNG", compress_level=6)


def _jpeg(image: Image.Image) -> tuple[str, bytes]:
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        image = image.convert("RGBA")
        paper = Image.new("RGB", image.size, WHITE)
        paper.paste(image, mask=image.getchannel("A"))
        image = paper
    elif image.mode not in ("L", "RGB"):
        image = image.convert("RGB")
    return "image/jpeg", _saved(image, "JPEG", quality=QUALITY)


def _saved(image: Image.Image, as_: str, **options: int) -> bytes:
    # Pillow carries over what stands here; a new image of the same pixels knows nothing.
    bare = Image.new(image.mode, image.size)
    bare.paste(image)
    out = io.BytesIO()
    bare.save(out, as_, **options)
    return out.getvalue()
