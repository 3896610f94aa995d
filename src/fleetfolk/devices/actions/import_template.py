"""Bring a template from a file."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from fleetfolk.devices.actions.create_template import new_template, require_creatable
from fleetfolk.devices.models import Datastream, EventKind, MetadataField
from fleetfolk.devices.permissions import CREATE_TEMPLATES
from fleetfolk.devices.template_files import TemplateFile
from fleetfolk.devices.template_parts import Facts, require_fit
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.organizations.models import Organization


@dataclass(frozen=True, kw_only=True, slots=True)
class ImportTemplateInput:
    """What `template_files.read` made of a file."""

    file: TemplateFile
    everywhere: bool = True


class ImportTemplate(Action[Organization, ImportTemplateInput]):
    """The tenant has one more template, with all of its parts."""

    code = "template.import"
    label = _("Import template")
    said = _("imported a template into %(target)s")
    permission = CREATE_TEMPLATES
    target_model = "organizations.Organization"
    input_type = ImportTemplateInput

    def check(self, *, actor: Actor, target: Organization, data: ImportTemplateInput) -> None:
        """Refuses what `CreateTemplate` refuses, and parts that do not fit."""
        require_creatable(target, data.file.facts, data.file.public_id)
        parts: tuple[Facts, ...] = (*data.file.datastreams, *data.file.metadata, *data.file.events)
        for part in parts:
            require_fit(part)

    def apply(self, *, actor: Actor, target: Organization, data: ImportTemplateInput) -> Outcome[Organization]:
        """Creates everything, in the order of the file."""
        file = data.file
        created = new_template(target, file.facts, file.public_id, everywhere=data.everywhere)
        kinds: tuple[tuple[type[Any], Sequence[Facts]], ...] = (
            (Datastream, file.datastreams),
            (MetadataField, file.metadata),
            (EventKind, file.events),
        )
        for model, parts in kinds:
            model.objects.bulk_create(
                model(tenant=target, template=created, position=position, **part.columns())
                for position, part in enumerate(parts, 1)
            )
        return Outcome(
            target=target,
            facts={
                "template": created.name,
                "template_id": created.pk,
                "public_id": created.public_id,
                "datastreams": len(file.datastreams),
                "metadata": len(file.metadata),
                "events": len(file.events),
            },
        )
