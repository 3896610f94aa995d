"""Send an invitation again."""

from collections.abc import Sequence

from django.db import connection
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django import app
from procrastinate.types import JSONDict

from fleetfolk.access.gate import GATE
from fleetfolk.kernel import clock
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.enqueue import enqueue
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Alike, Outcome
from fleetfolk.users.actions.no_input import NoInput
from fleetfolk.users.models import INVITATION_LASTS, Invitation, State, User
from fleetfolk.users.permissions import INVITE_USERS

_RENEW = """
    INSERT INTO users_invitation AS invitation (tenant_id, user_id, email, role_id_bound, organization_id_bound,
        secret_hash, invited_by_id, invited_by_label, expires_at)
    SELECT u.tenant_id, u.id, u.email, u.role_id, u.organization_id, '', %s, %s, %s
    FROM users_user u WHERE u.id = ANY(%s) ORDER BY u.id
    ON CONFLICT (user_id) DO UPDATE SET tenant_id = excluded.tenant_id, email = excluded.email,
        role_id_bound = excluded.role_id_bound, organization_id_bound = excluded.organization_id_bound,
        secret_hash = '', invited_by_id = excluded.invited_by_id, invited_by_label = excluded.invited_by_label,
        expires_at = excluded.expires_at, sent_at = NULL, opened_at = NULL, revoked_at = NULL
    RETURNING invitation.id, invitation.tenant_id
"""


class SendInvitation(Action[User, NoInput]):
    """A new mail is on its way with a new link, valid for thirty days; the old link no longer works."""

    code = "user.invitation.send"
    label = _("Resend invitation")
    said = _("sent the invitation of %(target)s again")
    permission = INVITE_USERS
    target_model = "users.User"
    input_type = NoInput

    def check(self, *, actor: Actor, target: User, data: NoInput) -> None:
        """Refuses for whoever is not pending, and denies a role that the actor could not give."""
        require_invitable(actor, target)

    def apply(self, *, actor: Actor, target: User, data: NoInput) -> Outcome[User]:
        """Voids the old link and queues the mail."""
        renew_invitation(target, actor)
        return Outcome(target=target, facts={"email": target.email})

    def fitting(self, *, actor: Actor, targets: QuerySet[User], data: NoInput) -> QuerySet[User]:
        """The pending whose role the actor could give them."""
        there = GATE.where_giveable(actor, INVITE_USERS)
        return targets.none() if there is None else targets.filter(there, state=State.PENDING)

    def apply_alike(self, *, actor: Actor, ids: Sequence[int], data: NoInput) -> Sequence[Alike]:
        """Voids the old links and queues the mails."""
        _renew_invitations(ids, actor)
        return [Alike(model=User, ids=ids, columns={"email": "email"})]


def require_invitable(actor: Actor, target: User) -> None:
    """Refuses for whoever is not pending; denies a role that holds more than the actor.

    Whoever may redirect an invitation could take it, so this asks for as much as inviting anew.
    """
    if target.state != State.PENDING:
        raise Refused("not_pending", name=str(target), status=str(target.status.label))
    GATE.require_giveable(actor, INVITE_USERS, target.organization, target.role_id)


def renew_open_invitation(target: User, actor: Actor) -> None:
    """An invitation that is open is renewed for who the person is now; none is made, and none that ended comes back."""
    invitation = Invitation.objects.filter(user=target).first()
    if invitation is not None and invitation.is_open:
        renew_invitation(target, actor)


def renew_invitation(target: User, actor: Actor) -> None:
    """The pending person's old link is void; a mail with a new one, for who they are now, is queued."""
    invitation, _created = Invitation.objects.update_or_create(
        user=target,
        defaults={
            "tenant_id": target.tenant_id,
            "email": target.email,
            "role_id_bound": target.role_id,
            "organization_id_bound": target.organization_id,
            "secret_hash": "",
            "invited_by_id": actor.id,
            "invited_by_label": actor.label,
            "expires_at": clock.now() + INVITATION_LASTS,
            "sent_at": None,
            "opened_at": None,
            "revoked_at": None,
        },
    )
    enqueue("users.send_invitation", invitation_id=invitation.pk, tenant_id=target.tenant_id)


def renew_open_invitations(ids: Sequence[int], actor: Actor) -> None:
    """What `renew_open_invitation` does, to those of many who are pending."""
    waiting = Invitation.objects.filter(user_id__in=ids, user__state=State.PENDING, expires_at__gt=clock.now())
    still_open = waiting.filter(accepted_at=None, revoked_at=None)
    _renew_invitations(list(still_open.values_list("user_id", flat=True)), actor)


def _renew_invitations(ids: Sequence[int], actor: Actor) -> None:
    """What `renew_invitation` does, to many."""
    if not ids:
        return
    with connection.cursor() as cursor:
        cursor.execute(_RENEW, [actor.id, actor.label, clock.now() + INVITATION_LASTS, list(ids)])
        mails: list[JSONDict] = [{"invitation_id": key, "tenant_id": tenant} for key, tenant in cursor.fetchall()]
    app.configure_task("users.send_invitation").batch_defer(*mails)
