"""Push Mail on a person's page and in the settings, as staff meet it; and what the worker makes of mail."""

import datetime as dt
import re

import pytest
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from fleetfolk.actionlog.models import Entry
from fleetfolk.kernel import clock
from fleetfolk.kernel.errors import Denied, Refused
from fleetfolk.kernel.perform import perform
from fleetfolk.messages.actions.accept_mail import AcceptMail
from fleetfolk.messages.actions.create_push_address import CreatePushAddress, CreatePushAddressInput
from fleetfolk.messages.models import Delivery, Item, Message
from fleetfolk.messages.pushmail.intake import box_of
from fleetfolk.messages.pushmail.models import Forged, IncomingMail, MailRule, MailState, PushAddress
from fleetfolk.messages.pushmail.rules import clean_senders, forged_rule, forged_rule_above, is_allowed
from fleetfolk.messages.pushmail.secret_addresses import new_secret, secret_hash
from fleetfolk.messages.reading import read_for
from fleetfolk.messages.tasks_pushmail import accept_lost_mails, accept_mail, erase_mails
from fleetfolk.testing.cast import Cast, actor
from fleetfolk.testing.door import staging
from fleetfolk.testing.plugin import SignedIn
from fleetfolk.testing.samples_pushmail import held_mail, mail_to, push_address
from fleetfolk.users.actions.no_input import NoInput

HTMX = {"HX-Request": "true", "HX-Target": "dialog-host"}


def test_ada_generates_an_address_that_is_shown_once_and_kept_as_a_hash(cast: Cast, signed_in: SignedIn) -> None:
    browser = signed_in(cast.ada)
    said = {"name": "Bank", "ends": "", "senders": "Bank.Example\nada@other.example\n"}
    shown = browser.post(reverse("pushmail:create", args=[cast.cleo.pk]), said, headers=HTMX)
    assert shown.headers["Cache-Control"] == "no-store"
    (secret,) = set(re.findall(r"p-[a-z2-7]{26}", shown.content.decode()))
    row = PushAddress.objects.get(user=cast.cleo)
    assert (row.secret_hash, row.allowed_senders) == (secret_hash(secret), ["bank.example", "ada@other.example"])
    box = box_of(secret)
    assert box is not None
    assert box.user_id == cast.cleo.pk
    page = browser.get(reverse("users:detail", args=[cast.cleo.pk])).content.decode()
    assert "Bank" in page
    assert secret not in page
    entry = Entry.objects.get(code="pushmail.address.create", result="done")
    assert secret not in str(entry.__dict__)
    assert entry.facts["address"] == "Bank"


def test_a_replaced_revoked_or_ended_address_takes_nothing(cast: Cast, signed_in: SignedIn) -> None:
    secret, browser = new_secret(), signed_in(cast.ada)
    row = push_address(cast.cleo, secret)
    assert box_of(secret) is not None
    shown = browser.post(reverse("pushmail:rotate", args=[cast.cleo.pk, row.pk]), headers=HTMX)
    (fresh,) = set(re.findall(r"p-[a-z2-7]{26}", shown.content.decode()))
    assert box_of(secret) is None
    assert box_of(fresh) is not None
    with clock.at(clock.now() + dt.timedelta(days=2)), staging():
        PushAddress.objects.filter(pk=row.pk).update(ends_at=clock.now() - dt.timedelta(days=1))
        assert box_of(fresh) is None
        PushAddress.objects.filter(pk=row.pk).update(ends_at=None)
    browser.post(reverse("pushmail:revoke", args=[cast.cleo.pk, row.pk]), headers=HTMX)
    assert box_of(fresh) is None


def test_mail_for_whoever_cannot_sign_in_is_refused(cast: Cast) -> None:
    secret = new_secret()
    push_address(cast.cleo, secret)
    with staging():
        cast.cleo.disabled_at = clock.now()
        cast.cleo.save(update_fields=["disabled_at"])
    assert box_of(secret) is None


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"name": "Taken", "ends": "", "senders": ""}, "name"),
        ({"name": "", "ends": "", "senders": ""}, "name"),
        ({"name": "New", "ends": "", "senders": "not a sender"}, "senders"),
        ({"name": "New", "ends": "2001-01-01", "senders": ""}, "ends"),
    ],
)
def test_wrong_input_comes_back_with_a_sentence(
    cast: Cast, signed_in: SignedIn, said: dict[str, str], field: str
) -> None:
    push_address(cast.cleo, name="Taken")
    answer = signed_in(cast.ada).post(reverse("pushmail:create", args=[cast.cleo.pk]), said, headers=HTMX)
    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {field}
    assert PushAddress.objects.count() == 1


def test_no_more_than_twenty_addresses(cast: Cast) -> None:
    for number in range(20):
        push_address(cast.cleo, name=str(number))
    data = CreatePushAddressInput(name="One more", secret_hash="c" * 64, secret_end="abcd")
    with pytest.raises(Refused, match="pushmail_too_many"):
        perform(CreatePushAddress, actor=actor(cast.ada), target_id=cast.cleo.pk, data=data)


def test_an_address_of_somebody_else_is_not_found_by_anothers_page(cast: Cast, signed_in: SignedIn) -> None:
    row = push_address(cast.bob)
    assert signed_in(cast.ada).post(reverse("pushmail:revoke", args=[cast.cleo.pk, row.pk])).status_code == 404
    row.refresh_from_db()
    assert row.revoked_at is None


def test_what_is_held_back_is_delivered_or_thrown_away_by_people(cast: Cast, signed_in: SignedIn) -> None:
    browser, first, second = signed_in(cast.ada), held_mail(cast), None
    second = mail_to(first.address, state=MailState.HELD)
    page = browser.get(reverse("users:detail", args=[cast.cleo.pk])).content.decode()
    assert "Held back" in page
    browser.post(reverse("pushmail:accept", args=[first.pk]))
    browser.post(reverse("pushmail:delete", args=[second.pk]))
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state, bytes(second.raw)) == ("accepted", "deleted", b"")
    assert Item.objects.get(user=cast.cleo).message == first.message
    assert browser.post(reverse("pushmail:accept", args=[second.pk])).status_code == 409


def test_people_do_not_deliver_what_waits_nor_the_installation_what_is_held(cast: Cast) -> None:
    waiting = mail_to(push_address(cast.cleo))
    with pytest.raises(Refused, match="pushmail_mail_over"):
        perform(AcceptMail, actor=actor(cast.ada), target_id=waiting.pk, data=NoInput())
    held = mail_to(waiting.address, state=MailState.HELD)
    accept_mail(mail_id=held.pk)
    held.refresh_from_db()
    assert held.state == MailState.HELD
    with pytest.raises(Denied):
        perform(AcceptMail, actor=actor(cast.dana), target_id=held.pk, data=NoInput())


def test_run_twice_it_is_delivered_once_and_never_goes_out_by_mail(cast: Cast) -> None:
    mail = mail_to(push_address(cast.cleo))
    accept_mail(mail_id=mail.pk)
    accept_mail(mail_id=mail.pk)
    assert Message.objects.filter(kind="pushmail").count() == 1
    assert Item.objects.filter(user=cast.cleo).count() == 1
    assert not Delivery.objects.filter(channel="email").exists()


def test_mail_that_lost_its_worker_is_brought_again(cast: Cast) -> None:
    now = clock.now()
    lost = mail_to(push_address(cast.cleo), received_at=now - dt.timedelta(minutes=6))
    accept_lost_mails(0)
    assert {"mail_id": lost.pk} in [job.args for job in ProcrastinateJob.objects.filter(queue_name="mail")]


def test_for_whoever_left_meanwhile_the_mail_fails_and_says_why(cast: Cast) -> None:
    mail = mail_to(push_address(cast.cleo))
    with staging():
        cast.cleo.disabled_at = clock.now()
        cast.cleo.save(update_fields=["disabled_at"])
    accept_mail(mail_id=mail.pk)
    mail.refresh_from_db()
    assert (mail.state, mail.reason) == ("failed", "no_account")


def test_what_came_by_mail_is_shown_as_it_came(cast: Cast) -> None:
    raw = b"From: <a@b.example>\r\nSubject: {name}\r\n\r\n# *Hi* <b>x</b> {name} [you](https://evil.example)\r\n"
    mail = mail_to(push_address(cast.cleo), raw)
    accept_mail(mail_id=mail.pk)
    mail.refresh_from_db()
    assert mail.message is not None
    read = read_for(mail.message, cast.cleo)
    assert "<em>" not in read.html
    assert "<h" not in read.html
    assert "&lt;b&gt;x&lt;/b&gt; {name} [you](" in read.html
    assert read.subject == "{name}"


def test_mail_as_it_came_is_erased_after_its_time_and_the_message_stays(cast: Cast) -> None:
    now = clock.now()
    old = mail_to(push_address(cast.cleo), received_at=now - dt.timedelta(days=15))
    waits = mail_to(old.address, received_at=now - dt.timedelta(days=15))
    fresh = mail_to(old.address)
    accept_mail(mail_id=old.pk)
    erase_mails(0)
    assert set(IncomingMail.objects.values_list("pk", flat=True)) == {waits.pk, fresh.pk}
    assert Message.objects.filter(kind="pushmail").count() == 1


def test_the_closest_organization_says_what_becomes_of_forged_mail(cast: Cast, signed_in: SignedIn) -> None:
    assert forged_rule(cast.north) is Forged.MARK
    browser = signed_in(cast.ada)
    browser.post(reverse("pushmail:rule"), {"forged": "hold"})
    assert (forged_rule(cast.lumen), forged_rule(cast.north)) == (Forged.HOLD, Forged.HOLD)
    browser.post(reverse("pushmail:rule-of", args=[cast.north.pk]), {"forged": "refuse"})
    assert (forged_rule(cast.lumen), forged_rule(cast.north)) == (Forged.HOLD, Forged.REFUSE)
    assert forged_rule_above(cast.north) is Forged.HOLD
    browser.post(reverse("pushmail:rule-of", args=[cast.north.pk]), {"forged": ""})
    assert forged_rule(cast.north) is Forged.HOLD
    assert MailRule.objects.count() == 1
    assert "Push Mail" in browser.get(reverse("settings:rules")).content.decode()


@pytest.mark.parametrize(
    ("author", "allowed"),
    [
        ("ada@bank.example", True),
        ("ADA@BANK.example", True),
        ("x@mail.bank.example", True),
        ("eve@evilbank.example", False),
        ("bob@other.example", True),
        ("eve@other.example", False),
        ("eve@münchen.example", True),
        ("", False),
    ],
)
def test_a_sender_is_an_address_or_everybody_below_a_domain(author: str, allowed: bool) -> None:
    named = clean_senders(["Bank.example", "bob@other.example", "xn--mnchen-3ya.example", "@bank.example"])
    assert is_allowed(author, named) is allowed
    assert is_allowed(author, [])


@pytest.mark.parametrize(
    ("standing", "to_person", "to_staff"),
    [
        ("verified", "Their domain confirms", ", verified"),
        ("unverified", "Nobody could check", ", not verified"),
        ("forged", "That is false", ": forged"),
    ],
)
def test_the_person_and_staff_read_what_is_known_of_the_sender(
    cast: Cast, signed_in: SignedIn, standing: str, to_person: str, to_staff: str
) -> None:
    mail = mail_to(push_address(cast.cleo), verdict={"standing": standing})
    accept_mail(mail_id=mail.pk)
    item = Item.objects.get(user=cast.cleo)
    assert to_person in signed_in(cast.cleo).get(reverse("inbox:message", args=[item.pk])).content.decode()
    page = signed_in(cast.ada).get(reverse("users:tab", args=[cast.cleo.pk, "messages"])).content.decode()
    assert f"bank@bank.example&gt;{to_staff}" in page
