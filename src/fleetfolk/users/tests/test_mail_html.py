"""A mail's HTML says what its text says, with one button where it asks for something."""

from pathlib import Path

import pytest
from django.conf import settings
from django.core import mail

import fleetfolk
from fleetfolk.testing.cast import Cast
from fleetfolk.users.mail_html import paragraphs_of
from fleetfolk.users.tasks import hand_over

ORIGIN = settings.FLEETFOLK_ORIGIN
LINK = f"{ORIGIN}/join/a-secret/"


def html_of_last() -> str:
    sent = mail.outbox[-1]
    assert isinstance(sent, mail.EmailMultiAlternatives)
    return str(sent.alternatives[0][0])


def test_the_line_that_is_the_link_becomes_the_button_and_later_ones_stay_links() -> None:
    off = f"{ORIGIN}/mail-off/x/"
    said = paragraphs_of(f"Hello Bob,\n\nRead it here:\n{LINK}\n\nNo more of them:\n{off}\n", link=LINK)
    assert said.button == LINK
    assert said.before == ("Hello Bob,", "Read it here:")
    assert said.after == (f'No more of them:\n<a href="{off}">{off}</a>',)


def test_a_link_within_a_sentence_makes_no_button() -> None:
    said = paragraphs_of(f"Sign in at {ORIGIN} and look.", link=LINK)
    assert (said.button, said.after) == ("", ())


def test_no_address_elsewhere_is_ever_the_button() -> None:
    said = paragraphs_of("Look:\nhttps://evil.example/", link="https://evil.example/")
    assert said.button == ""
    assert "<a " not in "".join(said.before)


def test_where_the_portal_is_the_link_the_button_goes_there(cast: Cast) -> None:
    hand_over("bob@lumenhome.example", "sign_up_granted", {"name": "Bob"}, tenant_id=cast.lumen.pk)
    assert html_of_last().count(f'href="{ORIGIN}"') == 1
    assert ">&nbsp;Open&nbsp;<" in html_of_last()


def test_a_mail_is_as_narrow_as_the_phone_and_reads_every_paragraph_its_own_way(cast: Cast) -> None:
    facts: dict[str, object] = {
        "name": "ليلى الحسن",
        "by": "田中 さくら",
        "organization": "Lumen",
        "days": 3,
        "link": LINK,
    }
    hand_over("bob@lumenhome.example", "password_link", facts, tenant_id=cast.lumen.pk)
    html = html_of_last()
    assert 'name="viewport"' in html
    assert 'width="520"' not in html
    assert html.count('<p dir="auto">') == 3


def test_the_button_says_what_it_does_in_the_language_of_who_reads_it(cast: Cast) -> None:
    facts: dict[str, object] = {"name": "Bob", "by": "Ada", "organization": "Lumen", "days": 3, "link": f"{ORIGIN}/x/"}
    for language, words in (("en", "Choose a password"), ("de", "Passwort wählen")):
        hand_over("bob@lumenhome.example", "password_link", facts, tenant_id=cast.lumen.pk, language=language)
        assert f">&nbsp;{words}&nbsp;<" in html_of_last()
        assert words not in str(mail.outbox[-1].body).split("\n")[0]
        assert str(mail.outbox[-1].body).startswith(("Hello Bob", "Hallo Bob", "Guten Tag"))


@pytest.mark.parametrize(
    "words", sorted(Path(fleetfolk.__file__).parent.glob("*/templates/users/mail/*.txt")), ids=lambda at: at.stem
)
def test_a_mail_with_a_link_says_what_its_button_does(words: Path) -> None:
    lines = words.read_text(encoding="utf-8").split("\n")
    if "{{ link }}" in words.read_text(encoding="utf-8"):
        assert lines[1].startswith("{% translate "), "the second line of the file is the word on the button"
    if words.name != "foot.txt":
        assert lines[2 if lines[1] else 1] == ""
