"""Who may come in below `/as/`: asked anew at every request, of everything that could have changed."""

import hmac
import uuid
from dataclasses import dataclass

import structlog
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest

from fleetfolk.access.gate import grant_of
from fleetfolk.assistance.actions.end_assistance import EndAssistance, EndAssistanceInput
from fleetfolk.assistance.models import Assistance, Basis, EndCause
from fleetfolk.assistance.queries import standing_consent
from fleetfolk.assistance.rules import objection
from fleetfolk.assistance.web.cookie import secret_in
from fleetfolk.kernel.actor import Actor, ActorKind, Client, system_actor
from fleetfolk.kernel.errors import ActionError
from fleetfolk.kernel.perform import perform
from fleetfolk.organizations.queries import rules_of
from fleetfolk.users.models import User
from fleetfolk.users.secret import secret_hash
from fleetfolk.users.signed_in import signed_in_person

_LOG = structlog.get_logger("fleetfolk.assistance")


@dataclass(frozen=True, kw_only=True, slots=True)
class Admitted:
    """The assistance that goes on, and the customer whose view it is."""

    row: Assistance
    customer: User


class Shut(Exception):
    """Nobody comes in. ``known`` says whether the browser is the assistant's own, who may be told why."""

    def __init__(self, *, known: bool) -> None:
        super().__init__()
        self.known = known


def admit(request: HttpRequest, public_id: uuid.UUID) -> Admitted:
    """The assistance, where it goes on in this very browser. Raises `Shut`.

    Whoever shows the cookie without being the assistant in the assistant's own session ends it: the cookie has left
    the browser that it was given to, or the assistant has signed out.
    """
    agent = request.user
    row = Assistance.objects.filter(public_id=public_id).first()
    if row is None:
        raise Shut(known=False)
    known = row.agent_id is not None and agent.pk == row.agent_id
    if row.ended_at is not None:
        raise Shut(known=known)
    if not hmac.compare_digest(secret_hash(secret_in(request)), row.secret_hash):
        raise Shut(known=known)
    customer = signed_in_person(row.user_id)
    cause = _cause_to_end(request, row, agent, customer)
    if cause is not None or customer is None:
        end_for(row, cause or EndCause.TARGET)
        raise Shut(known=known)
    return Admitted(row=row, customer=customer)


def _cause_to_end(
    request: HttpRequest, row: Assistance, agent: AbstractBaseUser | AnonymousUser, customer: User | None
) -> EndCause | None:
    if not isinstance(agent, User) or agent.pk != row.agent_id or not _is_same_browser(request, row):
        return EndCause.BROWSER
    return row.over or cause_by_rules(row, agent, customer)


def _is_same_browser(request: HttpRequest, row: Assistance) -> bool:
    return hmac.compare_digest(browser_of(request), row.browser_hash)


def browser_of(request: HttpRequest) -> str:
    """The hash of the signed-in person's own session: an assistance is bound to it."""
    return secret_hash(f"assistance:{request.session.session_key or uuid.uuid4()}")


def cause_by_rules(row: Assistance, agent: User, customer: User | None) -> EndCause | None:
    """What has changed since it began, so that it could not begin now; both were loaded a moment ago."""
    if customer is None or customer.tenant_id != row.tenant_id:
        return EndCause.TARGET
    if row.basis == Basis.CONSENT:
        consent = standing_consent(customer.pk)
        if consent is None or not consent.covers(row.mode):
            return EndCause.CONSENT
    actor = Actor(
        kind=ActorKind.USER, id=str(agent.pk), label=str(agent), tenant_id=agent.tenant_id, client=Client.WEB
    )
    rules = rules_of(customer.organization)
    against = objection(actor, customer, mode=row.mode, rules=rules, grants=[grant_of(agent)])
    return None if against is None else against.cause


def end_for(row: Assistance, cause: EndCause) -> None:
    """The installation has ended it, unless somebody was quicker."""
    try:
        perform(
            EndAssistance,
            actor=system_actor("caretaker", tenant_id=row.tenant_id),
            target_id=row.user_id,
            data=EndAssistanceInput(assistance_id=row.pk, cause=cause),
        )
    except ActionError as error:
        _LOG.info("assistance_not_ended", assistance=row.pk, reason=error.reason)
