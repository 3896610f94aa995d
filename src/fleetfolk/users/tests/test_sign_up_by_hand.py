"""Whoever waits after a sign-up is let in or turned down by hand; who may sign up is said on a page of settings."""

import datetime as dt

import pytest
from django.core import mail
from django.db.models import F
from django.test import Client
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from fleetfolk.actionlog.models import Entry
from fleetfolk.kernel.errors import Denied, Refused
from fleetfolk.kernel.perform import perform
from fleetfolk.testing.cast import Cast, actor
from fleetfolk.testing.door import staging
from fleetfolk.testing.plugin import SignedIn
from fleetfolk.testing.samples_signup import OWN, asked, confirmed, doorkeeper, offered
from fleetfolk.users import tasks_signup
from fleetfolk.users.actions.edit_sign_up import EditSignUpInput
from fleetfolk.users.actions.grant_registration import GrantRegistration
from fleetfolk.users.actions.no_input import NoInput
from fleetfolk.users.models import User
from fleetfolk.users.models_signup import Registration, SignUp, SignUpInto, SignUpMode
from fleetfolk.users.tests.sign_ups import GOOD, STELLA, come, page_of


def handed_over() -> list[int]:
    """The sign-ups of which the worker is to tell."""
    jobs = ProcrastinateJob.objects.filter(task_name="users.tell_of_registration").order_by("pk")
    return [job.args["registration_id"] for job in jobs]


# Let in by hand.


def test_who_waits_is_let_in_with_the_password_that_they_chose(cast: Cast, signed_in: SignedIn) -> None:
    said = EditSignUpInput(mode=SignUpMode.OPEN, into=SignUpInto.HERE, approve=True)
    sign_up, browser = offered(cast, cast.north, said), Client()
    answer = come(browser, sign_up)
    assert "Somebody lets you in" in answer.content.decode()  # type: ignore[attr-defined]
    assert not User.objects.filter(email=STELLA).exists()
    row = Registration.objects.get()
    assert row.is_waiting
    with pytest.raises(Refused):
        perform(GrantRegistration, actor=doorkeeper(cast), target_id=row.pk, data=NoInput())
    page = signed_in(cast.ada).get(reverse("settings:sign-up-of", args=[cast.north.pk])).content.decode()
    assert "Stella Stranger" in page
    assert signed_in(cast.ada).post(reverse("settings:sign-up-grant", args=[row.pk])).status_code == 302
    stella = User.objects.get(email=STELLA)
    assert stella.check_password(GOOD)
    assert Registration.objects.get().password == ""
    assert Client().post("/sign-in/", {"login": STELLA, "password": GOOD})["Location"] == "/"
    with pytest.raises(Refused):
        perform(GrantRegistration, actor=actor(cast.ada), target_id=row.pk, data=NoInput())


def test_who_can_let_them_in_is_told_once_an_hour(cast: Cast) -> None:
    said = EditSignUpInput(mode=SignUpMode.OPEN, into=SignUpInto.HERE, approve=True)
    sign_up = offered(cast, cast.south, said)
    for number in range(3):
        come(Client(), sign_up, f"{number}@stranger.example")
    mail.outbox.clear()
    rows = list(Registration.objects.order_by("confirmed_at"))
    with staging():
        Registration.objects.filter(pk=rows[2].pk).update(confirmed_at=F("confirmed_at") + dt.timedelta(hours=2))
    assert handed_over() == [row.pk for row in rows]
    told = []
    for row in rows:
        tasks_signup.tell_of_registration(registration_id=row.pk)
        told.append(len(mail.outbox))
    assert told == [1, 1, 2]
    letter = mail.outbox[0]
    assert letter.to == [cast.sam.email]
    assert "3 people have signed up at South" in str(letter.body)
    assert f"/organizations/{cast.south.pk}/settings/sign-up/" in str(letter.body)
    assert not any(word in str(letter.body) for word in ("stranger", "Stella"))
    mail.outbox.clear()
    perform(GrantRegistration, actor=actor(cast.ada), target_id=rows[0].pk, data=NoInput())
    mail.outbox.clear()
    tasks_signup.tell_of_registration(registration_id=rows[0].pk)
    assert not mail.outbox  # Somebody was faster.


def test_where_nobody_lets_in_by_hand_nobody_is_told(cast: Cast) -> None:
    come(Client(), offered(cast, cast.north, EditSignUpInput(mode=SignUpMode.OPEN, into=SignUpInto.HERE)))
    assert handed_over() == []


def test_who_is_turned_down_leaves_nothing(cast: Cast, signed_in: SignedIn) -> None:
    offered(cast, cast.north, EditSignUpInput(mode=SignUpMode.OPEN, approve=True))
    row = confirmed(cast, cast.north)
    assert signed_in(cast.ada).post(reverse("settings:sign-up-revoke", args=[row.pk])).status_code == 302
    assert not Registration.objects.exists()
    entry = Entry.objects.get(code="user.registration.revoke", result="done")
    assert "Stella" not in str(entry.__dict__)


def test_who_may_not_create_organizations_lets_nobody_into_a_new_one(cast: Cast) -> None:
    offered(cast, cast.north, EditSignUpInput(mode=SignUpMode.OPEN, approve=True))
    row = confirmed(cast, cast.north)
    with pytest.raises(Denied):
        perform(GrantRegistration, actor=actor(cast.cleo), target_id=row.pk, data=NoInput())


def test_what_came_to_nothing_is_gone_after_its_time(cast: Cast) -> None:
    offered(cast, cast.north, OWN)
    old, new, waits = asked(cast, cast.north, secret="a"), asked(cast, cast.north, secret="b"), None
    with staging():
        Registration.objects.filter(pk=old.pk).update(expires_at=old.requested_at - dt.timedelta(hours=1))
        waits = confirmed(cast, cast.north, "w@stranger.example")
    tasks_signup.erase_registrations(timestamp=0)
    assert set(Registration.objects.values_list("pk", flat=True)) == {new.pk, waits.pk}
    assert Entry.objects.get(code="user.registration.erase").facts == {"sign_ups": 1}


# The page of settings.


def test_ada_says_who_may_sign_up_and_gets_a_link_with_a_picture(cast: Cast, signed_in: SignedIn) -> None:
    browser = signed_in(cast.ada)
    said = {"mode": "open", "into": "own", "kind": "client", "pattern": "{name}", "role": "", "domains": ""}
    assert browser.post(reverse("settings:sign-up"), said).status_code == 302
    sign_up = SignUp.objects.get(organization=cast.lumen)
    page = browser.get(reverse("settings:sign-up")).content.decode()
    assert f"/join/{sign_up.key}/" in page
    picture = browser.get(reverse("settings:sign-up-picture"))
    assert (picture["Content-Type"], picture.content[:4]) == ("image/png", b"\x89PNG")
    wrong = browser.post(reverse("settings:sign-up"), {**said, "mode": "domains"})
    assert (wrong.status_code, "Name the domains" in wrong.content.decode()) == (422, True)
    assert browser.post(reverse("settings:sign-up-rotate"), {}).status_code == 302
    assert Client().get(page_of(sign_up)).status_code == 404
    entry = Entry.objects.filter(code="organization.signup.edit", result="done").get()
    assert {change["field"] for change in entry.changes} >= {"mode", "pattern"}


def test_the_page_shows_who_came(cast: Cast, signed_in: SignedIn) -> None:
    come(Client(), offered(cast, cast.north, OWN))
    page = signed_in(cast.ada).get(reverse("settings:sign-up-of", args=[cast.north.pk])).content.decode()
    assert "Stella Stranger" in page
    assert "Stranger family" in page
    stella = User.objects.get(email=STELLA)
    assert "Signed up by themselves" in signed_in(cast.ada).get(f"/users/{stella.pk}/").content.decode()
