"""A camera that looks at one QR picture, for Chromium: a film of one frame, which it plays over and over."""

from pathlib import Path

from qrcode.constants import ERROR_CORRECT_M  # type: ignore[import-untyped]
from qrcode.main import QRCode  # type: ignore[import-untyped]

WIDTH, HEIGHT = 640, 480
DARK, GREY, LIGHT, COLOURLESS = b"\x22", b"\x70", b"\xd8", b"\x80"
SCALE = 6


def film_of(text: str, file: Path) -> Path:
    """The file is a film (YUV4MPEG2, 4:2:0) of the text as a QR picture on a sheet of paper on a grey table."""
    code = QRCode(error_correction=ERROR_CORRECT_M, border=4)
    code.add_data(text)
    rows = [b"".join((DARK if dark else LIGHT) * SCALE for dark in row) for row in code.get_matrix()]
    side = len(rows[0])
    left, above = (WIDTH - side) // 2, (HEIGHT - side) // 2
    table = GREY * WIDTH
    paper = [GREY * left + row + GREY * (WIDTH - side - left) for row in rows for _line in range(SCALE)]
    luma = b"".join([table] * above + paper + [table] * (HEIGHT - above - side))
    frame = b"FRAME\n" + luma + COLOURLESS * (WIDTH * HEIGHT // 2)
    file.write_bytes(f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F10:1 Ip A1:1 C420\n".encode() + frame * 3)
    return file


def looking_at(film: Path) -> list[str]:
    """What Chromium is started with to have that camera, and nobody to ask about it."""
    return [
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={film}",
    ]
