"""How a tenant looks to its customers: chosen in the settings, worn by the portal, the app and the mails."""

import json
import struct
import zlib
from collections.abc import Callable
from itertools import product
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from fleetfolk.actionlog.models import Entry
from fleetfolk.kernel.errors import Denied, Refused
from fleetfolk.kernel.perform import perform
from fleetfolk.organizations.actions import EditBrand, EditBrandInput
from fleetfolk.organizations.branding import look_of
from fleetfolk.organizations.colours import INK, SHAPES, WHITE, WORDS, contrast, dark, light
from fleetfolk.organizations.models import Brand, BrandPicture
from fleetfolk.organizations.png import MAGIC, Bitmap, UnfitPicture, decode, encode, fitted
from fleetfolk.testing.cast import Cast, actor
from fleetfolk.testing.plugin import SignedIn
from fleetfolk.users.tasks import hand_over

RED = b"\xd0\x20\x30\xff"


def picture(width: int = 40, height: int = 20, pixel: bytes = RED) -> bytes:
    return encode(Bitmap(width=width, height=height, pixels=pixel * width * height))


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
        assert (made.width, made.height) == (side, side)
        assert made.pixels[:4] == b"\xff\xff\xff\xff"
        middle = (side // 2 * side + side // 2) * 4
        assert made.pixels[middle : middle + 4] == RED


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
    sent = file_of((2, 1, 8, 2, 0, 0, 0), b"\0" + RED[:3] * 2, chunk(b"tEXt", script)) + script
    brand(cast, logo=sent)
    kept = bytes(BrandPicture.objects.get(part="logo").png)
    assert b"script" not in kept
    assert decode(kept) == Bitmap(width=2, height=1, pixels=RED * 2)


@pytest.mark.parametrize(
    ("sent", "reason"),
    [
        (lambda: b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>", "brand_logo_format"),
        (lambda: b"\xff\xd8\xff\xe0 a JPEG that no browser has turned", "brand_logo_format"),
        (lambda: b"GIF89a", "brand_logo_format"),
        (lambda: file_of((2, 1, 16, 2, 0, 0, 0), b"\0" + bytes(12)), "brand_logo_format"),
        (lambda: file_of((2, 1, 8, 2, 0, 0, 1), b"\0" + bytes(6)), "brand_logo_format"),
        (lambda: file_of((20_000, 20_000, 8, 6, 0, 0, 0), bytes(100)), "brand_logo_large"),
        (lambda: b"\x89PNG\r\n\x1a\n" + bytes(1_000_000), "brand_logo_large"),
        (lambda: file_of((2, 1, 8, 6, 0, 0, 0), bytes(10_000_000)), "brand_logo_broken"),
        (lambda: picture()[:-30], "brand_logo_broken"),
        (lambda: picture().replace(b"IDAT", b"IDOT"), "brand_logo_broken"),
        (lambda: file_of((1, 1, 8, 3, 0, 0, 0), b"\0\5", chunk(b"PLTE", bytes(6))), "brand_logo_broken"),
        (lambda: file_of((1, 1, 8, 6, 0, 0, 0), b"\7" + bytes(4)), "brand_logo_broken"),
    ],
)
def test_what_is_no_picture_that_is_read_is_refused(cast: Cast, sent: Callable[[], bytes], reason: str) -> None:
    with pytest.raises(Refused) as refusal:
        brand(cast, logo=sent())
    assert refusal.value.reason == reason
    assert not Brand.objects.exists()


@pytest.mark.parametrize("kind", range(5))
def test_every_filter_is_undone(kind: int) -> None:
    """By what a filter adds: with each, a picture of one colour is the same picture."""
    first = {
        0: RED * 3,
        1: RED + bytes(8),
        2: RED * 3,
        3: RED + b"".join(bytes(v - v // 2 for v in RED) * 1 for _ in range(2)),
        4: RED + bytes(8),
    }
    read = decode(file_of((3, 1, 8, 6, 0, 0, 0), bytes([kind]) + first[kind]))
    assert read.pixels == RED * 3


def test_few_bits_a_palette_and_grey_are_read() -> None:
    stripes = decode(file_of((3, 1, 1, 0, 0, 0, 0), b"\0\xa0"))
    assert stripes.pixels == b"\xff\xff\xff\xff\0\0\0\xff\xff\xff\xff\xff"
    flag = file_of((2, 1, 2, 3, 0, 0, 0), b"\0\x10", chunk(b"PLTE", RED[:3] + b"\1\2\3"), chunk(b"tRNS", b"\0"))
    assert decode(flag).pixels == RED[:3] + b"\0" + b"\1\2\3\xff"
    assert decode(file_of((1, 1, 8, 4, 0, 0, 0), b"\0\x40\x80")).pixels == b"\x40\x40\x40\x80"


def test_a_picture_shrinks_to_what_is_kept_with_its_shape() -> None:
    wide = Bitmap(width=400, height=100, pixels=RED * 40_000)
    small = fitted(wide, 256)
    assert (small.width, small.height) == (256, 64)
    assert set(zip(*[iter(small.pixels)] * 4, strict=True)) == {tuple(RED)}
    with pytest.raises(UnfitPicture):
        decode(b"")


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
