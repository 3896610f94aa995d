"""What can be done to a person's account, and to their invitation."""

from django.utils.translation import gettext_lazy as _

from fleetfolk.users.actions.assign_password import AssignPassword
from fleetfolk.users.actions.disable_developer import DisableDeveloper
from fleetfolk.users.actions.disable_user import DisableUser
from fleetfolk.users.actions.edit_email import EditEmail
from fleetfolk.users.actions.edit_invitation import EditInvitation
from fleetfolk.users.actions.edit_user import EditUser
from fleetfolk.users.actions.enable_developer import EnableDeveloper
from fleetfolk.users.actions.enable_user import EnableUser
from fleetfolk.users.actions.end_sessions import EndSessions
from fleetfolk.users.actions.reset_password import ResetPassword
from fleetfolk.users.actions.revoke_invitation import RevokeInvitation
from fleetfolk.users.actions.send_invitation import SendInvitation
from fleetfolk.users.actions.transfer_user import TransferUser
from fleetfolk.users.developers import could_develop, develops
from fleetfolk.users.models import State, User
from fleetfolk.users.queries import invitation_of
from fleetfolk.users.web.act import ACTIVE, EDITABLE, PENDING, PRESENT, Act


def _invitation_stands(person: User) -> bool:
    invitation = invitation_of(person)
    return invitation is not None and invitation.revoked_at is None


PROFILE_ACTS: tuple[Act, ...] = (
    Act(
        action=EditUser,
        label=_("Edit…"),
        icon="pencil",
        url="users:edit",
        method="dialog",
        states=EDITABLE,
        group=1,
        end="E",
        to_oneself=True,
    ),
    Act(
        action=SendInvitation,
        label=_("Resend invitation"),
        icon="mail-forward",
        url="users:send-invitation",
        method="post",
        states=PENDING,
        group=2,
    ),
    Act(
        action=EditInvitation,
        label=_("Correct address…"),
        icon="mail",
        url="users:edit-invitation",
        method="dialog",
        states=PENDING,
        group=2,
    ),
    Act(
        action=RevokeInvitation,
        label=_("Revoke invitation"),
        icon="circle-x",
        url="users:revoke-invitation",
        method="post",
        states=PENDING,
        group=2,
        when=_invitation_stands,
    ),
    Act(
        action=EditEmail,
        label=_("Change e-mail…"),
        icon="mail",
        url="users:edit-email",
        method="dialog",
        states=ACTIVE,
        group=2,
    ),
    Act(
        action=ResetPassword,
        label=_("Send reset link…"),
        icon="link",
        url="users:reset-password",
        method="dialog",
        states=ACTIVE,
        group=2,
    ),
    Act(
        action=AssignPassword,
        label=_("Set a password…"),
        icon="key",
        url="users:assign-password",
        method="dialog",
        states=ACTIVE,
        group=2,
    ),
    Act(
        action=EndSessions,
        label=_("Force log-out"),
        icon="logout",
        url="users:end-sessions",
        method="post",
        states=ACTIVE,
        group=2,
        to_oneself=True,
    ),
    Act(
        action=EnableDeveloper,
        label=_("Switch developer mode on"),
        icon="tool",
        url="users:developer-on",
        method="post",
        states=ACTIVE,
        group=2,
        to_oneself=True,
        beside=True,
        when=lambda person: could_develop(person) and not develops(person),
    ),
    Act(
        action=DisableDeveloper,
        label=_("Switch developer mode off"),
        icon="tool",
        url="users:developer-off",
        method="post",
        states=ACTIVE,
        group=2,
        to_oneself=True,
        beside=True,
        when=develops,
    ),
    Act(
        action=TransferUser,
        label=_("Transfer…"),
        icon="switch-horizontal",
        url="users:transfer",
        method="dialog",
        states=PRESENT,
        group=3,
    ),
    Act(
        action=DisableUser,
        label=_("Disable…"),
        icon="ban",
        url="users:disable",
        method="dialog",
        states=PRESENT,
        group=3,
    ),
    Act(
        action=EnableUser,
        label=_("Enable"),
        icon="user-check",
        url="users:enable",
        method="post",
        states=frozenset({State.DISABLED}),
        group=3,
    ),
)
