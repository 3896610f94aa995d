"""What can be done about a person's data: taking it along, hiding it, and taking it away."""

from django.utils.translation import gettext_lazy as _

from fleetfolk.users.actions.activate_user import ActivateUser
from fleetfolk.users.actions.deactivate_user import DeactivateUser
from fleetfolk.users.actions.delete_user import DeleteUser
from fleetfolk.users.actions.export_user import ExportUser
from fleetfolk.users.actions.restore_user import RestoreUser
from fleetfolk.users.models import State
from fleetfolk.users.web.act import EDITABLE, Act

PRIVACY_ACTS: tuple[Act, ...] = (
    Act(
        action=ExportUser,
        label=_("Export all data…"),
        icon="download",
        url="users:export",
        method="dialog",
        states=frozenset(State),
        group=3,
    ),
    Act(
        action=DeactivateUser,
        label=_("Deactivate…"),
        icon="user-off",
        url="users:deactivate",
        method="dialog",
        states=EDITABLE,
        group=4,
    ),
    Act(
        action=ActivateUser,
        label=_("Activate"),
        icon="user-check",
        url="users:activate",
        method="post",
        states=frozenset({State.DEACTIVATED}),
        group=4,
    ),
    Act(
        action=DeleteUser,
        label=_("Delete…"),
        icon="trash",
        url="users:delete",
        method="dialog",
        states=frozenset(State) - {State.DELETION_PENDING},
        group=4,
        bad=True,
        when=lambda person: person.deletion_requested_at is None,
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
