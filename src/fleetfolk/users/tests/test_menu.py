"""A person's menu, page and dialogs: what who may do to whom."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from fleetfolk.actionlog.models import Entry
from fleetfolk.kernel.perform import perform
from fleetfolk.testing.cast import Cast, actor, fresh
from fleetfolk.testing.plugin import SignedIn
from fleetfolk.users.actions.delete_user import DeleteUser, DeleteUserInput
from fleetfolk.users.actions.disable_user import DisableUser
from fleetfolk.users.actions.no_input import ReasonInput
from fleetfolk.users.models import User
from fleetfolk.users.tests.links import pending
from fleetfolk.users.web.act import Act
from fleetfolk.users.web.acts import ACTS


def stored(person: User) -> object:
    """The person's whole row."""
    return User.objects.filter(pk=person.pk).values_list().get()


def entries(signed_in: SignedIn, viewer: User, person: User) -> list[str]:
    """The words of the menu that the viewer gets for the person."""
    answer = signed_in(viewer).get(f"/users/{person.pk}/menu/")
    assert answer.status_code == 200
    return [words.strip() for words in re.findall(r"</svg>([^<]+)", answer.content.decode())]


def test_an_admin_may_do_everything_to_an_active_person(cast: Cast, signed_in: SignedIn) -> None:
    assert entries(signed_in, cast.ada, cast.bob) == [
        "Open",
        "Edit…",
        "New private message",
        "Change e-mail…",
        "Send reset link…",
        "Set a password…",
        "Force log-out",
        "Transfer…",
        "Disable…",
        "Export all data…",
        "Deactivate…",
        "Delete…",
    ]


def test_staff_may_not_delete(cast: Cast, signed_in: SignedIn) -> None:
    assert "Disable…" in entries(signed_in, cast.cleo, cast.bob)
    assert "Delete…" not in entries(signed_in, cast.cleo, cast.bob)


def test_a_pending_person_has_an_invitation_to_look_after(cast: Cast, signed_in: SignedIn) -> None:
    shown = entries(signed_in, cast.ada, pending(cast))
    assert shown[2:5] == ["Resend invitation", "Correct address…", "Revoke invitation"]
    assert "Set a password…" not in shown


def test_disabled_and_deleted_people_have_a_way_back(cast: Cast, signed_in: SignedIn) -> None:
    perform(DisableUser, actor=actor(cast.ada), target_id=cast.bob.pk, data=ReasonInput())
    assert entries(signed_in, cast.ada, cast.bob) == [
        "Open",
        "Edit…",
        "Enable",
        "Export all data…",
        "Deactivate…",
        "Delete…",
    ]
    perform(DeleteUser, actor=actor(cast.ada), target_id=cast.bob.pk, data=DeleteUserInput())
    assert entries(signed_in, cast.ada, cast.bob) == ["Open", "Export all data…", "Restore"]


@pytest.mark.parametrize(
    ("viewer", "person", "told"),
    [
        ("cleo", "finn", (["Open", "New private message"], "holds rights that you do not")),
        ("dana", "bob", (["Open"], "Your role does not include this")),
    ],
)
def test_who_may_do_nothing_to_the_account_is_told_why(
    cast: Cast, signed_in: SignedIn, viewer: str, person: str, told: tuple[list[str], str]
) -> None:
    who, whom = getattr(cast, viewer), getattr(cast, person)
    left, why = told
    assert entries(signed_in, who, whom) == left
    assert why in signed_in(who).get(f"/users/{whom.pk}/menu/").content.decode()
    assert why in signed_in(who).get(f"/users/{whom.pk}/").content.decode()


def test_nobody_disables_deletes_or_transfers_themselves(cast: Cast, signed_in: SignedIn) -> None:
    assert entries(signed_in, cast.ada, cast.ada) == ["Open", "Edit…", "Force log-out", "Switch developer mode off"]


OWN_ACTS = [act for act in ACTS if act.url.startswith("users:")]
"""Those of packages above have tests of their own."""

PAGES = ["users:detail", "users:menu", "users:header", "users:why", "users:tag-choices", *(act.url for act in ACTS)]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("viewer", ["eve", "sam", "bea"])
def test_a_person_out_of_reach_has_no_page(cast: Cast, signed_in: SignedIn, viewer: str, page: str) -> None:
    assert signed_in(getattr(cast, viewer)).get(reverse(page, args=[cast.cleo.pk])).status_code == 404


@pytest.mark.parametrize("act", OWN_ACTS, ids=lambda act: act.action.code)
@pytest.mark.parametrize(("viewer", "answer"), [("eve", (404, "not_found")), ("dana", (403, "denied"))])
def test_a_forged_post_is_refused_and_in_the_log(
    cast: Cast, signed_in: SignedIn, act: Act, viewer: str, answer: tuple[int, str]
) -> None:
    who, before = getattr(cast, viewer), stored(cast.bob)
    sent = signed_in(who).post(reverse(act.url, args=[cast.bob.pk]), {"word": "DELETE"})
    entry = Entry.objects.filter(code=act.action.code, actor_id=str(who.pk)).latest("at")
    assert (sent.status_code, entry.result) == answer
    assert stored(cast.bob) == before


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.action.code)
def test_a_get_never_changes_anything(cast: Cast, signed_in: SignedIn, act: Act) -> None:
    done = Entry.objects.filter(code=act.action.code, result="done").count()
    people = [cast.bob, pending(cast)]
    before = [fresh(person).session_epoch for person in people]
    for person in people:
        signed_in(cast.ada).get(reverse(act.url, args=[person.pk]))
    assert [fresh(person).session_epoch for person in people] == before
    assert Entry.objects.filter(code=act.action.code, result="done").count() == done


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.action.code)
def test_the_form_of_another_site_changes_nothing(cast: Cast, signed_in: SignedIn, act: Act) -> None:
    browser = signed_in(cast.ada)
    browser.handler.enforce_csrf_checks = True
    answer = browser.post(reverse(act.url, args=[cast.bob.pk]), {"password": "nine lamps in a row", "word": "DELETE"})
    assert answer.status_code == 403
    assert not Entry.objects.filter(code=act.action.code, actor_id=str(cast.ada.pk), target_id=cast.bob.pk).exists()


@pytest.mark.parametrize("act", [act for act in ACTS if "invitation" not in act.url], ids=lambda act: act.action.code)
def test_nobody_signed_out_gets_anywhere(cast: Cast, client: Client, act: Act) -> None:
    for method in (client.get, client.post):
        answer = method(reverse(act.url, args=[cast.bob.pk]))
        assert answer["Location"].startswith("/sign-in/")


def test_the_page_takes_as_many_queries_for_a_customer_as_for_an_invited_admin(
    cast: Cast, signed_in: SignedIn, django_assert_max_num_queries: object
) -> None:
    browser = signed_in(cast.ada)
    invited = pending(cast, "Pia Admin", role="admin")
    for person in (cast.bob, invited):
        with django_assert_max_num_queries(17):  # type: ignore[operator]
            browser.get(f"/users/{person.pk}/")
