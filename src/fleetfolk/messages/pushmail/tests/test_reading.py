"""What of a mail becomes a message: hostile and odd mails included."""

import time
from email.message import EmailMessage

import pytest

from fleetfolk.messages.pushmail.headers import headers_of
from fleetfolk.messages.pushmail.loops import why_looping
from fleetfolk.messages.pushmail.rates import WINDOW, Rates
from fleetfolk.messages.pushmail.reading import Unreadable, read_mail
from fleetfolk.messages.pushmail.secret_addresses import new_secret, secret_hash, secret_in, split_address

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 40
HEAD = b"From: Ada <Ada@Example.com>\r\nSubject: Hi\r\nMessage-ID: <1@example.com>\r\n"


def mail_with(**parts: str) -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "Zoë Müller <zoe@example.com>", parts.get("subject", "Grüße 🎉")
    if "text" in parts:
        mail.set_content(parts["text"])
    if "html" in parts:
        (mail.add_alternative if "text" in parts else mail.set_content)(parts["html"], subtype="html")
    return mail


def test_words_beyond_ascii_come_through() -> None:
    read = read_mail(mail_with(text="Žluťoučký kůň\n日本語 🎉").as_bytes())
    assert (read.subject, read.author_name, read.author_address) == ("Grüße 🎉", "Zoë Müller", "zoe@example.com")
    assert read.text == "Žluťoučký kůň\n日本語 🎉"


@pytest.mark.parametrize("charset", ["iso-8859-1", "x-unknown", "idna", "utf-8"])
def test_a_wrong_or_old_character_set_is_read_as_well_as_can_be(charset: str) -> None:
    raw = HEAD + f"Content-Type: text/plain; charset={charset}\r\n\r\n".encode() + b"Gr\xfc\xdfe\r\n"
    assert read_mail(raw).text == "Grüße"


def test_text_is_preferred_to_html() -> None:
    assert read_mail(mail_with(text="Plain", html="<p>Rich</p>").as_bytes()).text == "Plain"


def test_html_becomes_words_and_nothing_hides_in_it() -> None:
    html = (
        "<html><head><title>T</title><style>p{}</style></head><body><h1>Bill</h1><p>Dear&nbsp;Ada,<br>see "
        '<a href="https://evil.example/x">https://bank.example</a></p><ul><li>One<li>Two</ul><p>'
        '<img src="https://evil.example/pixel.gif"><script>alert(1)</script><form><input value=x></form>'
        '<a href="javascript:alert(1)">Go</a>&lt;b&gt;</body></html>'
    )
    text = read_mail(mail_with(html=html).as_bytes()).text
    lines = ["Bill", "", "Dear Ada,", "see https://bank.example (https://evil.example/x)", "", "- One", "- Two"]
    assert text.split("\n") == [*lines, "", "Go<b>"]


def test_pictures_and_pdfs_come_along_by_what_they_are_and_others_are_named() -> None:
    mail = mail_with(text="See")
    mail.add_attachment(PNG, maintype="application", subtype="octet-stream", filename="../../roof\u202egnp.exe")
    mail.add_attachment(b"MZ\x90\x00", maintype="image", subtype="png", filename="photo.png")
    mail.add_attachment(b"%PDF-1.7\n...", maintype="application", subtype="pdf", filename="Rechnung März.pdf")
    mail.add_attachment(b"<svg onload='x'/>", maintype="image", subtype="svg+xml", filename="a.svg")
    read = read_mail(mail.as_bytes())
    assert [(file.name, file.media_type) for file in read.files] == [
        ("_.._roof gnp.exe.png", "image/png"),
        ("Rechnung März.pdf", "application/pdf"),
    ]
    assert read.left_out == ["photo.png", "a.svg"]


def test_ten_megabytes_are_read() -> None:
    mail = mail_with(text="Big")
    mail.add_attachment(PNG + b"x" * (10 * 1024 * 1024 - 48), maintype="image", subtype="png", filename="big.png")
    mail.add_attachment(PNG + b"x" * (10 * 1024 * 1024), maintype="image", subtype="png", filename="bigger.png")
    read = read_mail(mail.as_bytes())
    assert ([file.name for file in read.files], read.left_out) == (["big.png"], ["bigger.png"])


def test_no_more_than_five_files() -> None:
    mail = mail_with(text="Many")
    for number in range(7):
        mail.add_attachment(PNG, maintype="image", subtype="png", filename=f"{number}.png")
    read = read_mail(mail.as_bytes())
    assert (len(read.files), read.left_out) == (5, ["5.png", "6.png"])


def nested(depth: int) -> bytes:
    top = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (level, level) for level in range(depth)
    )
    return HEAD + top + b"Content-Type: text/plain\r\n\r\nDeep\r\n"


def test_nesting_and_parts_have_bounds() -> None:
    assert read_mail(nested(9)).text == "Deep"
    for raw in (nested(10), nested(38), nested(900)):
        with pytest.raises(Unreadable, match="too_deep"):
            read_mail(raw)
    part = b"--b\r\nContent-Type: text/plain\r\n\r\nx\r\n"
    many = HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
    assert read_mail(many + part * 49).text.startswith("x")
    with pytest.raises(Unreadable, match="too_many_parts"):
        read_mail(many + part * 50)
    with pytest.raises(Unreadable, match="headers_too_long"):
        read_mail(b"X: y\r\n" * 40_000 + HEAD + b"\r\nHi\r\n")
    began = time.monotonic()
    with pytest.raises(Unreadable, match="too_many_lines"):
        read_mail(HEAD + b"\r\n" + b"\n" * 10_000_000)
    assert time.monotonic() - began < 1


@pytest.mark.parametrize("end", [b"\r\n", b"\r", b"\n"])
def test_parameters_of_a_header_have_bounds(end: bytes) -> None:
    """The parser takes time with the square of their number: without bounds these keep it busy for an hour."""
    many = b'; x="' + (end + b"\t").join([b";" * 1000] * 80)
    for top in (b"Content-Type: multipart/mixed", b"content-disposition: attachment", b"X: y%sContent-Type: a/b" % end):
        with pytest.raises(Unreadable, match="too_many_parameters"):
            read_mail(HEAD + top + many + b"\r\n\r\nHi\r\n")
    part = b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: image/png" + many
    with pytest.raises(Unreadable, match="too_many_parameters"):
        read_mail(HEAD + part + b"\r\n\r\nHi\r\n--b--\r\n")
    long = b"Content-Type: text/plain; x=" + b"y" * 20_000
    with pytest.raises(Unreadable, match="too_many_parameters"):
        read_mail(HEAD + long + b"\r\n\r\nHi\r\n")


def test_a_long_page_is_cut_before_it_is_read() -> None:
    began = time.monotonic()
    read = read_mail(HEAD + b"Content-Type: text/html\r\n\r\n" + b"<div>Hi " * 1_000_000)
    assert time.monotonic() - began < 10
    assert read.shortened
    assert read.text.startswith("Hi")


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\r\n\r\n",
        b"Subject: =?utf-8?b?////?=\r\nFrom: =?x?q?=ZZ?=\r\n\r\nHi\r\n",
        b"Content-Type: multipart/mixed\r\n\r\nno boundary\r\n",
        b"Content-Type: text/plain; charset*=%%'%'%\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!\r\n",
        b"Content-Type: ;;;=\r\nContent-Disposition: attachment; filename*=utf-99''%FF%\r\n\r\n\x00\xff\r\n",
        b"From: " + b"(" * 2000 + b"\r\n\r\nHi\r\n",
        b"Subject: \xff\xfe\r\n\r\n\xff\xfe\r\n",
    ],
)
def test_whatever_comes_is_read_somehow(raw: bytes) -> None:
    read = read_mail(raw)
    assert "\x00" not in read.text + read.subject + read.author_name


def test_a_subject_is_one_line_without_tricks() -> None:
    raw = b"Subject: =?utf-8?q?Pay=0A=0DBcc=3A_x=E2=80=AE=00now?=\r\n\r\nHi\r\n"
    assert read_mail(raw).subject == "Pay Bcc: x now"


def test_a_secret_address_in_the_text_is_not_shown() -> None:
    secret = new_secret()
    read = read_mail(HEAD + f"\r\nYou wrote to {secret}@push.example.com\r\n".encode())
    assert read.text == "You wrote to p-…@push.example.com"


def test_an_address_is_read_whatever_its_case_and_qualifier() -> None:
    secret = new_secret()
    local, domain = split_address(f"{secret.upper()}+Bill@PUSH.Example.com.")
    assert (secret_in(local), domain) == (secret, "push.example.com")
    assert secret_in("postmaster") is secret_in(secret[:-1]) is secret_in(secret + "x") is None
    assert secret_hash(secret.upper()) == secret_hash(secret)
    assert len({new_secret() for _ in range(100)}) == 100


@pytest.mark.parametrize(
    ("more", "why"),
    [
        (b"", None),
        (b"Auto-Submitted: no\r\n", None),
        (b"Auto-Submitted: auto-replied; x=y\r\n", "auto_submitted"),
        (b"Precedence: Bulk\r\n", "precedence"),
        (b"Content-Type: multipart/report; report-type=delivery-status\r\n", "report"),
        (b"X-Loop: elsewhere\r\nX-Loop: FleetFolk.example\r\n", "own_mail"),
        (b"Received: from a by b\r\n" * 30, None),
        (b"Received: from a by b\r\n" * 31, "too_many_hops"),
    ],
)
def test_mail_of_programs_goes_no_further(more: bytes, why: str | None) -> None:
    assert why_looping(headers_of(HEAD + more + b"\r\nHi\r\n"), own_mark="fleetfolk.example") == why


def test_a_rate_is_a_bucket_that_refills() -> None:
    now = [0.0]
    rates = Rates(clock=lambda: now[0])
    assert [rates.takes("address", "a", most=2) for _ in range(3)] == [True, True, False]
    assert rates.takes("address", "b", most=2)
    now[0] = WINDOW / 2
    assert rates.has_room("address", "a", most=2)
    assert [rates.takes("address", "a", most=2) for _ in range(2)] == [True, False]
