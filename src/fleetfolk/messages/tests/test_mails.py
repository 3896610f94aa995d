"""Mails of messages: who gets one, how often, and what is known of it afterwards."""

import datetime as dt
import smtplib
from typing import Any
from unittest.mock import patch

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from fleetfolk.kernel import clock
from fleetfolk.kernel.perform import perform
from fleetfolk.messages.actions.edit_channels import EditChannels, EditChannelsInput
from fleetfolk.messages.mails import MOST_TRIES, carry_mails, mail_off_token
from fleetfolk.messages.models import Choice, Delivery, Unreachable
from fleetfolk.messages.tests.scenes import sent
from fleetfolk.testing.cast import Cast, actor
from fleetfolk.testing.door import staging
from fleetfolk.users.models import User

SEND = "django.core.mail.EmailMultiAlternatives.send"


def state() -> tuple[str, str]:
    row = Delivery.objects.latest("pk")
    return row.state, row.why


def test_the_mail_says_what_was_written_and_how_to_get_no_more(cast: Cast) -> None:
    sent(cast, cast.bob, channels=("email",), body="Hello {first_name}, we come to {organization}.")
    assert carry_mails() == 1
    (one,) = mail.outbox
    assert one.to == [cast.bob.email]
    assert one.subject == "Maintenance"
    assert "Hello Bob, we come to Familie Berg." in one.body
    assert one.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail_off_token(cast.bob.pk) in one.extra_headers["List-Unsubscribe"]
    assert state() == ("sent", "")
    assert carry_mails() == 0


def test_it_is_in_the_language_of_who_reads_it(cast: Cast) -> None:
    with staging():
        User.objects.filter(pk=cast.bob.pk).update(language="de")
    from fleetfolk.messages.content import Words  # noqa: PLC0415 - beside its use

    variants = {"de": Words(subject="Wartung", body="Wir kommen.")}
    sent(cast, cast.bob, cast.sam, channels=("email",), language="en", variants=variants)
    carry_mails()
    assert {one.to[0]: one.subject for one in mail.outbox} == {
        cast.bob.email: "Wartung",
        cast.sam.email: "Maintenance",
    }


def test_whoever_wants_none_gets_none(cast: Cast) -> None:
    perform(EditChannels, actor=actor(cast.bob), target_id=cast.bob.pk, data=EditChannelsInput(email=False))
    sent(cast, cast.bob, channels=("email",))
    carry_mails()
    assert not mail.outbox
    assert state()[0] == "unsubscribed"


def test_saying_so_while_the_mail_waits_is_in_time(cast: Cast) -> None:
    sent(cast, cast.bob, channels=("email",))
    perform(EditChannels, actor=actor(cast.bob), target_id=cast.bob.pk, data=EditChannelsInput(email=False))
    carry_mails()
    assert not mail.outbox
    assert state()[0] == "unsubscribed"


def test_there_are_three_a_day_and_the_inbox_has_them_all(cast: Cast) -> None:
    for _time in range(5):
        sent(cast, cast.bob, channels=("email",))
    carry_mails()
    assert len(mail.outbox) == 3
    assert Delivery.objects.filter(state="capped").count() == 2
    with clock.at(clock.now() + dt.timedelta(days=1)):
        sent(cast, cast.bob, channels=("email",))
        carry_mails()
    assert len(mail.outbox) == 4


def test_an_organization_says_how_many(cast: Cast) -> None:
    with staging():
        type(cast.north).objects.filter(pk=cast.north.pk).update(message_cap_rule=1)
    for person in (cast.bob, cast.sam):
        for _time in range(2):
            sent(cast, person, channels=("email",))
    carry_mails()
    assert sorted(one.to[0] for one in mail.outbox) == sorted([cast.bob.email, cast.sam.email, cast.sam.email])


def test_an_address_that_is_refused_for_good_is_not_tried_again(cast: Cast) -> None:
    refusal = smtplib.SMTPRecipientsRefused({cast.bob.email: (550, b"5.1.1 No such user")})
    with patch(SEND, side_effect=refusal):
        sent(cast, cast.bob, channels=("email",))
        carry_mails()
    assert state() == ("bounced", "550 5.1.1 No such user")
    assert Unreachable.objects.get().user_id == cast.bob.pk
    sent(cast, cast.bob, channels=("email",))
    carry_mails()
    assert not mail.outbox
    assert state()[0] == "bounced"
    with staging():
        User.objects.filter(pk=cast.bob.pk).update(email="bob.new@lumenhome.example")
    sent(cast, cast.bob, channels=("email",))
    carry_mails()
    assert [one.to for one in mail.outbox] == [["bob.new@lumenhome.example"]]


@pytest.mark.parametrize(
    "error", [OSError("gone"), smtplib.SMTPServerDisconnected(), smtplib.SMTPDataError(451, b"later")]
)
def test_a_server_that_is_away_is_tried_again_and_then_given_up(cast: Cast, error: Exception) -> None:
    sent(cast, cast.bob, channels=("email",))
    now = clock.now()
    with patch(SEND, side_effect=error):
        carry_mails()
        assert state()[0] == "queued"
        assert carry_mails() == 0
        for hours in range(1, 5 * MOST_TRIES):
            with clock.at(now + dt.timedelta(hours=hours)):
                carry_mails()
    assert state()[0] == "failed"
    assert Delivery.objects.get().tries == MOST_TRIES


def test_a_try_that_was_cut_short_is_made_again_once(cast: Cast) -> None:
    sent(cast, cast.bob, channels=("email",))
    with patch(SEND, side_effect=KeyboardInterrupt), pytest.raises(KeyboardInterrupt):
        carry_mails()
    assert carry_mails() == 0
    with clock.at(clock.now() + dt.timedelta(minutes=6)):
        carry_mails()
    assert len(mail.outbox) == 1


def test_no_mail_to_who_cannot_sign_in_any_more(cast: Cast) -> None:
    sent(cast, cast.bob, channels=("email",))
    with staging():
        User.objects.filter(pk=cast.bob.pk).update(disabled_at=clock.now())
    carry_mails()
    assert not mail.outbox
    assert state() == ("failed", "no account")


def test_one_click_ends_them_and_looking_does_not(cast: Cast, db: Any) -> None:
    browser = Client(enforce_csrf_checks=True)
    path = reverse("inbox:mail-off", args=[mail_off_token(cast.bob.pk)])
    assert browser.get(path).status_code == 200
    assert not Choice.objects.exists()
    answer = browser.post(path, {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert not Choice.objects.get(user=cast.bob).email
    forged = path.replace(f"{cast.bob.pk}.", f"{cast.sam.pk}.")
    assert browser.post(forged).status_code == 410
    assert not Choice.objects.filter(user=cast.sam).exists()
