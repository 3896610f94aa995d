"""Say what holds in an organization and below it."""

import re
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from fleetfolk.access.gate import GATE
from fleetfolk.kernel.action import Action, Risk
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Denied, Refused
from fleetfolk.kernel.outcome import Change, Outcome
from fleetfolk.kernel.permissions import PERMISSIONS
from fleetfolk.organizations.models import AssistanceRule, Organization
from fleetfolk.organizations.permissions import ACCESS_SETTINGS
from fleetfolk.organizations.queries import rules_above, rules_of

OVERSIGHT: Final = "support.approve"
"""The right, of the assistance above this package, that opening an organization to assistants takes."""

MOST_CAP: Final = 100

MOST_DOMAINS: Final = 50
LONGEST_DOMAIN: Final = 253
_DOMAIN = re.compile(r"[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})+")

LEAST_IDLE: Final = 5
MOST_IDLE: Final = 14 * 24 * 60
MOST_HOURS: Final = 14 * 24
"""A session lasts two weeks on every installation, so a longer one cannot be asked for."""
LEAST_LENGTH: Final = 8
MOST_LENGTH: Final = 64

_OPENNESS: Final = {AssistanceRule.OFF: 0, AssistanceRule.ASK: 1, AssistanceRule.WAIVED: 2}


@dataclass(frozen=True, kw_only=True, slots=True)
class EditRulesInput:
    """Each rule of the organization's own; None is that of the organization above. No domain at all is any."""

    assistance: AssistanceRule | None = None
    second_factor: bool | None = None
    second_factor_staff: bool | None = None
    gravatar: bool | None = None
    message_cap: int | None = None
    email_domains: tuple[str, ...] | None = None
    session_idle: int | None = None
    session_hours: int | None = None
    password_length: int | None = None
    password_mixed: bool | None = None


class EditRules(Action[Organization, EditRulesInput]):
    """The rules hold from the next request on, here and below where nothing else is said."""

    code = "organization.rules.edit"
    label = _("Edit organization rules")
    said = _("changed the rules of %(target)s")
    permission = ACCESS_SETTINGS
    target_model = "organizations.Organization"
    input_type = EditRulesInput
    risk = Risk.SENSITIVE

    def check(self, *, actor: Actor, target: Organization, data: EditRulesInput) -> None:
        """Opening the organization to remote assistance takes the right to oversee it, too."""
        if data.message_cap is not None and not 0 <= data.message_cap <= MOST_CAP:
            raise Refused("rules_message_cap", most=MOST_CAP)
        if data.session_idle and not LEAST_IDLE <= data.session_idle <= MOST_IDLE:
            raise Refused("rules_session_idle", least=LEAST_IDLE, most=MOST_IDLE)
        if data.session_hours and not 1 <= data.session_hours <= MOST_HOURS:
            raise Refused("rules_session_hours", most=MOST_HOURS)
        if data.password_length and not LEAST_LENGTH <= data.password_length <= MOST_LENGTH:
            raise Refused("rules_password_length", least=LEAST_LENGTH, most=MOST_LENGTH)
        domains = data.email_domains or ()
        if len(domains) > MOST_DOMAINS or not all(
            len(one) <= LONGEST_DOMAIN and _DOMAIN.fullmatch(one) for one in domains
        ):
            raise Refused("rules_email_domains", most=MOST_DOMAINS)
        before = rules_of(target).assistance
        after = data.assistance if data.assistance is not None else rules_above(target).assistance
        if _OPENNESS[after] <= _OPENNESS[before]:
            return
        oversight = PERMISSIONS.get(OVERSIGHT)
        if oversight is None or not GATE.decide(actor, oversight, target).allowed:
            raise Denied("rules_need_oversight")

    def apply(self, *, actor: Actor, target: Organization, data: EditRulesInput) -> Outcome[Organization]:
        """Saves what differs."""
        values: dict[str, Any] = {
            "assistance_rule": None if data.assistance is None else data.assistance.value,
            "second_factor_rule": data.second_factor,
            "second_factor_staff_rule": data.second_factor_staff,
            "gravatar_rule": data.gravatar,
            "message_cap_rule": data.message_cap,
            "email_domains_rule": None if data.email_domains is None else list(data.email_domains),
            "session_idle_rule": data.session_idle,
            "session_hours_rule": data.session_hours,
            "password_length_rule": data.password_length,
            "password_mixed_rule": data.password_mixed,
        }
        differ = {name: value for name, value in values.items() if getattr(target, name) != value}
        changes = [Change(name, _said(getattr(target, name)), _said(value)) for name, value in differ.items()]
        for name, value in differ.items():
            setattr(target, name, value)
        if changes:
            target.save(update_fields=[change.field for change in changes])
        return Outcome(target=target, changes=changes)


def _said(value: Any) -> Any:
    """The rule as the log keeps it."""
    return ", ".join(value) or "*" if isinstance(value, list) else value
