"""What can be done about a person's data: taking it along, and taking it away."""

from django.utils.translation import gettext_lazy as _

from fleetfolk.users.actions.delete_user import DeleteUser
from fleetfolk.users.actions.restore_user import RestoreUser
from fleetfolk.users.models import State
from fleetfolk.users.web.act import Act

PRIVACY_ACTS: tuple[Act, ...] = (
    Act(
        action=DeleteUser,
        label=_("Delete…"),
        icon="trash",
        url="users:delete",
        method="dialog",
        states=frozenset(State) - {State.DELETION_PENDING},
        group=4,
        bad=True,
    ),
    Act(
        action=RestoreUser,
        label=_("Restore"),
        icon="arrow-back-up",
        url="users:restore",
        method="post",
        states=frozenset({State.DELETION_PENDING}),
        group=4,
    ),
)
