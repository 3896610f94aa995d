"""Set up by which provider an organization's people sign in."""

import re
import secrets
from dataclasses import dataclass, field
from typing import Any, Final

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from fleetfolk.access.actions.edit_rules import LONGEST_DOMAIN, MOST_DOMAINS
from fleetfolk.access.gate import GATE
from fleetfolk.access.models import BuiltinRole, Role
from fleetfolk.kernel import clock
from fleetfolk.kernel.action import Action, Risk
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Denied, Refused
from fleetfolk.kernel.outcome import Change, Outcome
from fleetfolk.kernel.sealing import sealed
from fleetfolk.organizations.archived import require_open
from fleetfolk.organizations.models import Organization
from fleetfolk.organizations.permissions import ACCESS_SETTINGS
from fleetfolk.organizations.queries import rules_of, upwards
from fleetfolk.outbound.endpoints import Unfit
from fleetfolk.users.models import User
from fleetfolk.users.models_sso import SingleSignOn, SsoDomain, SsoIdentity, SsoKind, SsoMust
from fleetfolk.users.permissions import INVITE_USERS, VIEW_USERS
from fleetfolk.users.signing_up import new_key
from fleetfolk.users.sso.addresses import endpoint_at
from fleetfolk.users.sso.certificate import certificate_in
from fleetfolk.users.sso.domains import is_ours
from fleetfolk.users.sso.secret import PURPOSE

SCOPES: Final = "openid email profile"
_DOMAIN: Final = re.compile(r"[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})+")
_SCOPES: Final = re.compile(r"[!#-\[\]-~]+( [!#-\[\]-~]+)*")


@dataclass(frozen=True, kw_only=True, slots=True)
class EditSsoInput:
    """Everything about the provider, in one piece.

    ``issuer`` is OpenID Connect's issuer or SAML's entity id. ``secret`` None leaves the present one. ``spare_id`` is
    the Admin who keeps a password, wherever others ``must`` use the provider. Without ``role_id`` nobody joins who is
    not known.
    """

    kind: SsoKind
    issuer: str
    client_id: str = ""
    secret: str | None = field(default=None, repr=False)
    scopes: str = SCOPES
    sso_url: str = ""
    certificate: str = ""
    domains: tuple[str, ...] = ()
    must: SsoMust = SsoMust.NOBODY
    spare_id: int | None = None
    role_id: int | None = None
    trusts_factor: bool = False
    vouches: bool = False
    is_on: bool = True


class EditSso(Action[Organization, EditSsoInput]):
    """The provider is set up so. Who is who there stays, unless it is another provider from now on."""

    code = "organization.sso.edit"
    label = _("Set up single sign-on")
    said = _("set up single sign-on at %(target)s")
    permission = ACCESS_SETTINGS
    target_model = "organizations.Organization"
    input_type = EditSsoInput
    risk = Risk.SENSITIVE

    def check(self, *, actor: Actor, target: Organization, data: EditSsoInput) -> None:
        """Lets only those set up who people are that may do here all that these people may; refuses what is unfit."""
        require_all_rights(actor, target)
        require_open(target)
        _require_domains(target, data.domains)
        if data.kind is SsoKind.OIDC:
            _require_oidc(target, data)
        else:
            _require_saml(data)
        if data.must is not SsoMust.NOBODY or data.spare_id is not None:
            _require_spare(actor, target, data.spare_id)
        if data.role_id is not None:
            GATE.require_giveable(actor, INVITE_USERS, target, data.role_id)

    def apply(self, *, actor: Actor, target: Organization, data: EditSsoInput) -> Outcome[Organization]:
        """Saves it; the log names what differs, and of the secret only that there is another."""
        row = SingleSignOn.objects.select_related("role", "spare").filter(organization=target).first()
        before = {} if row is None else _said(row)
        if row is None:
            row = SingleSignOn(organization=target, tenant_id=target.tenant_id, key=new_key())
        row.kind, row.issuer, row.is_on = data.kind.value, data.issuer, data.is_on
        row.client_id, row.scopes = data.client_id, data.scopes
        row.sso_url, row.certificate = data.sso_url, certificate_in(data.certificate) or ""
        if data.secret is not None:
            row.secret = sealed(data.secret, purpose=PURPOSE) if data.secret else ""
        row.must, row.spare_id, row.role_id = data.must.value, data.spare_id, data.role_id
        row.trusts_factor, row.vouches = data.trusts_factor, data.vouches
        row.save()
        _keep_domains(row, data.domains)
        SsoIdentity.objects.filter(sso=row).exclude(issuer=row.issuer).delete()
        after = _said(SingleSignOn.objects.select_related("role", "spare").get(pk=row.pk))
        changes = [Change(name, before.get(name), value) for name, value in after.items() if before.get(name) != value]
        return Outcome(target=target, changes=changes, facts={"secret_changed": data.secret is not None})


def require_all_rights(actor: Actor, target: Organization) -> None:
    """Denies whoever holds less there than an Admin: a provider can say that somebody is any of the people there."""
    admin = Role.objects.filter(tenant_id=target.tenant_id, builtin=BuiltinRole.ADMIN).first()
    if admin is None or not GATE.giveable_roles(actor, ACCESS_SETTINGS, target).filter(pk=admin.pk).exists():
        raise Denied("sso_needs_admin")


def _require_domains(target: Organization, domains: tuple[str, ...]) -> None:
    if len(domains) > MOST_DOMAINS:
        raise Refused("sso_domain_many", most=MOST_DOMAINS)
    allowed = rules_of(target).email_domains
    for one in domains:
        if len(one) > LONGEST_DOMAIN or not _DOMAIN.fullmatch(one):
            raise Refused("rules_email_domains", most=MOST_DOMAINS)
        if allowed and one not in allowed:
            raise Refused("sso_domain_rule", domain=one)


def _require_oidc(target: Organization, data: EditSsoInput) -> None:
    try:
        endpoint_at(data.issuer)
    except Unfit as unfit:
        raise Refused("sso_issuer") from unfit
    if "?" in data.issuer:
        raise Refused("sso_issuer")
    held = data.secret if data.secret is not None else _has_secret(target)
    if not data.client_id or not data.client_id.isprintable() or len(data.client_id) > 191 or not held:
        raise Refused("sso_client")
    if data.secret is not None and not (data.secret.isascii() and data.secret.isprintable()):
        raise Refused("sso_client")
    if not _SCOPES.fullmatch(data.scopes) or "openid" not in data.scopes.split() or len(data.scopes) > 200:
        raise Refused("sso_scopes")


def _has_secret(target: Organization) -> bool:
    return SingleSignOn.objects.filter(organization=target).exclude(secret="").exists()


def _require_saml(data: EditSsoInput) -> None:
    if not data.issuer or not data.issuer.isprintable() or len(data.issuer) > 500:
        raise Refused("sso_entity")
    try:
        endpoint_at(data.sso_url)
    except Unfit as unfit:
        raise Refused("sso_url") from unfit
    if certificate_in(data.certificate) is None:
        raise Refused("sso_certificate")


def _require_spare(actor: Actor, target: Organization, spare_id: int | None) -> None:
    spare = None if spare_id is None else spares(actor, target).filter(pk=spare_id).first()
    if spare is None or not spare.has_usable_password():
        raise Refused("sso_spare")


def spares(actor: Actor, target: Organization) -> QuerySet[User]:
    """The Admins there and above who can keep a password, as far as the actor sees them."""
    admins = User.objects.filter(
        tenant_id=target.tenant_id,
        organization__in=upwards(target),
        is_active=True,
        role__builtin=BuiltinRole.ADMIN,
    )
    return GATE.within_reach(admins, actor=actor, permission=VIEW_USERS)


def _keep_domains(row: SingleSignOn, wanted: tuple[str, ...]) -> None:
    """The domains are these. Those that the operator answers for are proved, unless they are somebody's already."""
    SsoDomain.objects.filter(sso=row).exclude(domain__in=wanted).delete()
    present = set(SsoDomain.objects.filter(sso=row).values_list("domain", flat=True))
    for one in wanted:
        if one in present:
            continue
        free = is_ours(one) and not SsoDomain.objects.filter(domain=one, proved_at__isnull=False).exists()
        SsoDomain.objects.create(
            tenant_id=row.tenant_id,
            sso=row,
            domain=one,
            proof=secrets.token_hex(16),
            proved_at=clock.now() if free else None,
        )


def _said(row: SingleSignOn) -> dict[str, Any]:
    """What the log keeps of it."""
    return {
        "on": row.is_on,
        "kind": row.kind,
        "issuer": row.issuer,
        "client_id": row.client_id,
        "scopes": row.scopes,
        "sso_url": row.sso_url,
        "domains": ", ".join(row.domains.order_by("domain").values_list("domain", flat=True)),
        "must": row.must,
        "spare": None if row.spare is None else row.spare_id,
        "role": row.role.name if row.role else None,
        "trusts_factor": row.trusts_factor,
        "vouches": row.vouches,
    }
