"""What somebody reads: safe whoever wrote it, with their own names in it, in their language."""

import re
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fleetfolk.messages.content import is_web_address
from fleetfolk.messages.models import Message
from fleetfolk.messages.reading import filled, preview_of, read_for, safe_html
from fleetfolk.testing.cast import Cast
from fleetfolk.testing.devices import device_of

TAGS = {
    *("p", "br", "strong", "em", "s", "a", "ul", "ol", "li", "blockquote", "code", "pre", "hr"),
    *("h3", "h4", "h5", "h6"),
}
REL = "nofollow noopener noreferrer"
HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:x)",
    "<a href='javascript:x'>x</a>",
    "<svg/onload=alert(1)>",
    "![x](https://evil.example/pixel.gif)",
    '<https://evil.example/" onmouseover="alert(1)>',
    "[x](https://evil.example \"onclick='alert(1)'\")",
    "<iframe src=https://evil.example></iframe>",
    "<style>*{display:none}</style>",
    '```"><script>alert(1)</script>\nx\n```',
    "[x]: javascript:alert(1)\n\n[x]",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
]


def is_safe(html: str) -> bool:
    """Whether there are only harmless elements, and no attribute but an address and its rel."""
    for tag in re.findall(r"<[^>]*>", html):
        found = re.fullmatch(r"</?([a-z0-9]+)((?: [a-z]+=\"[^\"]*\")*) ?/?>", tag)
        if found is None or found[1] not in TAGS:
            return False
        attributes = dict(re.findall(r" ([a-z]+)=\"([^\"]*)\"", found[2]))
        if found[1] != "a" and attributes:
            return False
        if attributes and (
            set(attributes) - {"href", "rel"} or attributes.get("rel") != "nofollow noopener noreferrer"
        ):
            return False
        if not re.match(r"(https?:|mailto:|tel:|$)", attributes.get("href", "")) and ":" in attributes.get("href", ""):
            return False
    return True


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_that_runs_or_is_fetched_comes_through(text: str) -> None:
    assert is_safe(safe_html(text))
    assert is_safe(safe_html(f"**{text}**\n\n- {text}\n\n> {text}"))
    assert "<img" not in safe_html(text)


@settings(max_examples=200)
@given(st.lists(st.sampled_from([*HOSTILE, "[", "](", ")", "<", ">", "\n", "`", "*", "_", "a", "{name}"]), max_size=12))
def test_nor_any_mixture_of_it(parts: list[str]) -> None:
    assert is_safe(safe_html("".join(parts), {"name": "<b>[x](javascript:alert(1))</b>"}))


def test_markdown_is_read() -> None:
    html = safe_html("# Head\n\n**bold** [link](https://a.example)\n\n- one")
    assert "<h3>Head</h3>" in html
    assert "<strong>bold</strong>" in html
    assert 'href="https://a.example"' in html
    assert "<li>one</li>" in html


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_is_never_more_than_a_name(name: str) -> None:
    html = safe_html("Hello {name}, *{first_name}*", {"name": name, "first_name": name})
    assert is_safe(html)
    assert "<a" not in html
    assert "<code" not in html


def test_a_place_without_a_value_stays_as_it_is() -> None:
    assert filled("{name} {device} {other}", {"name": "Bob", "device": ""}) == "Bob {device} {other}"


def test_each_reads_it_in_their_language_with_their_own_names(cast: Cast) -> None:
    cellar = device_of(cast.berg, "Cellar", owner=cast.bob)[0]
    message = Message(
        tenant=cast.lumen,
        organization=cast.lumen,
        subject="For {first_name}",
        body="{name} of {organization} has {device}.",
        language="en",
        variants={"de": {"subject": "Für {first_name}", "body": "{device}", "label": ""}},
    )
    read = read_for(message, cast.bob)
    assert (read.subject, read.text) == ("For Bob", f"Bob Berg of Familie Berg has {cellar.name}.")
    cast.bob.language = "de"
    assert (read_for(message, cast.bob).subject, read_for(message, cast.bob).text) == ("Für Bob", "Cellar")
    cast.bob.language = "fr"
    assert read_for(message, cast.bob).subject == "For Bob"


def test_a_sentence_about_a_device_stays_whole_for_whoever_has_none(cast: Cast) -> None:
    message = Message(
        tenant=cast.lumen,
        organization=cast.lumen,
        subject="Check",
        body="The check of **{device}** is due.",
        language="en",
    )
    assert read_for(message, cast.bob).text == "The check of **your device** is due."
    assert "The check of <strong>your device</strong> is due." in read_for(message, cast.bob).html
    cellar = device_of(cast.berg, "Cellar", owner=cast.bob)[0]
    assert read_for(message, cast.bob).text == "The check of **Cellar** is due."
    message.action = {"kind": "device", "label": "Open", "device": cellar.pk}
    assert read_for(message, cast.bea).text == "The check of **your device** is due."


def test_what_came_from_outside_has_no_places() -> None:
    person: Any = SimpleNamespace(language="de")
    message = Message(kind="pushmail", subject="{name}", body="{name} <b>", variants={})
    read = read_for(message, person)
    assert (read.subject, read.text) == ("{name}", "{name} <b>")
    assert "&lt;b&gt;" in read.html


def test_a_preview_is_what_will_be_read() -> None:
    message = Message(subject="Hello {name}", body="*{name}*", language="en", variants={})
    assert preview_of(message, "en", {"name": "Bob"}).html == "<p><em>Bob</em></p>\n"


@pytest.mark.parametrize(
    ("url", "fits"),
    [
        ("https://a.example/x?y=1", True),
        ("http://a.example", True),
        ("javascript:alert(1)", False),
        ("//a.example", False),
        ("https://user@a.example", False),
        ("https:///x", False),
        ("https://a.example/\n", False),
        ("https://[bad", False),
        (7, False),
    ],
)
def test_only_addresses_of_the_web_are_behind_a_button(url: object, fits: bool) -> None:
    assert is_web_address(url) is fits
