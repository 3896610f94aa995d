"""QR codes as PNG pictures, for printing."""

import struct
import zlib

from qrcode.constants import ERROR_CORRECT_M  # type: ignore[import-untyped]
from qrcode.main import QRCode  # type: ignore[import-untyped]

DOTS = 8
"""Pixels of one square: at 300 dots an inch, a picture of a third of a hand's breadth."""

BORDER = 4
"""Blank squares around, as ISO/IEC 18004 (9.1) asks for."""


def qr_png(text: str) -> bytes:
    """The text as a QR code: black on white, one bit a pixel (PNG, RFC 2083)."""
    code = QRCode(error_correction=ERROR_CORRECT_M, border=BORDER)
    code.add_data(text)
    code.make(fit=True)
    squares = code.get_matrix()
    size = len(squares) * DOTS
    rows = bytearray()
    for line in squares:
        # A pixel that is 1 is white. A line begins with its filter: none.
        row = bytes([0]) + _bits([not dark for dark in line for _ in range(DOTS)])
        rows += row * DOTS
    header = struct.pack(">IIBBBBB", size, size, 1, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(rows, 6)) + _chunk(b"IEND", b"")
    )


def _bits(pixels: list[bool]) -> bytes:
    padded = pixels + [False] * (-len(pixels) % 8)
    number = int("".join("1" if white else "0" for white in padded), 2)
    return number.to_bytes(len(padded) // 8, "big")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
