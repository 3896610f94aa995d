"""Forgotten passwords, and the links that choose a new one."""

import pytest
from django.core import mail
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from fleetfolk.actionlog.models import Entry
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.perform import perform
from fleetfolk.testing.cast import PASSWORD, Cast, actor, fresh
from fleetfolk.testing.plugin import SignedIn
from fleetfolk.users import tasks
from fleetfolk.users.actions.assign_password import AssignPassword, AssignPasswordInput
from fleetfolk.users.actions.delete_user import DeleteUser, DeleteUserInput
from fleetfolk.users.actions.disable_user import DisableUser
from fleetfolk.users.actions.edit_password import EditPassword, EditPasswordInput
from fleetfolk.users.actions.end_sessions import EndSessions
from fleetfolk.users.actions.no_input import NoInput, ReasonInput
from fleetfolk.users.tests.links import link_in_last_mail, pending

NEW = "nine lamps in a row"


def ask(email: str | list[str], **headers: str) -> list[dict[str, str]]:
    """What is queued after somebody asked for a link for this address."""
    before = ProcrastinateJob.objects.count()
    answer = Client().post("/password/forgotten/", {"email": email}, headers=headers)
    assert (answer.status_code, answer["Location"]) == (302, "/password/forgotten/done/")
    return [job.args for job in ProcrastinateJob.objects.order_by("pk")[before:]]


def link_for(email: str) -> str:
    """The path of the link that the owner of the address gets."""
    for arguments in ask(email):
        tasks.send_forgotten_link(**arguments)
    return link_in_last_mail()


def choose(browser: Client, link: str, password: str = NEW) -> int:
    """The status after a password was chosen by the link."""
    form = browser.get(link, follow=True)
    if not form.redirect_chain:
        return form.status_code
    return browser.post(form.redirect_chain[-1][0], {"password1": password, "password2": password}).status_code


def test_bob_chooses_a_new_password_by_the_link_and_every_session_ends(cast: Cast, signed_in: SignedIn) -> None:
    elsewhere, browser = signed_in(cast.bob), Client()
    link = link_for(cast.bob.email)
    assert mail.outbox[-1].to == [cast.bob.email]
    assert choose(browser, link) == 302
    assert fresh(cast.bob).check_password(NEW)
    assert elsewhere.get("/password/change/").status_code == 302
    assert Entry.objects.filter(code="user.password.edit", result="done", actor_id=str(cast.bob.pk)).exists()


def test_the_link_works_once(cast: Cast) -> None:
    link = link_for(cast.bob.email)
    assert choose(Client(), link) == 302
    choose(Client(), link, "a third password")
    assert fresh(cast.bob).check_password(NEW)


def test_the_page_says_and_does_the_same_for_every_address(cast: Cast) -> None:
    perform(DisableUser, actor=actor(cast.ada), target_id=cast.sue.pk, data=ReasonInput())
    for email in (cast.bob.email, "nobody@lumenhome.example", pending(cast).email, cast.sue.email):
        assert ask(email) == [{"email": email}]


def test_only_an_account_that_works_gets_a_mail(cast: Cast) -> None:
    perform(DisableUser, actor=actor(cast.ada), target_id=cast.sue.pk, data=ReasonInput())
    for email in ("nobody@lumenhome.example", pending(cast).email, cast.sue.email):
        tasks.send_forgotten_link(email=email)
    assert not mail.outbox


def test_a_second_address_in_the_form_gets_nothing(cast: Cast) -> None:
    for emails in (["mallory@example.org", cast.bob.email], [cast.bob.email, "mallory@example.org"]):
        for arguments in ask(emails):
            tasks.send_forgotten_link(**arguments)
    assert [sent.to for sent in mail.outbox] == [[cast.bob.email]]


@pytest.mark.parametrize("email", ["bo\u0062@lumenhome.example", "BOB@lumenhome.example", "bob@lumenhome.exampl\u212f"])
def test_a_look_alike_never_gets_the_mail_of_another(cast: Cast, email: str) -> None:
    Client().post("/password/forgotten/", {"email": email})
    for job in ProcrastinateJob.objects.filter(task_name="users.send_forgotten_link"):
        tasks.send_forgotten_link(**job.args)
    assert all(sent.to == [cast.bob.email] for sent in mail.outbox)


@pytest.mark.parametrize("header", ["Host", "X-Forwarded-Host", "Forwarded"])
def test_the_link_points_to_our_own_origin_whatever_the_request_says(cast: Cast, header: str) -> None:
    forged = {"Forwarded": "host=evil.example"}.get(header, "evil.example")
    Client().post("/password/forgotten/", {"email": cast.bob.email}, headers={header: forged})
    tasks.send_forgotten_link(email=cast.bob.email)
    assert "evil.example" not in str(mail.outbox[-1].body)
    assert "http://localhost:8080/password/new/" in str(mail.outbox[-1].body)


def test_the_page_behind_the_link_cannot_be_reached_without_it(cast: Cast) -> None:
    uid = link_for(cast.bob.email).split("/")[3].partition("-")[0]
    answer = Client().get(f"/password/new/{uid}-set-password/")
    assert "This link does not work any more" in answer.content.decode()
    Client().post(f"/password/new/{uid}-set-password/", {"password1": NEW, "password2": NEW})
    assert fresh(cast.bob).check_password(PASSWORD)


@pytest.mark.parametrize("spoilt", ["other person", "cut", "other key"])
def test_an_altered_link_opens_nothing(cast: Cast, spoilt: str) -> None:
    own = link_for(cast.bob.email)
    uid, _, key = own.split("/")[3].partition("-")
    other = link_for(cast.ada.email).split("/")[3].partition("-")[0]
    link = {"other person": f"{other}-{key}", "cut": f"{uid}-{key[:-1]}", "other key": f"{uid}-{key[::-1]}"}[spoilt]
    answer = Client().get(f"/password/new/{link}/", follow=True)
    assert "This link does not work any more" in answer.content.decode()


@pytest.mark.parametrize("ended", ["log-out", "password", "disabled"])
def test_a_link_is_void_once_somebody_took_the_account_in_hand(cast: Cast, ended: str) -> None:
    link, ada = link_for(cast.bob.email), actor(cast.ada)
    match ended:
        case "log-out":
            perform(EndSessions, actor=ada, target_id=cast.bob.pk, data=NoInput())
        case "password":
            data = AssignPasswordInput(password="set by somebody else")
            perform(AssignPassword, actor=ada, target_id=cast.bob.pk, data=data)
        case "disabled":
            perform(DisableUser, actor=ada, target_id=cast.bob.pk, data=ReasonInput())
    assert choose(Client(), link) == 200
    assert not fresh(cast.bob).check_password(NEW)


def test_the_link_is_in_no_referrer_and_no_cache(cast: Cast) -> None:
    answer = Client().get(link_for(cast.bob.email))
    assert (answer["Referrer-Policy"], answer["Cache-Control"]) == ("no-referrer", "no-store")
    assert "-set-password/" in answer["Location"]


def test_whoever_strangers_keep_out_gets_in_by_the_link(cast: Cast) -> None:
    for number in range(11):
        Client().post("/sign-in/", {"login": cast.bob.email, "password": "x"}, REMOTE_ADDR=f"203.0.113.{number}")
    browser = Client()
    assert choose(browser, link_for(cast.bob.email)) == 302
    assert browser.post("/sign-in/", {"login": cast.bob.email, "password": NEW})["Location"] == "/"


def test_asking_often_is_slowed_down_the_same_way_for_every_address(cast: Cast) -> None:
    for email in (cast.bob.email, "nobody@lumenhome.example"):
        statuses = [Client().post("/password/forgotten/", {"email": email}).status_code for _ in range(6)]
        assert statuses == [302] * 5 + [429]


@pytest.mark.parametrize("state", ["disabled", "deleted", "pending"])
def test_the_action_itself_gives_no_password_to_whoever_cannot_sign_in(cast: Cast, state: str) -> None:
    """Somebody may be disabled between the form and its answer: then no working password waits for their return."""
    ada, person = actor(cast.ada), cast.bob
    match state:
        case "disabled":
            perform(DisableUser, actor=ada, target_id=person.pk, data=ReasonInput())
        case "deleted":
            perform(DeleteUser, actor=ada, target_id=person.pk, data=DeleteUserInput())
        case "pending":
            person = pending(cast)
    before = fresh(person).password
    with pytest.raises(Refused, match="user_inactive"):
        perform(EditPassword, actor=actor(person), target_id=person.pk, data=EditPasswordInput(password=NEW))
    assert fresh(person).password == before
