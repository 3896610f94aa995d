"""QR codes as PNG pictures, for screens and for printing."""

from io import BytesIO

from PIL import Image
from qrcode.constants import ERROR_CORRECT_M  # type: ignore[import-untyped]
from qrcode.main import QRCode  # type: ignore[import-untyped]

DOTS = 8
"""Pixels of one square: at 300 dots an inch, a picture of a third of a hand's breadth."""

BORDER = 4
"""Blank squares around, as ISO/IEC 18004 (9.1) asks for."""


def qr_png(text: str) -> bytes:
    """The text as a QR code: black on white, one bit a pixel."""
    code = QRCode(error_correction=ERROR_CORRECT_M, border=BORDER)
    code.add_data(text)
    code.make(fit=True)
    squares = code.get_matrix()
    size = len(squares)
    picture = Image.new("1", (size, size))
    picture.putdata([not dark for line in squares for dark in line])
    file = BytesIO()
    picture.resize((size * DOTS, size * DOTS), Image.Resampling.NEAREST).save(file, "PNG")
    return file.getvalue()
