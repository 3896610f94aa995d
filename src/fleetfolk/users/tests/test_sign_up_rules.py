"""Who may sign up, with which role and where: what holds for invitations holds for strangers, too."""

import re

import pytest
from django.test import Client

from fleetfolk.actionlog.models import Entry
from fleetfolk.kernel.errors import Denied, Refused
from fleetfolk.kernel.perform import perform
from fleetfolk.organizations.models import Organization, OrganizationKind
from fleetfolk.testing.cast import Cast, actor, fresh
from fleetfolk.testing.door import staging
from fleetfolk.testing.plans import allowing
from fleetfolk.testing.samples_signup import HERE, OWN, offered
from fleetfolk.users.actions.delete_role import DeleteRole, DeleteRoleInput
from fleetfolk.users.actions.edit_sign_up import EditSignUp, EditSignUpInput
from fleetfolk.users.models import User
from fleetfolk.users.models_signup import Registration, SignUp, SignUpInto, SignUpMode
from fleetfolk.users.signing_up import name_for, terms_of
from fleetfolk.users.tests.sign_ups import SAID, STELLA, ask, come, page_of

# Who may, and what they get.


def test_only_addresses_of_the_domains_come_in(cast: Cast) -> None:
    said = EditSignUpInput(mode=SignUpMode.DOMAINS, domains=("stranger.example",), into=SignUpInto.HERE)
    sign_up = offered(cast, cast.north, said)
    for wrong in ("s@sub.stranger.example", "s@stranger.example.evil.example", "s@strangerexample"):
        assert ask(Client(), sign_up, wrong).status_code == 422
    assert not Registration.objects.exists()
    assert come(Client(), sign_up).status_code == 302


def test_what_is_said_above_holds_below_with_a_link_of_its_own(cast: Cast) -> None:
    above = offered(cast, cast.lumen, OWN)
    below = offered(cast, cast.north, EditSignUpInput())
    assert above.key != below.key
    assert terms_of(cast.north).said_by == cast.lumen
    assert come(Client(), below).status_code == 302
    assert User.objects.get(email=STELLA).organization.parent_id == cast.north.pk
    perform(EditSignUp, actor=actor(cast.ada), target_id=cast.north.pk, data=EditSignUpInput(mode=SignUpMode.OFF))
    assert (Client().get(page_of(below)).status_code, Client().get(page_of(above)).status_code) == (404, 200)


@pytest.mark.parametrize("name", ["admin", "staff"])
def test_strangers_get_no_strong_role_in_an_organization_of_others(cast: Cast, name: str) -> None:
    said = EditSignUpInput(mode=SignUpMode.OPEN, into=SignUpInto.HERE, role_id=cast.role(name).pk)
    with pytest.raises(Refused) as refused:
        perform(EditSignUp, actor=actor(cast.ada), target_id=cast.north.pk, data=said)
    assert refused.value.reason == "sign_up_role"


def test_a_role_that_became_strong_is_not_given_any_more(cast: Cast) -> None:
    sign_up = offered(cast, cast.north, HERE)
    with staging():
        role = cast.role("user")
        role.permissions = cast.role("admin").permissions
        role.save(update_fields=["permissions"])
    assert come(Client(), sign_up).status_code == 409
    assert not User.objects.filter(email=STELLA).exists()


def test_nobody_opens_a_door_wider_than_they_could_invite_through(cast: Cast) -> None:
    strong = EditSignUpInput(mode=SignUpMode.OPEN, role_id=cast.role("admin").pk)
    foreign = EditSignUpInput(mode=SignUpMode.OFF, role_id=cast.role("user", cast.evil).pk)
    with staging():
        weak = cast.role("staff")
        weak.permissions = sorted({*weak.permissions, "organizations.settings.edit"})
        weak.save(update_fields=["permissions"])
    for who, said, reason in (
        (cast.cleo, strong, "role_is_stronger"),
        (cast.cleo, OWN, "sign_up_needs_organizations"),
        (cast.ada, foreign, "role_is_stronger"),
    ):
        with pytest.raises(Denied) as denied:
            perform(EditSignUp, actor=actor(fresh(who)), target_id=cast.north.pk, data=said)
        assert denied.value.reason == reason
    assert not SignUp.objects.exists()


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (EditSignUpInput(mode=SignUpMode.DOMAINS), "sign_up_domains"),
        (EditSignUpInput(mode=SignUpMode.DOMAINS, domains=("not a domain",)), "rules_email_domains"),
        (EditSignUpInput(mode=SignUpMode.OPEN, pattern="Everybody"), "sign_up_pattern"),
        (EditSignUpInput(mode=SignUpMode.OPEN, pattern="{last} {0}"), "sign_up_pattern"),
        (EditSignUpInput(mode=SignUpMode.OPEN, kind=OrganizationKind.ROOT), "organization_kind"),
    ],
)
def test_what_does_not_fit_is_refused(cast: Cast, said: EditSignUpInput, reason: str) -> None:
    with pytest.raises(Refused) as refused:
        perform(EditSignUp, actor=actor(cast.ada), target_id=cast.north.pk, data=said)
    assert refused.value.reason == reason


@pytest.mark.parametrize("short", ["users", "organizations", "levels"])
def test_plans_hold_for_who_signs_up_and_strangers_learn_nothing_of_them(cast: Cast, short: str) -> None:
    sign_up = offered(cast, cast.north, OWN)
    there = {
        "users": User.objects.filter(tenant=cast.lumen).count(),
        "organizations": Organization.objects.filter(tenant=cast.lumen).count() - 1,
        "levels": 2,
    }
    plan = allowing(cast.lumen, **{short: there[short]})
    browser = Client()
    answer = come(browser, sign_up)
    assert answer.status_code == 409
    assert plan.contact not in answer.content.decode()  # type: ignore[attr-defined]
    assert not User.objects.filter(email=STELLA).exists()
    assert not Organization.objects.filter(name="Stranger family").exists()
    assert Entry.objects.get(code="user.registration.grant", result="refused").reason.startswith("limit_")
    allowing(cast.lumen)
    assert browser.post("/join/confirm/", SAID).status_code == 302, "the link is still good"


def test_two_of_one_name_get_two_organizations(cast: Cast) -> None:
    sign_up = offered(cast, cast.north, OWN)
    come(Client(), sign_up)
    come(Client(), sign_up, "stefan@stranger.example")
    names = sorted(Organization.objects.filter(parent=cast.north).values_list("name", flat=True))
    assert [bool(re.fullmatch(r"Stranger family( [A-Z2-7]{4})?", name)) for name in names[-2:]] == [True, True]


@pytest.mark.parametrize(
    ("pattern", "first", "last", "expected"),
    [
        ("", "Ada", "Berg", "Berg family"),
        ("", "Ada", "", "Ada family"),
        ("Home of {name}", "Ada", "Berg", "Home of Ada Berg"),
        ("{last}, {first}", "{last}", "{name}", "name, last"),
        ("{last} {last}", "A", "x" * 60, ("x" * 60 + " " + "x" * 60)[:80]),
    ],
)
def test_organizations_are_called_after_their_people(pattern: str, first: str, last: str, expected: str) -> None:
    assert name_for(pattern, first=first, last=last, name=f"{first} {last}".strip()) == expected


def test_a_role_that_strangers_get_is_not_deleted(cast: Cast) -> None:
    with staging():
        role = cast.role("user")
        role.pk, role.builtin, role.name = None, "", "Household"
        role.save(force_insert=True)
    offered(cast, cast.north, EditSignUpInput(mode=SignUpMode.OPEN, role_id=role.pk))
    data = DeleteRoleInput(replacement_id=cast.role("user").pk)
    with pytest.raises(Refused) as refused:
        perform(DeleteRole, actor=actor(cast.ada), target_id=role.pk, data=data)
    assert refused.value.reason == "sign_up_role_deleted"
