"""How an organization looks to its people: chosen in the settings, worn by the portal, the app and the mails."""

import contextlib
import json
import struct
import zlib
from collections.abc import Callable
from email import message_from_bytes, policy
from email.message import EmailMessage
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
from procrastinate.contrib.django.models import ProcrastinateJob

from fleetfolk.actionlog.models import Entry
from fleetfolk.kernel.errors import Denied, Refused, TargetNotFound
from fleetfolk.kernel.perform import perform
from fleetfolk.organizations.actions import EditBrand, EditBrandInput
from fleetfolk.organizations.branding import look_of
from fleetfolk.organizations.colours import INK, SHAPES, WHITE, WORDS, contrast, dark, light
from fleetfolk.organizations.logos import MOST_BYTES, UnfitPicture, decode, encode, fitted
from fleetfolk.organizations.models import Brand, BrandPicture
from fleetfolk.testing.cast import Cast, actor, invite
from fleetfolk.testing.plugin import SignedIn
from fleetfolk.users import tasks
from fleetfolk.users.mail import notify
from fleetfolk.users.models import User
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


def test_only_who_may_sets_a_look_and_only_within_reach(cast: Cast, signed_in: SignedIn) -> None:
    data = EditBrandInput(name="South")
    with pytest.raises(Denied):
        perform(EditBrand, actor=actor(cast.dana), target_id=cast.lumen.pk, data=data)
    for who, where in ((cast.sam, cast.lumen), (cast.sam, cast.north), (cast.eve, cast.south)):
        with pytest.raises(TargetNotFound):
            perform(EditBrand, actor=actor(who), target_id=where.pk, data=data)
    assert not Brand.objects.exists()
    sams = signed_in(cast.sam)
    assert sams.get(f"/organizations/{cast.north.pk}/settings/branding/").status_code == 404
    assert sams.post("/settings/branding/", {"name": "South"}).status_code == 302
    assert [brand.organization_id for brand in Brand.objects.all()] == [cast.south.pk]
    assert [brand.tenant_id for brand in Brand.objects.all()] == [cast.lumen.pk]


def test_each_part_is_that_of_the_nearest_organization_upwards(cast: Cast, signed_in: SignedIn) -> None:
    brand(cast, name="Lumen", colour="#0f766e", logo=picture(), support_email="help@lumenhome.example")
    said = EditBrandInput(name="Nordlicht", colour="#7a1fa2", support_phone="+49 30 1")
    perform(EditBrand, actor=actor(cast.ada), target_id=cast.north.pk, data=said)
    top, north, berg, south = (look_of(one.pk) for one in (cast.lumen, cast.north, cast.berg, cast.south))
    assert (top.name, south.name, north.name, berg.name) == ("Lumen", "Lumen", "Nordlicht", "Nordlicht")
    assert (south.colour, berg.colour) == ("#0f766e", "#7a1fa2")
    assert berg.logo == top.logo, "the logo of the organization above, with its own measures"
    assert (berg.logo_width, berg.icons) == (top.logo_width, top.icons)
    assert (berg.support_email, berg.support_phone) == ("help@lumenhome.example", "+49 30 1")
    assert look_of(cast.evil.pk).name == cast.evil.name
    page = signed_in(cast.bob).get("/").content.decode()
    assert "· Nordlicht</title>" in page
    assert berg.style in page
    assert top.style not in page
    assert json.loads(signed_in(cast.bob).get("/app.webmanifest").content)["name"] == "Nordlicht"
    perform(EditBrand, actor=actor(cast.ada), target_id=cast.north.pk, data=EditBrandInput())
    assert look_of(cast.berg.pk) == top


def test_one_query_tells_a_look(cast: Cast, django_assert_num_queries: Any) -> None:
    brand(cast, name="Lumen", logo=picture())
    with django_assert_num_queries(1):
        look_of(cast.berg.pk)


def test_a_branch_sees_what_it_takes_over(cast: Cast, signed_in: SignedIn) -> None:
    brand(cast, name="Lumen", colour="#0f766e", sender_name="Lumen Team")
    adas = signed_in(cast.ada)
    address = f"/organizations/{cast.north.pk}/settings/branding/"
    page = adas.get(address).content.decode()
    assert "What is left empty is as the organization above has it." in page
    assert 'placeholder="Lumen"' in page
    assert 'placeholder="Lumen Team"' in page
    assert "Remove the logo" not in page
    tried = adas.get(f"{address}preview/", {"name": "", "colour": ""}).content.decode()
    assert "Lumen" in tried
    assert "%230f766e" in tried
    assert adas.post(address, {"name": "Nordlicht"}).status_code == 302
    assert look_of(cast.berg.pk).name == "Nordlicht"
    assert look_of(cast.lumen.pk).name == "Lumen"


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


def last_mail() -> EmailMessage:
    """The last mail as it goes over the wire."""
    return message_from_bytes(bytes(mail.outbox[-1].message()), policy=policy.default)


def write_to(who: User) -> EmailMessage:
    facts: dict[str, object] = {"name": "Bob", "kind": "totp"}
    hand_over(who.email, "factor_created", facts, organization_id=who.organization_id)
    return last_mail()


class TestSender:
    OWN = "no-reply@localhost"

    def test_the_name_stands_there_always_and_answers_go_to_the_address(self, cast: Cast) -> None:
        brand(cast, sender_name="Müller, Wärme & Co", sender_email="help@lumenhome.example")
        told = write_to(cast.bob)
        sender = told["From"].addresses[0]
        assert (sender.display_name, sender.addr_spec) == ("Müller, Wärme & Co", self.OWN)
        assert [one.addr_spec for one in told["Reply-To"].addresses] == ["help@lumenhome.example"]

    @pytest.mark.parametrize("address", ["help@lumenhome.example", "help@LUMENHOME.example"])
    def test_an_address_of_a_domain_that_is_allowed_is_the_sender(
        self, cast: Cast, settings: Any, address: str
    ) -> None:
        settings.FLEETFOLK_MAIL_FROM_DOMAINS = frozenset({"lumenhome.example"})
        brand(cast, name="Lumen", sender_email=address)
        told = write_to(cast.bob)
        sender = told["From"].addresses[0]
        assert (sender.display_name, sender.addr_spec) == ("Lumen", address)
        assert told["Reply-To"] is None

    @pytest.mark.parametrize(
        "address", ["a@evil-lumenhome.example", "a@sub.lumenhome.example", '"@lumenhome.example"@evil.example']
    )
    def test_no_other_address_ever_is(self, cast: Cast, settings: Any, address: str) -> None:
        settings.FLEETFOLK_MAIL_FROM_DOMAINS = frozenset({"lumenhome.example"})
        brand(cast, name="Lumen", sender_email=address)
        assert write_to(cast.bob)["From"].addresses[0].addr_spec == self.OWN

    def test_the_nearest_upwards_writes(self, cast: Cast) -> None:
        brand(cast, sender_name="Lumen", sender_email="help@lumenhome.example")
        data = EditBrandInput(sender_name="Nordlicht")
        perform(EditBrand, actor=actor(cast.ada), target_id=cast.north.pk, data=data)
        for who, name in ((cast.bob, "Nordlicht"), (cast.sam, "Lumen")):
            told = write_to(who)
            assert told["From"].addresses[0].display_name == name
            assert told["Reply-To"].addresses[0].addr_spec == "help@lumenhome.example"

    def test_every_mail_about_an_account_comes_from_there(self, cast: Cast) -> None:
        """As the job is queued, so it is sent: nobody says again which organization it is."""
        brand(cast, sender_name="Lumen")
        data = EditBrandInput(sender_name="Nordlicht")
        perform(EditBrand, actor=actor(cast.ada), target_id=cast.north.pk, data=data)
        notify(cast.bob, "password_changed")
        tasks.send_notice(**ProcrastinateJob.objects.filter(task_name="users.send_notice").latest("pk").args)
        assert last_mail()["From"].addresses[0].display_name == "Nordlicht"
        invited = invite(cast.berg, "Paul Pending", cast.role("user"), by=cast.ada)
        tasks.send_invitation(invitation_id=invited.invitation.pk, tenant_id=cast.lumen.pk)
        assert last_mail()["From"].addresses[0].display_name == "Nordlicht"
        tasks.send_forgotten_link(email=cast.bob.email)
        assert last_mail()["From"].addresses[0].display_name == "Nordlicht"

    @pytest.mark.parametrize(
        ("said", "reason"),
        [
            ({"sender_name": "Lumen\r\nBcc: all@evil.example"}, "brand_sender_name"),
            ({"sender_name": "Lumen\nX: 1"}, "brand_sender_name"),
            ({"sender_name": "Lumen\x00"}, "brand_sender_name"),
            ({"sender_name": "Lumen\u202egro.live"}, "brand_sender_name"),
            ({"sender_name": "L" * 61}, "brand_sender_name"),
            ({"sender_email": "help@lumenhome.example\r\nBcc: all@evil.example"}, "brand_contact"),
            ({"sender_email": "help@lumenhome.example, all@evil.example"}, "brand_contact"),
            ({"sender_email": "Lumen <help@lumenhome.example>"}, "brand_contact"),
            ({"sender_email": "hélp@lumenhome.example"}, "brand_contact"),
        ],
    )
    def test_nothing_more_gets_into_the_head_of_a_mail(self, cast: Cast, said: dict[str, str], reason: str) -> None:
        with pytest.raises(Refused) as refusal:
            brand(cast, **said)
        assert refusal.value.reason == reason

    @pytest.mark.parametrize(
        "name", ['"Lumen" <boss@evil.example>', "boss@evil.example", "Lumen, Evil <x@evil.example>"]
    )
    def test_a_name_that_looks_like_an_address_stays_a_name(self, cast: Cast, name: str) -> None:
        brand(cast, sender_name=name)
        told = write_to(cast.bob)
        assert [(one.display_name, one.addr_spec) for one in told["From"].addresses] == [(name, self.OWN)]

    def test_the_page_says_which_field_is_wrong(self, cast: Cast, signed_in: SignedIn, settings: Any) -> None:
        settings.FLEETFOLK_MAIL_FROM_DOMAINS = frozenset({"lumenhome.example"})
        adas = signed_in(cast.ada)
        assert "an address of lumenhome.example" in adas.get("/settings/branding/").content.decode()
        wrong = adas.post("/settings/branding/", {"sender_email": "nobody", "support_email": "help@lumenhome.example"})
        assert wrong.status_code == 422
        assert 'id="id_sender_email_error"' in wrong.content.decode()
        right = {"sender_name": "Lumen", "sender_email": "help@lumenhome.example"}
        assert adas.post("/settings/branding/", right).status_code == 302
        assert look_of(cast.lumen.pk).sender_email == "help@lumenhome.example"
