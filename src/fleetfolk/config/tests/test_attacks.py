"""Attacks that happened to other systems, tried at our doors. Those on one door alone stand beside its tests."""

from typing import Any

import pytest
from django.urls import reverse
from django.utils.html import strip_tags

from fleetfolk.actionlog.models import Entry
from fleetfolk.kernel.errors import ActionError, Denied, Refused
from fleetfolk.kernel.perform import perform
from fleetfolk.organizations.actions import CreateLocation, CreateLocationInput
from fleetfolk.organizations.models import Location
from fleetfolk.testing.cast import Cast, accept, actor, fresh, invite
from fleetfolk.testing.plugin import SignedIn
from fleetfolk.users.actions.assign_role import AssignRole, AssignRoleInput
from fleetfolk.users.actions.edit_user import EditUser, EditUserInput
from fleetfolk.users.actions.invite_user import InviteUser, InviteUserInput
from fleetfolk.users.actions.transfer_user import TransferUser, TransferUserInput
from fleetfolk.users.models import User
from fleetfolk.users.web.directory_state import SORTS

INJECTIONS = [
    "'",
    '"; DROP TABLE users_user; --',
    "password",
    "role__permissions",
    "name) UNION SELECT password FROM users_user --",
    "%",
    "_____",
    "\\",
    "a' OR '1'='1",
    "\x00",
    "((((",
    "🦊",
]


def test_staff_cannot_give_a_role_that_holds_more_than_theirs(cast: Cast) -> None:
    sue = accept(invite(cast.north, "Uma User", cast.role("user"), by=cast.ada))
    with pytest.raises(Denied, match="role_is_stronger"):
        perform(
            AssignRole,
            actor=actor(cast.cleo),
            target_id=sue.pk,
            data=AssignRoleInput(role_id=cast.role("admin").pk),
        )
    assert fresh(sue).role.builtin == "user"


def test_staff_cannot_invite_somebody_stronger(cast: Cast) -> None:
    with pytest.raises(Denied, match="role_is_stronger"):
        perform(
            InviteUser,
            actor=actor(cast.cleo),
            target_id=cast.north.pk,
            data=InviteUserInput(
                first_name="My", last_name="Friend", email="my@friend.example", role_id=cast.role("admin").pk
            ),
        )
    assert not User.objects.filter(email="my@friend.example").exists()


def test_a_role_of_another_tenant_cannot_be_given(cast: Cast) -> None:
    with pytest.raises(Denied, match="role_is_stronger"):
        perform(
            AssignRole,
            actor=actor(cast.ada),
            target_id=cast.cleo.pk,
            data=AssignRoleInput(role_id=cast.role("user", cast.evil).pk),
        )


def test_nobody_is_moved_below_an_organization_where_the_mover_gains_power_over_them(cast: Cast) -> None:
    """Finn, Admin of North, cannot pull in people from above or beside, nor push his own out of his reach."""
    for target, admin in ((cast.abe, cast.finn), (cast.sue, cast.finn), (cast.cleo, cast.sam), (cast.cleo, cast.ada)):
        with pytest.raises(ActionError):
            perform(
                TransferUser,
                actor=actor(cast.finn),
                target_id=target.pk,
                data=TransferUserInput(admin_email=admin.email, role_id=cast.role("user").pk),
            )
        assert fresh(target).organization_id == target.organization_id


def test_staff_cannot_bring_a_stronger_person_within_reach_by_transfer(cast: Cast) -> None:
    with pytest.raises(Denied, match="target_is_stronger"):
        perform(
            TransferUser,
            actor=actor(cast.cleo),
            target_id=cast.finn.pk,
            data=TransferUserInput(admin_email=cast.bea.email, role_id=cast.role("user").pk),
        )


def test_staff_cannot_give_a_stronger_role_on_the_way_to_another_organization(cast: Cast) -> None:
    uma = accept(invite(cast.north, "Uma User", cast.role("user"), by=cast.ada))
    with pytest.raises(Denied, match="role_is_stronger"):
        perform(
            TransferUser,
            actor=actor(cast.cleo),
            target_id=uma.pk,
            data=TransferUserInput(admin_email=cast.bea.email, role_id=cast.role("admin").pk),
        )
    assert (fresh(uma).role.builtin, fresh(uma).organization) == ("user", cast.north)


@pytest.mark.parametrize("header", ["X-Tenant", "X-Tenant-Id", "X-Organization", "X-Zitadel-Orgid", "X-Forwarded-User"])
def test_no_header_says_whose_data_it_is(cast: Cast, signed_in: SignedIn, header: str) -> None:
    browser = signed_in(cast.eve)
    for value in (str(cast.lumen.pk), str(cast.north.pk), cast.ada.email):
        answer = browser.get("/users/", headers={header: value})
        assert "lumenhome" not in answer.content.decode()
        assert browser.get(f"/users/{cast.cleo.pk}/", headers={header: value}).status_code == 404


def test_what_is_asked_about_is_what_is_changed(cast: Cast, signed_in: SignedIn) -> None:
    """The person in the path is checked and changed; keys elsewhere in the request mean nothing."""
    uma = accept(invite(cast.north, "Uma User", cast.role("user"), by=cast.ada))
    path = reverse("users:disable", args=[uma.pk])
    signed_in(cast.cleo).post(
        f"{path}?id={cast.finn.pk}&user_id={cast.finn.pk}", {"id": cast.finn.pk, "pk": cast.ada.pk}
    )
    assert not fresh(uma).is_active
    assert fresh(cast.finn).is_active
    assert fresh(cast.ada).is_active


def test_a_location_of_another_organization_or_tenant_does_not_go_into_a_person(cast: Cast) -> None:
    perform(CreateLocation, actor=actor(cast.ada), target_id=cast.south.pk, data=CreateLocationInput(name="Depot"))
    perform(CreateLocation, actor=actor(cast.eve), target_id=cast.evil.pk, data=CreateLocationInput(name="Lair"))
    for location in Location.objects.filter(name__in=["Depot", "Lair"]):
        with pytest.raises(Refused, match="location_elsewhere"):
            perform(
                EditUser,
                actor=actor(cast.ada),
                target_id=cast.cleo.pk,
                data=EditUserInput(first_name="Cleo", last_name="Staff", phone="", location_id=location.pk),
            )
    assert fresh(cast.cleo).location is None


@pytest.mark.parametrize("field", ["role", "role_id", "organization", "organization_id", "tenant", "password", "path"])
def test_fields_that_a_form_does_not_have_change_nothing(cast: Cast, signed_in: SignedIn, field: str) -> None:
    """Cleo edits a User and adds what she must not set; her own form offers no Admin role."""
    uma = accept(invite(cast.north, "Uma User", cast.role("user"), by=cast.ada))
    before = fresh(uma)
    posted: dict[str, Any] = {"first_name": "Uma", "last_name": "User", "phone": "", "location": "", "time_zone": ""}
    values = {"role": cast.role("admin").pk, "role_id": cast.role("admin").pk, "password": "x", "path": "1."}
    posted |= {"role": before.role_id, field: values.get(field, cast.lumen.pk)}
    signed_in(cast.cleo).post(reverse("users:edit", args=[uma.pk]), posted)
    after = fresh(uma)
    for kept in ("role_id", "organization_id", "tenant_id", "password", "path", "email", "session_epoch"):
        assert getattr(after, kept) == getattr(before, kept)


@pytest.mark.parametrize("poison", INJECTIONS)
@pytest.mark.parametrize("parameter", ["q", "sort", "dir", "after", "before", "role", "status", "location", "scope"])
def test_no_parameter_of_the_list_reaches_the_database_as_sql(
    cast: Cast, signed_in: SignedIn, parameter: str, poison: str
) -> None:
    answer = signed_in(cast.ada).get("/users/", {parameter: poison})
    assert answer.status_code == 200
    body = answer.content.decode()
    assert "argon2" not in body
    assert User.objects.count() >= 10


def test_wildcards_are_letters(cast: Cast, signed_in: SignedIn) -> None:
    body = signed_in(cast.ada).get("/users/", {"q": "%%%"}).content.decode()
    assert "Cleo Staff" in body, "only punctuation: as if nothing had been typed"
    body = signed_in(cast.ada).get("/users/", {"q": "a%a"}).content.decode()
    assert f'data-row="{cast.ada.pk}"' not in body


def test_every_sort_works_and_none_shows_a_password(cast: Cast, signed_in: SignedIn) -> None:
    browser = signed_in(cast.ada)
    for sort in SORTS:
        for direction in ("asc", "desc"):
            answer = browser.get("/users/", {"sort": sort, "dir": direction})
            assert answer.status_code == 200
            assert "argon2" not in answer.content.decode()


def test_an_attempt_across_tenants_is_filed_with_the_attacker(cast: Cast, signed_in: SignedIn) -> None:
    signed_in(cast.eve).post(reverse("users:delete", args=[cast.cleo.pk]), {"word": "DELETE"})
    entry = Entry.objects.get(actor_id=str(cast.eve.pk), code="user.delete")
    assert (entry.tenant_id, entry.result, entry.target_label) == (cast.evil.pk, "not_found", "")
    assert not Entry.objects.filter(tenant=cast.lumen, actor_id=str(cast.eve.pk)).exists()


def test_a_search_does_not_tell_who_has_an_account_out_of_reach(cast: Cast, signed_in: SignedIn) -> None:
    """Finn plants addresses that hold the guessed ones; whether a guess is right, in South, changes nothing."""
    browser = signed_in(cast.finn)
    for guess in (cast.sue.email, "nobody@lumenhome.example"):
        invite(cast.north, "Decoy Decoy", cast.role("user"), by=cast.finn, email=f"z{guess}")
        body = browser.get("/users/", {"q": guess}).content.decode()
        assert f"z{guess}" in strip_tags(body)
