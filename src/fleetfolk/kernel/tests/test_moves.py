"""An Action that moves its target is asked about twice."""

from typing import ClassVar

import pytest

from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import TargetNotFound
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.kernel.perform import perform
from fleetfolk.organizations.models import Organization
from fleetfolk.testing.cast import Cast, actor, fresh
from fleetfolk.users.actions.no_input import NoInput
from fleetfolk.users.models import User
from fleetfolk.users.permissions import TRANSFER_USERS


class MoveAway(Action[User, NoInput]):
    """An Action that forgot to ask where it moves somebody to: the kernel asks. It is in no catalogue."""

    abstract = True
    code = "user.transfer"
    permission = TRANSFER_USERS
    target_model = "users.User"
    input_type = NoInput
    moves_target = True
    destination: ClassVar[Organization]

    def apply(self, *, actor: Actor, target: User, data: NoInput) -> Outcome[User]:
        """Moves the person wherever."""
        target.organization = self.destination
        target.save(update_fields=["organization"])
        target.refresh_from_db()
        return Outcome(target=target)


def test_nobody_is_moved_out_of_the_movers_reach(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(MoveAway, "destination", cast.south, raising=False)
    with pytest.raises(TargetNotFound):
        perform(MoveAway, actor=actor(cast.finn), target_id=cast.cleo.pk, data=NoInput())
    assert fresh(cast.cleo).organization == cast.north
    monkeypatch.setattr(MoveAway, "destination", cast.berg, raising=False)
    perform(MoveAway, actor=actor(cast.finn), target_id=cast.cleo.pk, data=NoInput())
    assert fresh(cast.cleo).organization == cast.berg
