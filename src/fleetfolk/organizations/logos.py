"""Logos: read from what somebody uploads, kept as their pixels alone, drawn on the icons of home screens."""

import struct
import zlib
from io import BytesIO
from typing import Final

from PIL import Image, ImageOps, ImageStat, UnidentifiedImageError

FORMATS: Final = ("PNG", "JPEG", "WEBP")
"""No other decoder meets what a stranger sends."""
MOST_BYTES: Final = 2_000_000
LARGEST: Final = 4_000
"""Pixels of the longer side, at most: an unpacked picture is 64 MB then."""
_SAFE_CIRCLE: Final = 0.8
"""How much of a maskable icon's side every home screen shows (Web Application Manifest, "maskable icons")."""


class UnfitPicture(ValueError):
    """It is no picture that is read here; the first argument says why: format, large, or broken."""


def decode(data: bytes) -> Image.Image:
    """The pixels, in RGBA and the right way up, and nothing else of the file. Raises `UnfitPicture`.

    Nothing is unpacked whose size was not asked first.
    """
    if len(data) > MOST_BYTES:
        raise UnfitPicture("large")
    try:
        picture = Image.open(BytesIO(data), formats=FORMATS)
    except UnidentifiedImageError as error:
        raise UnfitPicture("format") from error
    except Image.DecompressionBombError as error:
        raise UnfitPicture("large") from error
    except (OSError, SyntaxError, ValueError) as error:
        raise UnfitPicture("broken") from error
    if max(picture.size) > LARGEST:
        raise UnfitPicture("large")
    try:
        pixels = ImageOps.exif_transpose(picture).convert("RGBA")
    except (OSError, SyntaxError, ValueError, EOFError, struct.error, zlib.error) as error:
        raise UnfitPicture("broken") from error
    # Comments, profiles and places where the picture was taken would be written again with it.
    pixels.info = {}
    return pixels


def encode(picture: Image.Image) -> bytes:
    """The picture as a PNG file."""
    file = BytesIO()
    picture.save(file, "PNG", optimize=True)
    return file.getvalue()


def fitted(picture: Image.Image, longest: int) -> Image.Image:
    """The picture with a longer side of so many pixels at most."""
    return picture if max(picture.size) <= longest else ImageOps.contain(picture, (longest, longest))


def icon(picture: Image.Image, size: int, ground: tuple[int, int, int]) -> Image.Image:
    """A square of the ground's colour with the picture in the circle that every home screen shows."""
    across = (picture.width**2 + picture.height**2) ** 0.5
    share = _SAFE_CIRCLE * size / across
    inner = picture.resize(
        (max(1, round(picture.width * share)), max(1, round(picture.height * share))), Image.Resampling.LANCZOS
    )
    square = Image.new("RGBA", (size, size), (*ground, 255))
    square.alpha_composite(inner, ((size - inner.width) // 2, (size - inner.height) // 2))
    return square


def brightness(picture: Image.Image) -> float:
    """How bright what can be seen of it is on average, from 0 to 1."""
    seen = picture.getchannel("A").point(lambda opacity: 255 if opacity > 127 else 0)
    return ImageStat.Stat(picture.convert("L"), mask=seen).mean[0] / 255 if seen.getbbox() else 0.0
