"""A role is deleted, and nobody is left without one."""

import pytest

from fleetfolk.access.models import Role
from fleetfolk.access.models_guests import Membership
from fleetfolk.actionlog.models import Entry
from fleetfolk.kernel.errors import Denied, Refused, TargetNotFound
from fleetfolk.kernel.perform import perform
from fleetfolk.testing.cast import Cast, actor, fresh, invite
from fleetfolk.testing.door import staging
from fleetfolk.testing.samples_guests import guest
from fleetfolk.testing.samples_roles import installers
from fleetfolk.users.actions import delete_role
from fleetfolk.users.actions.delete_role import DeleteRole, DeleteRoleInput
from fleetfolk.users.models import Invitation, User


def delete(cast: Cast, role: Role, to: Role, *, by: User | None = None) -> None:
    perform(DeleteRole, actor=actor(by or cast.ada), target_id=role.pk, data=DeleteRoleInput(replacement_id=to.pk))


def installing(cast: Cast, *people: User) -> Role:
    role = installers(cast)
    with staging():
        User.objects.filter(pk__in=[person.pk for person in people]).update(role=role)
    return role


def test_its_people_get_the_other_role_each_with_an_entry(cast: Cast) -> None:
    role = installing(cast, cast.cleo, cast.bob)
    delete(cast, role, cast.role("user"))
    assert not Role.objects.filter(pk=role.pk).exists()
    assert {fresh(cast.cleo).role.name, fresh(cast.bob).role.name} == {"User"}
    entry = Entry.objects.get(code="role.delete", result="done")
    assert (entry.target_label, entry.target_id) == ("Installer", role.pk)
    assert entry.facts == {"replacement": "User", "people": 2, "guests": 0}
    given = Entry.objects.filter(code="user.role.assign", request_id=entry.request_id, result="done")
    assert {one.target_label for one in given} == {"Cleo Staff", "Bob Berg"}
    assert all(one.changes == [{"field": "role", "before": "Installer", "after": "User"}] for one in given)


def test_an_open_invitation_is_sent_anew_for_the_other_role(cast: Cast) -> None:
    pending = invite(cast.north, "Pia Pending", installers(cast), by=cast.ada)
    delete(cast, installers(cast), cast.role("user"))
    assert Invitation.objects.get(user=pending).role_id_bound == cast.role("user").pk


def test_a_guest_who_has_it_gets_the_other_role_there(cast: Cast) -> None:
    role = installers(cast)
    membership = guest(cast, cast.sue, cast.north)
    with staging():
        Membership.objects.filter(pk=membership.pk).update(role=role)
    delete(cast, role, cast.role("user"))
    assert Membership.objects.get(pk=membership.pk).role == cast.role("user")
    entry = Entry.objects.get(code="guest.edit", result="done")
    assert entry.changes == [{"field": "role", "before": "Installer", "after": "User"}]


def test_nobody_is_lifted_above_who_deletes(cast: Cast) -> None:
    role = installing(cast, cast.cleo)
    with staging():
        own = Role.objects.create(
            tenant=cast.lumen,
            name="Tidy",
            permissions=["devices.view", "roles.delete", "roles.view", "users.view"],
        )
        User.objects.filter(pk=cast.abe.pk).update(role=own)
    with pytest.raises(Denied, match="role_beyond_yours"):
        delete(cast, role, cast.role("admin"), by=cast.abe)
    with pytest.raises(Denied, match="role_beyond_yours"):
        delete(cast, cast.role("staff"), role, by=cast.abe)
    assert fresh(cast.cleo).role_id == role.pk


@pytest.mark.parametrize("builtin", ["admin", "staff", "support", "user"])
def test_built_in_roles_stay(cast: Cast, builtin: str) -> None:
    with pytest.raises(Refused, match="role_stays"):
        delete(cast, cast.role(builtin), installers(cast))


def test_the_replacement_is_another_role_of_the_tenant(cast: Cast) -> None:
    with pytest.raises(Refused, match="role_replaces_itself"):
        delete(cast, installers(cast), installers(cast))
    with pytest.raises(TargetNotFound):
        delete(cast, installers(cast), cast.role("user", cast.evil))


def test_a_role_of_very_many_is_a_matter_of_a_job(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delete_role, "MOST_PEOPLE", 1)
    role = installing(cast, cast.cleo, cast.bob)
    with pytest.raises(Refused, match="role_has_many"):
        delete(cast, role, cast.role("user"))
    assert fresh(cast.cleo).role_id == role.pk
