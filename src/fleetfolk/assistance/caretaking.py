"""Whether an assistance may still go on, and ending it where not: at every request and every minute."""

import structlog

from fleetfolk.access.grants import grant_of
from fleetfolk.assistance.actions.end_assistance import EndAssistance, EndAssistanceInput
from fleetfolk.assistance.models import Assistance, Basis, EndCause
from fleetfolk.assistance.queries import standing_consent
from fleetfolk.assistance.rules import objection
from fleetfolk.kernel.actor import Client, system_actor
from fleetfolk.kernel.errors import ActionError
from fleetfolk.kernel.perform import perform
from fleetfolk.organizations.queries import rules_of
from fleetfolk.users.models import User

_LOG = structlog.get_logger("fleetfolk.assistance")


def cause_by_rules(row: Assistance, agent: User | None, customer: User | None) -> EndCause | None:
    """What has changed since it began, so that it could not begin now; both were loaded a moment ago, if active."""
    if agent is None:
        return EndCause.RIGHTS
    if customer is None or customer.tenant_id != row.tenant_id:
        return EndCause.TARGET
    if row.basis == Basis.CONSENT:
        consent = standing_consent(customer.pk)
        if consent is None or not consent.covers(row.mode):
            return EndCause.CONSENT
    actor = agent.as_actor(Client.WEB)
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
