"""Disabling a person."""

import pytest

from fleetfolk.actionlog.models import Entry
from fleetfolk.kernel.errors import Denied, Refused, TargetNotFound
from fleetfolk.kernel.perform import perform
from fleetfolk.testing.cast import Cast, actor, fresh
from fleetfolk.testing.plugin import SignedIn
from fleetfolk.users.actions.disable_user import DisableUser
from fleetfolk.users.actions.no_input import ReasonInput
from fleetfolk.users.models import Status, User


def disable(by: User, target: User) -> None:
    perform(DisableUser, actor=actor(by), target_id=target.pk, data=ReasonInput(reason="left"))


def test_bob_is_out_at_his_next_request(cast: Cast, signed_in: SignedIn) -> None:
    browser = signed_in(cast.bob)
    assert browser.get("/users/").status_code != 302
    disable(cast.ada, cast.bob)
    assert fresh(cast.bob).status is Status.DISABLED
    assert browser.get("/users/").status_code == 302
    entry = Entry.objects.filter(code="user.disable").latest("at")
    assert (entry.result, entry.actor_label, entry.target_label) == ("done", "Ada Lindqvist", "Bob Berg")
    assert entry.facts == {"reason": "left"}


def test_staff_cannot_disable_an_admin_and_the_attempt_is_logged(cast: Cast) -> None:
    with pytest.raises(Denied, match="target_is_stronger"):
        disable(cast.cleo, cast.finn)
    assert fresh(cast.finn).is_active
    assert Entry.objects.get(code="user.disable").result == "denied"


@pytest.mark.parametrize("by", ["eve", "sam", "bea"])
def test_a_person_out_of_reach_does_not_exist(cast: Cast, by: str) -> None:
    with pytest.raises(TargetNotFound):
        disable(getattr(cast, by), cast.cleo)
    assert fresh(cast.cleo).is_active
    assert Entry.objects.get(code="user.disable").result == "not_found"


def test_the_last_admin_of_an_organization_stays(cast: Cast) -> None:
    with pytest.raises(Refused, match="last_admin"):
        disable(cast.ada, cast.finn)
    assert fresh(cast.finn).is_active


def test_nobody_disables_themselves(cast: Cast) -> None:
    with pytest.raises(Refused, match="own_account_stays"):
        disable(cast.ada, cast.ada)
