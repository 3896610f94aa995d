"""Add a datastream to a template."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from fleetfolk.devices.actions.template_changed import last_position, locked, new_version
from fleetfolk.devices.models import Datastream, Template
from fleetfolk.devices.permissions import EDIT_TEMPLATES
from fleetfolk.devices.template_parts import PINS, StreamFacts, require_fit
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Outcome


@dataclass(frozen=True, kw_only=True, slots=True)
class DatastreamInput:
    """What the datastream is."""

    facts: StreamFacts


class CreateDatastream(Action[Template, DatastreamInput]):
    """Devices of the template can report one more thing."""

    code = "template.datastream.create"
    label = _("Add datastream")
    said = _("added a datastream to %(target)s")
    permission = EDIT_TEMPLATES
    target_model = "devices.Template"
    input_type = DatastreamInput

    def check(self, *, actor: Actor, target: Template, data: DatastreamInput) -> None:
        """Refuses facts that do not fit, and a name or pin that is taken."""
        require_fit(data.facts)
        require_free(target, data.facts)

    def apply(self, *, actor: Actor, target: Template, data: DatastreamInput) -> Outcome[Template]:
        """Creates it, last in order."""
        created = Datastream.objects.create(
            tenant_id=target.tenant_id,
            template=target,
            position=last_position(target.datastreams),
            **data.facts.columns(),
        )
        new_version(target.pk)
        return Outcome(
            target=target,
            facts={"datastream": created.name, "datastream_id": created.pk, "pin": created.pin, "kind": created.kind},
        )


def require_free(template: Template, facts: StreamFacts, *, besides: int = 0) -> None:
    """Refuses a name or a pin that another datastream of the template has."""
    locked(template.pk)
    others = list(Datastream.objects.filter(template=template).exclude(pk=besides).values_list("pin", "name"))
    if any(name.casefold() == facts.name.casefold() for _pin, name in others):
        raise Refused("stream_name_taken", name=facts.name)
    taken = dict(others)
    if facts.pin in taken:
        if len(taken) >= PINS:
            raise Refused("streams_full")
        raise Refused("stream_pin_taken", pin=facts.pin, name=taken[facts.pin], free=first_free(taken))


def first_free(taken: object) -> int:
    """The first pin that is not among these; the last one where all are taken."""
    return next((pin for pin in range(PINS) if pin not in taken), PINS - 1)  # type: ignore[operator]
