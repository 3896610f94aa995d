"""Pictures in PNG (RFC 2083), taken apart and written anew: what is kept of an upload is its pixels and nothing else.

Only this format is read, so that no picture of a stranger ever meets a decoder that is not memory-safe. Browsers turn
JPEG and WebP into it before they send them.
"""

import struct
import zlib
from dataclasses import dataclass
from itertools import batched
from typing import Final

MAGIC: Final = b"\x89PNG\r\n\x1a\n"
MOST_BYTES: Final = 1_000_000
LARGEST: Final = 512
"""Pixels of the longer side, at most."""

_CHANNELS: Final = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
_DEPTHS: Final = {0: (1, 2, 4, 8), 2: (8,), 3: (1, 2, 4, 8), 4: (8,), 6: (8,)}
"""By kind of colour, the bits a channel that are read. Sixteen, and lines out of order, are not."""


class UnfitPicture(ValueError):
    """It is no PNG that is read here; the first argument says why: format, large, or broken."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Bitmap:
    """A picture, four bytes a pixel: red, green, blue and opacity."""

    width: int
    height: int
    pixels: bytes


def decode(data: bytes) -> Bitmap:
    """The picture. Raises `UnfitPicture`; nothing is taken apart whose size was not asked first."""
    if len(data) > MOST_BYTES:
        raise UnfitPicture("large")
    if not data.startswith(MAGIC):
        raise UnfitPicture("format")
    parts = _parts(data)
    header = parts.get(b"IHDR", b"")
    if len(header) != 13 or b"IDAT" not in parts:
        raise UnfitPicture("broken")
    width, height, depth, kind, packing, filtering, order = struct.unpack(">IIBBBBB", header)
    if depth not in _DEPTHS.get(kind, ()) or packing or filtering or order:
        raise UnfitPicture("format")
    if not (0 < width <= LARGEST and 0 < height <= LARGEST):
        raise UnfitPicture("large")
    channels = _CHANNELS[kind]
    line = (width * channels * depth + 7) // 8
    packed = _unpacked(parts[b"IDAT"], (line + 1) * height)
    rows = _unfiltered(packed, line, max(1, channels * depth // 8))
    samples = b"".join(_samples(row, depth, width * channels) for row in rows) if depth < 8 else b"".join(rows)
    return Bitmap(width=width, height=height, pixels=_coloured(samples, kind, depth, parts))


def encode(picture: Bitmap) -> bytes:
    """The picture as a file without anything but its pixels."""
    line = picture.width * 4
    rows = b"".join(b"\0" + bytes(row) for row in batched(picture.pixels, line))
    header = struct.pack(">IIBBBBB", picture.width, picture.height, 8, 6, 0, 0, 0)
    return MAGIC + _part(b"IHDR", header) + _part(b"IDAT", zlib.compress(rows, 9)) + _part(b"IEND", b"")


def scaled(picture: Bitmap, width: int, height: int) -> Bitmap:
    """The picture at another size; where it shrinks, every pixel is the mean of those that it stands for."""
    solid = _plane(picture, 3)
    # Colours weighted by their opacity, so that what is clear does not shine through.
    planes = [
        [
            [value * share / 255 for value, share in zip(row, shares, strict=True)]
            for row, shares in zip(_plane(picture, part), solid, strict=True)
        ]
        for part in range(3)
    ]
    red, green, blue, kept = (_turned(_resized(_turned(_resized(plane, height)), width)) for plane in (*planes, solid))
    lines = zip(red, green, blue, kept, strict=True)
    return Bitmap(
        width=width,
        height=height,
        pixels=b"".join(_thin(*pixel) for line in lines for pixel in zip(*line, strict=True)),
    )


def fitted(picture: Bitmap, longest: int) -> Bitmap:
    """The picture with a longer side of so many pixels at most."""
    share = longest / max(picture.width, picture.height)
    if share >= 1:
        return picture
    return scaled(picture, max(1, round(picture.width * share)), max(1, round(picture.height * share)))


def icon(picture: Bitmap, size: int, ground: tuple[int, int, int]) -> Bitmap:
    """A square of the ground's colour with the picture in the circle that every home screen shows (80 % across)."""
    across = (picture.width**2 + picture.height**2) ** 0.5
    share = 0.8 * size / across
    inner = scaled(picture, max(1, round(picture.width * share)), max(1, round(picture.height * share)))
    left, top = (size - inner.width) // 2, (size - inner.height) // 2
    canvas = bytearray(bytes((*ground, 255)) * size * size)
    for y in range(inner.height):
        row = bytearray()
        for pixel in batched(inner.pixels[y * inner.width * 4 : (y + 1) * inner.width * 4], 4):
            solid = pixel[3]
            row += bytes((pixel[part] * solid + ground[part] * (255 - solid) + 127) // 255 for part in range(3))
            row.append(255)
        start = ((top + y) * size + left) * 4
        canvas[start : start + len(row)] = row
    return Bitmap(width=size, height=size, pixels=bytes(canvas))


def brightness(picture: Bitmap) -> float:
    """How bright what can be seen of it is on average, from 0 to 1."""
    seen = [pixel for pixel in batched(picture.pixels, 4) if pixel[3] > 127]
    return sum(sum(pixel[:3]) for pixel in seen) / (765 * len(seen)) if seen else 0.0


def _parts(data: bytes) -> dict[bytes, bytes]:
    """The chunks by their names, those of the pixels joined. What is not needed is not kept."""
    found: dict[bytes, bytes] = {}
    pixels: list[bytes] = []
    place = len(MAGIC)
    while place + 12 <= len(data):
        (length,) = struct.unpack_from(">I", data, place)
        name, end = data[place + 4 : place + 8], place + 8 + length
        if end + 4 > len(data) or zlib.crc32(data[place + 4 : end]) != int.from_bytes(data[end : end + 4]):
            raise UnfitPicture("broken")
        if name == b"IDAT":
            pixels.append(data[place + 8 : end])
        elif name in (b"IHDR", b"PLTE", b"tRNS"):
            found[name] = data[place + 8 : end]
        elif name == b"IEND":
            break
        place = end + 4
    if pixels:
        found[b"IDAT"] = b"".join(pixels)
    return found


def _unpacked(packed: bytes, size: int) -> bytes:
    """Exactly so many bytes: what unpacks to more than the header promises is never unpacked."""
    try:
        rows = zlib.decompressobj().decompress(packed, size + 1)
    except zlib.error as error:
        raise UnfitPicture("broken") from error
    if len(rows) != size:
        raise UnfitPicture("broken")
    return rows


def _unfiltered(data: bytes, line: int, step: int) -> list[bytes]:
    """The lines without their filters (RFC 2083, 6)."""
    before, rows = bytes(line), []
    for start in range(0, len(data), line + 1):
        row = bytearray(data[start + 1 : start + 1 + line])
        match data[start]:
            case 0:
                pass
            case 1:
                for place in range(step, line):
                    row[place] = (row[place] + row[place - step]) & 255
            case 2:
                row = bytearray((a + b) & 255 for a, b in zip(row, before, strict=True))
            case 3:
                for place in range(line):
                    left = row[place - step] if place >= step else 0
                    row[place] = (row[place] + (left + before[place]) // 2) & 255
            case 4:
                _paeth(row, before, step)
            case _:
                raise UnfitPicture("broken")
        before = bytes(row)
        rows.append(before)
    return rows


def _paeth(row: bytearray, before: bytes, step: int) -> None:
    for place, above in enumerate(before):
        left, corner = (row[place - step], before[place - step]) if place >= step else (0, 0)
        guess = left + above - corner
        by_left, by_above, by_corner = abs(guess - left), abs(guess - above), abs(guess - corner)
        nearest = above if by_above <= by_corner else corner
        if by_left <= by_above and by_left <= by_corner:
            nearest = left
        row[place] = (row[place] + nearest) & 255


def _samples(row: bytes, depth: int, count: int) -> bytes:
    """Samples of fewer bits than eight, a byte each."""
    most = (1 << depth) - 1
    each = [(byte >> shift) & most for byte in row for shift in range(8 - depth, -1, -depth)]
    return bytes(each[:count])


def _coloured(samples: bytes, kind: int, depth: int, parts: dict[bytes, bytes]) -> bytes:
    """Four bytes a pixel, whatever there were."""
    clear = parts.get(b"tRNS", b"")
    match kind:
        case 6:
            return samples
        case 4:
            return b"".join(bytes((grey, grey, grey, solid)) for grey, solid in batched(samples, 2))
        case 2:
            none = clear[1::2] if len(clear) == 6 else b""
            return b"".join(bytes((*pixel, 0 if bytes(pixel) == none else 255)) for pixel in batched(samples, 3))
        case 3:
            palette = list(batched(parts.get(b"PLTE", b""), 3))
            table = [bytes((*rgb, clear[place] if place < len(clear) else 255)) for place, rgb in enumerate(palette)]
            if not table or max(samples) >= len(table):
                raise UnfitPicture("broken")
        case _:
            most = (1 << depth) - 1
            none_grey = clear[1] if len(clear) == 2 else -1
            table = [bytes((*(grey * 255 // most,) * 3, 0 if grey == none_grey else 255)) for grey in range(most + 1)]
    return b"".join(table[sample] for sample in samples)


def _plane(picture: Bitmap, part: int) -> list[list[float]]:
    """One channel, line by line."""
    return [list(row) for row in batched(picture.pixels[part::4], picture.width)]


def _resized(lines: list[list[float]], after: int) -> list[list[float]]:
    """As many lines as wanted, each a mean of those that it stands for, weighted by how near they are."""
    share = len(lines) / after
    reach = max(1.0, share)
    made = []
    for place in range(after):
        middle = (place + 0.5) * share
        first, last = max(0, int(middle - reach)), min(len(lines), int(middle + reach) + 1)
        weights = [max(0.0, 1 - abs(row + 0.5 - middle) / reach) for row in range(first, last)]
        total = sum(weights)
        mixed = [0.0] * len(lines[0])
        for line, weight in zip(lines[first:last], weights, strict=True):
            if weight:
                part = weight / total
                mixed = [value + more * part for value, more in zip(mixed, line, strict=True)]
        made.append(mixed)
    return made


def _turned(lines: list[list[float]]) -> list[list[float]]:
    """Lines as columns."""
    return [list(line) for line in zip(*lines, strict=True)]


def _thin(red: float, green: float, blue: float, solid: float) -> bytes:
    if solid < 0.5:
        return b"\0\0\0\0"
    return bytes(min(255, round(part)) for part in (red * 255 / solid, green * 255 / solid, blue * 255 / solid, solid))


def _part(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
