"""What can be done to one person, in one table: the row's menu, the person's page and every dialog read it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise

from fleetfolk.access.gate import Decision
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Denied, Refused, TargetNotFound
from fleetfolk.kernel.reasons import REASONS
from fleetfolk.users.actions.assign_password import AssignPassword
from fleetfolk.users.actions.delete_user import DeleteUser
from fleetfolk.users.actions.disable_user import DisableUser
from fleetfolk.users.actions.edit_invitation import EditInvitation
from fleetfolk.users.actions.edit_user import EditUser
from fleetfolk.users.actions.enable_user import EnableUser
from fleetfolk.users.actions.end_sessions import EndSessions
from fleetfolk.users.actions.reset_password import ResetPassword
from fleetfolk.users.actions.restore_user import RestoreUser
from fleetfolk.users.actions.revoke_invitation import RevokeInvitation
from fleetfolk.users.actions.send_invitation import SendInvitation
from fleetfolk.users.actions.transfer_user import TransferUser
from fleetfolk.users.models import State, User
from fleetfolk.users.permissions import INVITE_USERS
from fleetfolk.users.queries import decisions_on, giveable_roles, invitation_of

AnyAction = type[Action[Any, Any]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Act:
    """One entry: the Action behind it, its words and icon, its URL's name, and for whom it makes sense.

    ``method`` is what a click does: ``dialog`` asks something first, ``post`` does it at once.
    """

    action: AnyAction
    label: StrPromise
    icon: str
    url: str
    method: str
    states: frozenset[State]
    group: int
    end: str = ""
    bad: bool = False
    to_oneself: bool = False
    when: Callable[[User], bool] | None = None

    def fits(self, actor: Actor, person: User) -> bool:
        """Whether the person's state leaves something to do."""
        if actor.user_id == person.pk and not self.to_oneself:
            return False
        return person.state in self.states and (self.when is None or self.when(person))


def _invitation_stands(person: User) -> bool:
    invitation = invitation_of(person)
    return invitation is not None and invitation.revoked_at is None


ACTIVE = frozenset({State.ACTIVE})
PENDING = frozenset({State.PENDING})
PRESENT = frozenset({State.ACTIVE, State.PENDING})
EDITABLE = frozenset({State.ACTIVE, State.PENDING, State.DISABLED})

ACTS: tuple[Act, ...] = (
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
_BY_URL = {act.url: act for act in ACTS}


@dataclass(frozen=True, kw_only=True, slots=True)
class Doable:
    """What an actor may do to a person now, or the sentence that says why that is nothing."""

    acts: Sequence[Act]
    why_not: str = ""

    def items(self, person: User, *, opening: bool) -> list[dict[str, object]]:
        """The entries as `console/components/menu_items.html` shows them."""
        items: list[dict[str, object]] = []
        if opening:
            items.append(
                {
                    "label": _("Open"),
                    "icon": "user-circle",
                    "method": "get",
                    "url": reverse("users:detail", args=[person.pk]),
                    "end": "↵",
                }
            )
        group = self.acts[0].group if self.acts else 0
        for act in self.acts:
            if act.group != group:
                items.append({"divider": True})
                group = act.group
            items.append(
                {
                    "label": act.label,
                    "icon": act.icon,
                    "method": act.method,
                    "url": reverse(act.url, args=[person.pk]),
                    "end": act.end,
                    "bad": act.bad,
                }
            )
        return items


def act_of(url: str) -> Act:
    """The entry with this URL's name."""
    return _BY_URL[url]


def doable(actor: Actor, person: User) -> Doable:
    """What the gate allows the actor to do to the person, among what the person's state leaves to do."""
    fitting = [act for act in ACTS if act.fits(actor, person)]
    decisions = _decisions(actor, person)
    refusals: list[Decision] = []
    allowed = []
    for act in fitting:
        decision = decisions[act.action.permission.code]
        if decision.allowed:
            allowed.append(act)
        else:
            refusals.append(decision)
    if allowed or not refusals:
        return Doable(acts=allowed)
    # That somebody is stronger says more than that a right is missing.
    reasons = sorted({refusal.reason for refusal in refusals}, key=lambda reason: not reason.endswith("_is_stronger"))
    return Doable(acts=(), why_not=str(REASONS[reasons[0]]))


def require_doable(url: str, *, actor: Actor, person: User) -> None:
    """Return where the dialog makes sense. Raises as the Action would: nobody fills in a form in vain."""
    act = act_of(url)
    decision = _decisions(actor, person)[act.action.permission.code]
    if not decision.visible:
        raise TargetNotFound
    if not decision.allowed:
        raise Denied(decision.reason)
    if person.state not in act.states:
        raise Refused("already", name=str(person), status=str(person.status.label))
    if not act.fits(actor, person):
        raise Refused("own_account_stays" if actor.user_id == person.pk else "invitation_over")


def _decisions(actor: Actor, person: User) -> dict[str, Decision]:
    """The gate's answers, with what the Actions on invitations ask on top: whether the role is the actor's to give."""
    decisions = decisions_on(actor, person, [act.action.permission for act in ACTS])
    inviting = decisions[INVITE_USERS.code]
    if inviting.allowed and person.state == State.PENDING:
        roles = giveable_roles(actor, INVITE_USERS, person.organization)
        if all(role.pk != person.role_id for role in roles):
            decisions[INVITE_USERS.code] = Decision(allowed=False, reason="role_is_stronger", grant=inviting.grant)
    return decisions
