"""Say who may sign up at an organization by themselves."""

import re
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from fleetfolk.access.actions.edit_rules import LONGEST_DOMAIN, MOST_DOMAINS
from fleetfolk.access.gate import GATE
from fleetfolk.access.models_switches import held_anywhere
from fleetfolk.access.strength import is_strong
from fleetfolk.kernel.action import Action, Risk
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Denied, Refused
from fleetfolk.kernel.outcome import Change, Outcome
from fleetfolk.organizations import limits
from fleetfolk.organizations.archived import require_open
from fleetfolk.organizations.models import Organization, OrganizationKind
from fleetfolk.organizations.permissions import ACCESS_SETTINGS, CREATE_ORGANIZATIONS
from fleetfolk.users.models_signup import SignUp, SignUpInto, SignUpMode
from fleetfolk.users.permissions import INVITE_USERS
from fleetfolk.users.signing_up import FIRST, LAST, WHOLE, new_key, plain_role, terms_above

LONGEST_PATTERN: Final = 60
_DOMAIN: Final = re.compile(r"[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})+")
_KINDS: Final = (OrganizationKind.CLIENT, OrganizationKind.PERSONAL)


@dataclass(frozen=True, kw_only=True, slots=True)
class EditSignUpInput:
    """Everything that is said of signing up; ``mode`` None leaves all of it to the organization above.

    ``domains`` matter where only theirs may come. ``kind`` (client or personal) and ``pattern``, with {last}, {first}
    or {name} in it, are of the organizations that people get; an empty pattern is the product's own. Without a role it
    is the tenant's plain User. ``approve`` has somebody let each one in by hand.
    """

    mode: SignUpMode | None = None
    domains: tuple[str, ...] = ()
    into: SignUpInto = SignUpInto.OWN
    kind: OrganizationKind = OrganizationKind.PERSONAL
    pattern: str = ""
    role_id: int | None = None
    approve: bool = False


class EditSignUp(Action[Organization, EditSignUpInput]):
    """It holds for whoever comes from now on, here and below where nothing else is said. The link stays the same."""

    code = "organization.signup.edit"
    label = _("Edit sign-up")
    said = _("changed who may sign up at %(target)s")
    permission = ACCESS_SETTINGS
    target_model = "organizations.Organization"
    input_type = EditSignUpInput
    risk = Risk.SENSITIVE

    def check(self, *, actor: Actor, target: Organization, data: EditSignUpInput) -> None:
        """Lets nobody open a door wider than they could invite through; refuses strong roles for strangers here."""
        _require_fit(data)
        offered = (data.mode or terms_above(target).mode) is not SignUpMode.OFF
        if offered:
            limits.require_sign_up(target.tenant_id)
            require_open(target)
        said = offered and data.mode is not None
        if not said and data.role_id is None:
            return
        chosen = GATE.require_giveable(actor, INVITE_USERS, target, data.role_id or _plain(target))
        if said and data.into is SignUpInto.HERE and is_strong(held_anywhere(chosen)):
            raise Refused("sign_up_role", name=chosen.name)
        if said and data.into is SignUpInto.OWN and not GATE.decide(actor, CREATE_ORGANIZATIONS, target).allowed:
            raise Denied("sign_up_needs_organizations")

    def apply(self, *, actor: Actor, target: Organization, data: EditSignUpInput) -> Outcome[Organization]:
        """Saves what differs; the first time there is a link."""
        row = SignUp.objects.filter(organization=target).first()
        if row is None:
            row = SignUp(organization=target, tenant_id=target.tenant_id, key=new_key())
        before = _said(row) if row.pk and not row._state.adding else {}
        row.mode = None if data.mode is None else data.mode.value
        row.domains = list(data.domains)
        row.into, row.kind, row.pattern = data.into.value, data.kind.value, data.pattern
        row.role_id, row.approve = data.role_id, data.approve
        row.save()
        fresh = SignUp.objects.select_related("role").get(pk=row.pk)
        after = _said(fresh)
        changes = [Change(name, before.get(name), value) for name, value in after.items() if before.get(name) != value]
        return Outcome(target=target, changes=changes)


def _plain(target: Organization) -> int:
    """The key of the role that is given where none is chosen; 0 where the tenant has no such role."""
    role = plain_role(target.tenant_id)
    return 0 if role is None else role.pk


def _require_fit(data: EditSignUpInput) -> None:
    """Refuses domains that are none, another kind of organization, and a pattern in which nobody's name is."""
    named = all(len(one) <= LONGEST_DOMAIN and _DOMAIN.fullmatch(one) for one in data.domains)
    if len(data.domains) > MOST_DOMAINS or not named:
        raise Refused("rules_email_domains", most=MOST_DOMAINS)
    if data.mode is SignUpMode.DOMAINS and not data.domains:
        raise Refused("sign_up_domains")
    if data.kind not in _KINDS:
        raise Refused("organization_kind")
    marks = [mark for mark in (LAST, FIRST, WHOLE) if mark in data.pattern]
    rest = data.pattern
    for mark in marks:
        rest = rest.replace(mark, "")
    fits = len(data.pattern) <= LONGEST_PATTERN and data.pattern.isprintable() and "{" not in rest and "}" not in rest
    if data.pattern and not (marks and fits):
        raise Refused("sign_up_pattern", longest=LONGEST_PATTERN)


def _said(row: SignUp) -> dict[str, Any]:
    """What the log keeps of it. The key is no secret of anybody's, but it is nobody's business either."""
    return {
        "mode": row.mode,
        "domains": ", ".join(row.domains),
        "into": row.into,
        "kind": row.kind,
        "pattern": row.pattern,
        "role": row.role.name if row.role else None,
        "approve": row.approve,
    }
