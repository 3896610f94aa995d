"""What happens beside others: another factor stays, a limited tenant is counted one by one, a role goes meanwhile."""

from collections.abc import Iterator
from functools import partial

import pytest
from pytest_django import DjangoDbBlocker

from fleetfolk.access.models import Role
from fleetfolk.access.models_guests import Membership
from fleetfolk.kernel.each import fits, perform_each
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.perform import perform
from fleetfolk.testing.cast import Cast, actor
from fleetfolk.testing.door import staging
from fleetfolk.testing.plans import allowing
from fleetfolk.testing.races import meeting_at_the_lock, own_copy_of_the_database
from fleetfolk.testing.samples_guests import invited
from fleetfolk.testing.samples_roles import installers
from fleetfolk.testing.samples_security import app_of
from fleetfolk.testing.samples_signup import OWN, confirmed, offered
from fleetfolk.users.actions.accept_guest import AcceptGuest, GuestInput
from fleetfolk.users.actions.delete_factor import DeleteFactor, FactorInput
from fleetfolk.users.actions.delete_role import DeleteRole, DeleteRoleInput
from fleetfolk.users.actions.delete_user import DeleteUser, DeleteUserInput
from fleetfolk.users.actions.grant_registration import GrantRegistration
from fleetfolk.users.actions.no_input import NoInput
from fleetfolk.users.actions.restore_user import RestoreUser
from fleetfolk.users.models import State, User
from fleetfolk.users.second_factors import CODES, PASSKEY, factors_of

_SAME_NAME = (
    "INSERT INTO organizations_organization (tenant_id, parent_id, name, kind, path, country, time_zone)"
    " SELECT tenant_id, parent_id, %s, kind, '', country, time_zone FROM organizations_organization WHERE id = %s"
)


def test_the_recovery_codes_stay_as_long_as_there_is_another_factor(cast: Cast) -> None:
    app = app_of(cast.cleo)
    with staging():
        factors_of(cast.cleo).create(user_id=cast.cleo.pk, type=PASSKEY, data={"name": "Phone"})
    assert factors_of(cast.cleo).filter(type=CODES).exists()
    perform(DeleteFactor, actor=actor(cast.cleo), target_id=cast.cleo.pk, data=FactorInput(factor_id=app))
    assert set(factors_of(cast.cleo).values_list("type", flat=True)) == {PASSKEY, CODES}


def test_where_a_plan_has_room_for_one_more_one_of_two_comes_back(cast: Cast) -> None:
    gone = [cast.cleo.pk, cast.bob.pk]
    for key in gone:
        perform(DeleteUser, actor=actor(cast.ada), target_id=key, data=DeleteUserInput())
    people = User.objects.filter(pk__in=gone)
    assert fits(RestoreUser, actor=actor(cast.ada), targets=people, data=NoInput()).count() == 2
    seats = User.objects.filter(tenant=cast.lumen).exclude(state=State.DELETION_PENDING).count()
    with staging():
        allowing(cast.lumen, users=seats + 1)
    assert not fits(RestoreUser, actor=actor(cast.ada), targets=people, data=NoInput())
    outcome = perform_each(RestoreUser, actor=actor(cast.ada), target_ids=gone, data=NoInput())
    assert len(outcome.done) == 1
    assert [error.reason for error in outcome.refused.values()] == ["limit_reached"]


class TestAtTheSameMoment:
    """Somebody else has just done something that the other one does not see yet."""

    @pytest.fixture
    def _django_db_helper(self, django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
        with django_db_blocker.unblock(), own_copy_of_the_database():
            yield

    def test_nobody_is_given_a_role_that_is_gone(self, cast: Cast) -> None:
        role = installers(cast)
        with staging():
            instead = Role.objects.create(tenant=cast.lumen, name="Instead", permissions=[], position=8)
        deleting = partial(
            perform,
            DeleteRole,
            actor=actor(cast.ada),
            target_id=role.pk,
            data=DeleteRoleInput(replacement_id=instead.pk),
        )
        [late] = meeting_at_the_lock(deleting, held="DELETE FROM access_role WHERE id = %s", values=[instead.pk])
        assert isinstance(late, Refused), late
        assert late.reason == "role_gone"
        assert Role.objects.filter(pk=role.pk).exists()

    def test_an_invitation_that_is_being_taken_back_makes_no_guest(self, cast: Cast) -> None:
        waiting = invited(cast, cast.cleo, cast.south)
        accepting = partial(
            perform,
            AcceptGuest,
            actor=actor(cast.cleo),
            target_id=cast.cleo.pk,
            data=GuestInput(membership_id=waiting.pk),
        )
        held = "DELETE FROM access_membership WHERE id = %s"
        [late] = meeting_at_the_lock(accepting, held=held, values=[waiting.pk])
        assert isinstance(late, Refused), late
        assert late.reason == "guest_invitation_over"
        assert not Membership.objects.filter(user=cast.cleo).exists()

    def test_a_stranger_s_organization_takes_another_name_than_one_that_is_being_made(self, cast: Cast) -> None:
        offered(cast, cast.north, OWN)
        granting = partial(
            perform,
            GrantRegistration,
            actor=actor(cast.ada),
            target_id=confirmed(cast, cast.north).pk,
            data=NoInput(),
        )
        [made] = meeting_at_the_lock(granting, held=_SAME_NAME, values=["Stranger family", cast.berg.pk])
        assert not isinstance(made, Exception), made
        home = made.target.organization
        assert home.parent_id == cast.north.pk
        assert home.name.startswith("Stranger family ")
