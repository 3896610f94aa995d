"""How a tenant looks to its customers: chosen in the settings, worn by the portal, the app and the mails."""

import contextlib
import json
import struct
import zlib
from collections.abc import Callable
from io import BytesIO
from itertools import product
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from fleetfolk.actionlog.models import Entry
from fleetfolk.kernel.errors import Denied, Refused
from fleetfolk.kernel.perform import perform
from fleetfolk.organizations.actions import EditBrand, EditBrandInput
from fleetfolk.organizations.branding import look_of
from fleetfolk.organizations.colours import INK, SHAPES, WHITE, WORDS, contrast, dark, light
from fleetfolk.organizations.logos import MOST_BYTES, UnfitPicture, decode, encode, fitted
from fleetfolk.organizations.models import Brand, BrandPicture
from fleetfolk.testing.cast import Cast, actor
from fleetfolk.testing.plugin import SignedIn
from fleetfolk.users.tasks import hand_over

RED = (0xD0, 0x20, 0x30, 0xFF)
MAGIC = b"\x89PNG\r\n\x1a\n"


def picture(width: int = 40, height: int = 20) -> bytes:
    return encode(Image.new("RGBA", (width, height), RED))


def written(form: str, **how: Any) -> bytes:
    """A red picture in a format, with what cameras and programs write beside the pixels."""
    file = BytesIO()
    Image.new("RGB", (40, 20), RED[:3]).save(file, form, **how)
    return file.getvalue()


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def file_of(header: tuple[int, ...], rows: bytes, *more: bytes) -> bytes:
    packed = chunk(b"IDAT", zlib.compress(rows))
    return MAGIC + chunk(b"IHDR", struct.pack(">IIBBBBB", *header)) + b"".join(more) + packed + chunk(b"IEND", b"")


def brand(cast: Cast, **said: Any) -> None:
    perform(EditBrand, actor=actor(cast.ada), target_id=cast.lumen.pk, data=EditBrandInput(**said))


def test_every_colour_makes_buttons_and_words_that_can_be_read() -> None:
    grounds = {light: (WHITE, (0xF6, 0xF7, 0xF9), (0xF0, 0xF2, 0xF5)), dark: ((0x14, 0x18, 0x1E), (0x1B, 0x20, 0x28))}
    for colour in product(range(0, 256, 51), range(0, 256, 51), range(0, 256, 51)):
        for shades, behind in grounds.items():
            made = shades(colour)
            assert made.on in (WHITE, INK)
            assert contrast(made.fill, made.on) >= WORDS
            assert contrast(made.hover, made.on) >= WORDS
            assert all(contrast(made.fill, ground) >= SHAPES for ground in behind)
            assert all(contrast(made.text, ground) >= WORDS for ground in (*behind, made.soft))


def test_the_portal_wears_name_logo_and_colour(cast: Cast, signed_in: SignedIn) -> None:
    before = signed_in(cast.bob).get("/").content.decode()
    assert "Lumen Home" in before
    assert "/brand/" not in before
    brand(cast, name="Lumen", colour="#0f766e", logo=picture(), support_email="help@lumenhome.example")
    page = signed_in(cast.bob).get("/").content.decode()
    look = look_of(cast.lumen.pk)
    assert look.style in page
    assert look.logo in page
    assert look.touch_icon in page
    assert 'href="mailto:help@lumenhome.example"' in page
    assert "· Lumen</title>" in page
    # Another tenant keeps its own look.
    assert "/brand/" not in signed_in(cast.eve).get("/account/").content.decode()
    told = json.loads(signed_in(cast.bob).get("/app.webmanifest").content)
    assert told["name"] == "Lumen"
    assert told["theme_color"] == "#0f766e"
    assert [(one["sizes"], one["purpose"]) for one in told["icons"]] == [
        *(("192x192", "any"), ("192x192", "maskable"), ("512x512", "any"), ("512x512", "maskable"))
    ]
    for one in told["icons"]:
        side = int(one["sizes"].partition("x")[0])
        made = decode(Client().get(one["src"]).content)
        assert made.size == (side, side)
        assert made.getpixel((0, 0)) == (255, 255, 255, 255)
        assert made.getpixel((side // 2, side // 2)) == RED


def test_the_files_are_for_everybody_and_run_nothing(cast: Cast) -> None:
    brand(cast, colour="#0f766e", logo=picture())
    look = look_of(cast.lumen.pk)
    logo, style = Client().get(look.logo), Client().get(look.style)
    assert logo["Content-Type"] == "image/png"
    assert style["Content-Type"] == "text/css; charset=utf-8"
    assert "--ff-accent:#0f766e" in style.content.decode()
    for answer in (logo, style):
        assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
    assert Client().get(look.mail_logo)["Cache-Control"] == "public, max-age=3600"
    brand(cast, colour="#123456")
    assert look_of(cast.lumen.pk).style != look.style
    key = Brand.objects.get().key
    for path in ("/brand/guessed/logo.png", f"/brand/{key}/logo.svg", f"/brand/{key}/logo", f"/brand/{key}/icon-9.png"):
        assert Client().get(path).status_code == 404


def test_of_an_upload_only_the_pixels_are_kept(cast: Cast) -> None:
    script = b"<script>alert(1)</script>"
    notes = PngInfo()
    notes.add_text("Comment", script.decode())
    for sent in (
        written("PNG", pnginfo=notes, icc_profile=script) + script,
        written("JPEG", comment=script, icc_profile=script, quality=95),
        written("WEBP", xmp=script, lossless=True),
    ):
        assert b"script" in sent
        brand(cast, logo=sent)
        kept = bytes(BrandPicture.objects.get(part="logo").png)
        assert kept.startswith(MAGIC)
        assert b"script" not in kept
        assert decode(kept).size == (40, 20)
        brand(cast, logo=b"")


@pytest.mark.parametrize(
    ("sent", "reason"),
    [
        (lambda: b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>", "brand_logo_format"),
        (lambda: written("GIF"), "brand_logo_format"),
        (lambda: written("TIFF"), "brand_logo_format"),
        (lambda: b"", "brand_logo_format"),
        (lambda: file_of((20_000, 20_000, 8, 6, 0, 0, 0), bytes(100)), "brand_logo_large"),
        (lambda: file_of((4_001, 1, 8, 6, 0, 0, 0), bytes(4 * 4_001 + 1)), "brand_logo_large"),
        (lambda: MAGIC + bytes(MOST_BYTES), "brand_logo_large"),
        (lambda: picture()[:-30], "brand_logo_broken"),
        (lambda: written("JPEG")[:-200], "brand_logo_broken"),
        (lambda: picture().replace(b"IDAT", b"IDOT"), "brand_logo_format"),
    ],
)
def test_what_is_no_picture_that_is_read_is_refused(cast: Cast, sent: Callable[[], bytes], reason: str) -> None:
    with pytest.raises(Refused) as refusal:
        brand(cast, logo=sent() or b"\0")
    assert refusal.value.reason == reason
    assert not Brand.objects.exists()


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP"])
@given(place=st.integers(0, 10_000), byte=st.integers(0, 255))
def test_a_damaged_picture_is_read_or_refused(form: str, place: int, byte: int) -> None:
    damaged = bytearray(written(form))
    damaged[place % len(damaged)] = byte
    with contextlib.suppress(UnfitPicture):
        decode(bytes(damaged))


def test_a_picture_shrinks_to_what_is_kept_with_its_shape() -> None:
    small = fitted(Image.new("RGBA", (400, 100), RED), 256)
    assert small.size == (256, 64)
    assert small.getcolors() == [(256 * 64, RED)]
    assert fitted(small, 256) is small


def test_a_picture_stands_as_it_was_taken() -> None:
    """A telephone held upright writes lines from the side, and says so (EXIF, orientation 6)."""
    turned = Image.Exif()
    turned[0x0112] = 6
    assert decode(written("JPEG", exif=turned)).size == (20, 40)


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"colour": "red;}body{display:none"}, "brand_colour"),
        ({"colour": "#12345G"}, "brand_colour"),
        ({"support_email": "nobody"}, "brand_contact"),
        ({"support_link": "javascript:alert(1)"}, "brand_link"),
        ({"privacy_link": "data:text/html,x"}, "brand_link"),
        ({"terms_link": "//evil.example"}, "brand_link"),
    ],
)
def test_what_could_do_harm_in_a_page_is_refused(cast: Cast, said: dict[str, str], reason: str) -> None:
    with pytest.raises(Refused) as refusal:
        brand(cast, **said)
    assert refusal.value.reason == reason


def test_only_the_top_has_a_look_and_only_who_may_set_it(cast: Cast, signed_in: SignedIn) -> None:
    data = EditBrandInput(name="South")
    with pytest.raises(Refused, match="brand_tenant"):
        perform(EditBrand, actor=actor(cast.ada), target_id=cast.south.pk, data=data)
    with pytest.raises(Denied):
        perform(EditBrand, actor=actor(cast.dana), target_id=cast.lumen.pk, data=data)
    assert signed_in(cast.sam).get("/settings/branding/").status_code == 409
    assert "/settings/branding/" not in signed_in(cast.sam).get("/settings/").content.decode()


def test_the_page_saves_says_what_is_wrong_and_logs(cast: Cast, signed_in: SignedIn) -> None:
    adas = signed_in(cast.ada)
    said = {"name": "Lumen", "colour": "0F766E", "support_email": "help@lumenhome.example"}
    logo = SimpleUploadedFile("logo.png", picture())
    assert adas.post("/settings/branding/", {**said, "logo": logo}).status_code == 302
    entry = Entry.objects.filter(code="organization.brand.edit", result="done").latest("at")
    assert {change["field"] for change in entry.changes} == {"name", "colour", "support_email", "logo"}
    assert Brand.objects.get().colour == "#0f766e"
    wrong = adas.post("/settings/branding/", {**said, "terms_link": "nowhere"})
    assert wrong.status_code == 422
    assert "A link begins with" in wrong.content.decode()
    # Saved again without a file, the logo stays; ticked, it goes.
    adas.post("/settings/branding/", said)
    assert look_of(cast.lumen.pk).logo
    adas.post("/settings/branding/", {**said, "remove_logo": "on"})
    assert not look_of(cast.lumen.pk).logo
    assert not BrandPicture.objects.exists()


def test_the_preview_says_how_well_a_colour_is_read(cast: Cast, signed_in: SignedIn) -> None:
    adas = signed_in(cast.ada)
    page = adas.get("/settings/branding/preview/", {"name": "Sun", "colour": "#ffe000"}).content.decode()
    assert "Sun" in page
    assert "a shade of it is used" in page
    assert "/settings/branding/preview.css?colour=%23ffe000" in page
    sheet = adas.get("/settings/branding/preview.css", {"colour": "#ffe000"})
    assert ".ff-try.dark{" in sheet.content.decode()
    assert not adas.get("/settings/branding/preview.css", {"colour": "#ff;}x{"}).content


def test_mails_to_the_tenants_people_wear_it(cast: Cast) -> None:
    facts: dict[str, object] = {"name": "Bob", "kind": "totp"}
    hand_over("bob@lumenhome.example", "factor_created", facts, tenant_id=cast.lumen.pk)
    plain = mail.outbox[-1]
    brand(cast, name="Lumen", colour="#0f766e", logo=picture(), support_email="help@lumenhome.example")
    hand_over("bob@lumenhome.example", "factor_created", facts, tenant_id=cast.lumen.pk)
    told = mail.outbox[-1]
    assert isinstance(told, mail.EmailMultiAlternatives)
    html = str(told.alternatives[0][0])
    assert told.from_email.startswith("Lumen <")
    assert (
        plain.from_email.partition("<")[2] == told.from_email.partition("<")[2] or plain.from_email in told.from_email
    )
    assert told.body.startswith(plain.body.strip())
    assert "help@lumenhome.example" in told.body
    assert f"{settings.FLEETFOLK_ORIGIN}{look_of(cast.lumen.pk).mail_logo}" in html
    assert 'bgcolor="#0f766e"' in html
    assert "help@" not in plain.body
