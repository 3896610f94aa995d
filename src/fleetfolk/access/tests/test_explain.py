"""“Why can I not?” has an answer in sentences, and it is the gate's."""

import pytest

from fleetfolk.access.explain import explain
from fleetfolk.access.gate import GATE
from fleetfolk.access.permissions import EDIT_ROLES
from fleetfolk.devices.models import ShareLevel
from fleetfolk.devices.permissions import EDIT_TEMPLATES, ORG_DEVICES_CONTROL, ORG_DEVICES_EDIT
from fleetfolk.kernel.actor import system_actor
from fleetfolk.kernel.permissions import PERMISSIONS
from fleetfolk.kernel.reasons import REASONS
from fleetfolk.organizations.permissions import EDIT_ORGANIZATIONS
from fleetfolk.testing.cast import Cast, actor
from fleetfolk.testing.devices import device_of, shared_with, template_of
from fleetfolk.testing.door import staging
from fleetfolk.users.models import User
from fleetfolk.users.permissions import DELETE_USERS, OWN_ACCOUNT, SUSPEND_USERS


def test_what_is_allowed_says_each_reason(cast: Cast) -> None:
    answer = explain(actor(cast.cleo), SUSPEND_USERS, cast.bob)
    assert answer.allowed
    assert [step.sentence for step in answer.steps] == [
        "Bob Berg is in North or below it, where the role Staff is held.",
        "The role Staff includes “Disable and enable users”.",
        "Bob Berg holds nothing that the role Staff does not.",
    ]
    assert answer.why_not == ""


def test_a_missing_permission_names_the_roles_that_have_it(cast: Cast) -> None:
    answer = explain(actor(cast.cleo), DELETE_USERS, cast.bob)
    assert answer.why_not == "The role Staff does not include “Delete users”. Roles that do: Admin."


def test_somebody_stronger_is_said_to_be(cast: Cast) -> None:
    why_not = explain(actor(cast.cleo), SUSPEND_USERS, cast.finn).why_not
    assert why_not.startswith("Finn North holds more than the role Staff: “")


@pytest.mark.parametrize("who", ["sam", "eve"])
def test_nothing_is_told_of_what_is_out_of_reach(cast: Cast, who: str) -> None:
    answer = explain(actor(getattr(cast, who)), SUSPEND_USERS, cast.bob)
    assert [step.sentence for step in answer.steps] == ["This does not exist, or it is not yours to see."]


def test_a_disabled_person_is_told_so(cast: Cast) -> None:
    with staging():
        cast.finn.disabled_at = cast.finn.created_at
        cast.finn.save(update_fields=["disabled_at"])
    assert "disabled" in explain(actor(cast.finn), SUSPEND_USERS, cast.bob).why_not


def test_what_one_owns_or_shares_is_said_to_be_the_reason(cast: Cast) -> None:
    device, _token = device_of(cast.south, "Cellar", owner=cast.bob)
    shared_with(device, cast.sue, ShareLevel.CONTROL)
    own = explain(actor(cast.bob), ORG_DEVICES_EDIT, device)
    assert own.allowed
    assert [step.sentence for step in own.steps] == [
        "Cellar is one’s own.",
        "The role User includes “Edit own devices”.",
    ]
    assert explain(actor(cast.sue), ORG_DEVICES_CONTROL, device).steps[-1].sentence == "The share goes so far."
    too_far = explain(actor(cast.sue), ORG_DEVICES_EDIT, device)
    assert too_far.why_not == "This device is shared with you, but not so far. Ask its owner for more."


def test_ones_own_account_is_ones_own(cast: Cast) -> None:
    assert explain(actor(cast.bob), OWN_ACCOUNT, cast.bob).allowed
    assert not explain(actor(cast.ada), OWN_ACCOUNT, cast.bob).allowed


def test_the_answer_is_always_the_gates(cast: Cast) -> None:
    for who in (cast.ada, cast.dana, cast.cleo, cast.bob, cast.eve):
        for target in (cast.ada, cast.finn, cast.bob, cast.eve):
            for permission in PERMISSIONS.values():
                answer = explain(actor(who), permission, target)
                assert answer.allowed == GATE.decide(actor(who), permission, target).allowed
                assert answer.allowed == all(step.holds for step in answer.steps)
    assert explain(actor(cast.ada), EDIT_ROLES, cast.role("staff")).allowed


def test_to_somebody_else_also_what_is_out_of_reach_is_explained(cast: Cast) -> None:
    """An Admin asks why Sam of South cannot: both are theirs to know of."""
    beside = explain(actor(cast.sam), SUSPEND_USERS, cast.bob, openly=True)
    assert beside.why_not == "Bob Berg is in Familie Berg. The role Admin is held in South, and reaches no further."
    assert explain(actor(cast.sam), EDIT_ORGANIZATIONS, cast.north, openly=True).why_not.startswith(
        "North is in North."
    )
    missing = explain(actor(cast.bob), SUSPEND_USERS, cast.bob, openly=True)
    assert [step.holds for step in missing.steps] == [True, False]
    assert missing.why_not.startswith("The role User does not include “Disable and enable users”.")
    other = explain(actor(cast.eve), SUSPEND_USERS, cast.bob, openly=True)
    assert other.why_not == "This does not exist, or it is not yours to see."


def test_the_installation_acts_by_a_list_of_its_own(cast: Cast) -> None:
    answer = explain(system_actor("caretaker", tenant_id=cast.lumen.pk), SUSPEND_USERS, cast.bob)
    assert answer.why_not == "The installation itself acts by a list of its own, not by a role."


def test_developer_mode_is_one_of_the_reasons(cast: Cast) -> None:
    template = template_of(cast.lumen)
    on = explain(actor(cast.ada), EDIT_TEMPLATES, template)
    assert "It takes developer mode, which is on." in [step.sentence for step in on.steps]
    with staging():
        User.objects.filter(pk=cast.ada.pk).update(developer=False)
    off = explain(actor(cast.ada), EDIT_TEMPLATES, template)
    assert not off.allowed
    assert off.why_not == str(REASONS["not_a_developer"])
