"""“Mail sent by this demo”: everybody can read every mail."""

import datetime as dt

import pytest
from django.test import Client

from fleetfolk.demo import views
from fleetfolk.demo.models import Mail
from fleetfolk.testing.cast import Cast
from fleetfolk.testing.plugin import SignedIn

START = dt.datetime(2026, 11, 1, 12, tzinfo=dt.UTC)


def _mails(count: int) -> list[Mail]:
    return Mail.objects.bulk_create(
        Mail(
            sent_at=START + dt.timedelta(minutes=number // 2),
            to=f"person{number}@lumenhome.example",
            sender="Fleetfolk <no-reply@localhost>",
            subject=f"Letter {number}.",
            text="Choose a password:\n\nhttp://localhost:8080/join/secret/\n\n<b>not bold</b>",
        )
        for number in range(count)
    )


def test_somebody_who_is_not_signed_in_reads_a_mail_and_follows_its_link(db: None) -> None:
    (mail,) = _mails(1)
    client = Client()
    assert f"/demo/mail/{mail.pk}/" in client.get("/demo/mail/").content.decode()
    page = client.get(f"/demo/mail/{mail.pk}/").content.decode()
    assert 'href="http://localhost:8080/join/secret/"' in page
    assert "<b>not bold</b>" not in page


def test_whoever_is_signed_in_sees_it_inside_the_console(cast: Cast, signed_in: SignedIn) -> None:
    assert 'id="side"' in signed_in(cast.ada).get("/demo/mail/").content.decode()


def test_newest_come_first_and_every_mail_is_on_one_page(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    _mails(7)
    monkeypatch.setattr(views, "PAGE_SIZE", 3)
    seen, url = [], "/demo/mail/"
    while url:
        context = Client().get(url).context
        seen += [mail.subject for mail in context["mails"]]
        url = context["older_url"]
    assert seen == [f"Letter {number}." for number in reversed(range(7))]


def test_one_can_go_back_to_the_page_before(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    _mails(7)
    monkeypatch.setattr(views, "PAGE_SIZE", 3)
    client = Client()
    second = client.get(client.get("/demo/mail/").context["older_url"]).context
    back = client.get(second["newer_url"]).context
    assert [mail.subject for mail in back["mails"]] == ["Letter 6.", "Letter 5.", "Letter 4."]
    assert not back["newer_url"]


def test_only_the_mails_to_an_address_are_shown(db: None) -> None:
    _mails(12)
    context = Client().get("/demo/mail/", {"to": "PERSON11@"}).context
    assert [mail.subject for mail in context["mails"]] == ["Letter 11."]


@pytest.mark.parametrize("place", ["x", "-1", "99999999999999999999999", "7", "%00"])
def test_a_place_that_is_none_begins_at_the_newest(db: None, place: str) -> None:
    assert Client().get(f"/demo/mail/?after={place}&to=%00").status_code == 200
