"""Keep one more fact about each device of a template."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from fleetfolk.devices.actions.template_changed import last_position, locked, new_version
from fleetfolk.devices.models import MetadataField, Template
from fleetfolk.devices.permissions import EDIT_TEMPLATES
from fleetfolk.devices.template_parts import MOST_FIELDS, FieldFacts, require_fit
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Outcome


@dataclass(frozen=True, kw_only=True, slots=True)
class MetadataFieldInput:
    """What the field is."""

    facts: FieldFacts


class CreateMetadataField(Action[Template, MetadataFieldInput]):
    """Each device of the template has one more field, not set."""

    code = "template.metadata.create"
    label = _("Add metadata field")
    said = _("added a metadata field to %(target)s")
    permission = EDIT_TEMPLATES
    target_model = "devices.Template"
    input_type = MetadataFieldInput

    def check(self, *, actor: Actor, target: Template, data: MetadataFieldInput) -> None:
        """Refuses facts that do not fit, a name that is taken, and more fields than a page can hold."""
        require_fit(data.facts)
        require_field_name(target, data.facts.name)
        if target.metadata_fields.count() >= MOST_FIELDS:
            raise Refused("metadata_full", most=MOST_FIELDS)

    def apply(self, *, actor: Actor, target: Template, data: MetadataFieldInput) -> Outcome[Template]:
        """Creates it, last in order."""
        created = MetadataField.objects.create(
            tenant_id=target.tenant_id,
            template=target,
            position=last_position(target.metadata_fields),
            **data.facts.columns(),
        )
        new_version(target.pk)
        return Outcome(target=target, facts={"field": created.name, "field_id": created.pk, "kind": created.kind})


def require_field_name(template: Template, name: str, *, besides: int = 0) -> None:
    """Refuses a name that another field of the template has, in whatever case."""
    locked(template.pk)
    if MetadataField.objects.filter(template=template, name__iexact=name).exclude(pk=besides).exists():
        raise Refused("metadata_name_taken", name=name)
