"""Describe a new device model."""

import secrets
import string
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from fleetfolk.devices.models import Template, TemplateUse
from fleetfolk.devices.permissions import CREATE_TEMPLATES
from fleetfolk.devices.template_parts import TemplateFacts, is_public_id, require_fit
from fleetfolk.kernel import clock
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.organizations import limits
from fleetfolk.organizations.models import Organization

_LETTERS = string.ascii_letters + string.digits


@dataclass(frozen=True, kw_only=True, slots=True)
class CreateTemplateInput:
    """``public_id`` is the one that firmware has already; empty makes a new one.

    ``everywhere``: every organization of the tenant may use it.
    """

    facts: TemplateFacts
    public_id: str = ""
    everywhere: bool = True


class CreateTemplate(Action[Organization, CreateTemplateInput]):
    """The tenant has one more template, without datastreams."""

    code = "template.create"
    label = _("Add template")
    said = _("added a template to %(target)s")
    permission = CREATE_TEMPLATES
    target_model = "organizations.Organization"
    input_type = CreateTemplateInput

    def check(self, *, actor: Actor, target: Organization, data: CreateTemplateInput) -> None:
        """Refuses a place below the root, facts that do not fit, and a name or id that is taken."""
        require_creatable(target, data.facts, data.public_id)

    def apply(self, *, actor: Actor, target: Organization, data: CreateTemplateInput) -> Outcome[Organization]:
        """Creates it."""
        created = new_template(target, data.facts, data.public_id, everywhere=data.everywhere)
        return Outcome(
            target=target,
            facts={"template": created.name, "template_id": created.pk, "public_id": created.public_id},
        )


def require_creatable(root: Organization, facts: TemplateFacts, public_id: str) -> None:
    """Refuses what no template of the tenant can be."""
    if not root.is_tenant:
        raise Refused("template_not_root")
    require_fit(facts)
    require_template_name(root.pk, facts.name)
    if public_id and not is_public_id(public_id):
        raise Refused("template_id")
    if public_id and Template.objects.filter(tenant=root, public_id=public_id).exists():
        raise Refused("template_id_taken", id=public_id)
    limits.require(root.pk, "templates")


def require_template_name(tenant_id: int, name: str, *, besides: int = 0) -> None:
    """Refuses a name that another template of the tenant has, in whatever case. One is named at a time."""
    Organization.objects.select_for_update(no_key=True).get(pk=tenant_id)
    if Template.objects.filter(tenant_id=tenant_id, name__iexact=name).exclude(pk=besides).exists():
        raise Refused("template_name_taken", name=name)


def new_template(root: Organization, facts: TemplateFacts, public_id: str, *, everywhere: bool) -> Template:
    """The row, enabled for the whole tenant or for nobody below the root yet."""
    created = Template.objects.create(
        tenant=root, public_id=public_id or new_public_id(), created_at=clock.now(), **facts.columns()
    )
    if everywhere:
        TemplateUse.objects.create(tenant=root, template=created, organization=root)
    return created


def new_public_id() -> str:
    """An id as firmware carries it, that nobody has."""
    return "TMPL" + "".join(secrets.choice(_LETTERS) for _place in range(9))
