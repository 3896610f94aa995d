"""Let the devices of a template report one more kind of event."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from fleetfolk.devices.actions.template_changed import last_position, locked, new_version
from fleetfolk.devices.models import EventKind, Template
from fleetfolk.devices.permissions import EDIT_TEMPLATES
from fleetfolk.devices.template_parts import MOST_EVENTS, EventFacts, require_fit
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Outcome


@dataclass(frozen=True, kw_only=True, slots=True)
class EventKindInput:
    """What the kind of event is."""

    facts: EventFacts


class CreateEventKind(Action[Template, EventKindInput]):
    """Devices of the template can report one more kind of event."""

    code = "template.event.create"
    label = _("Add event")
    said = _("added an event to %(target)s")
    permission = EDIT_TEMPLATES
    target_model = "devices.Template"
    input_type = EventKindInput

    def check(self, *, actor: Actor, target: Template, data: EventKindInput) -> None:
        """Refuses facts that do not fit, a code that is taken, and more than a page can hold."""
        require_fit(data.facts)
        require_code(target, data.facts.code)
        if target.event_kinds.count() >= MOST_EVENTS:
            raise Refused("events_full", most=MOST_EVENTS)

    def apply(self, *, actor: Actor, target: Template, data: EventKindInput) -> Outcome[Template]:
        """Creates it, last in order."""
        created = EventKind.objects.create(
            tenant_id=target.tenant_id,
            template=target,
            position=last_position(target.event_kinds),
            **data.facts.columns(),
        )
        new_version(target.pk)
        return Outcome(target=target, facts={"event": created.code, "event_id": created.pk, "level": created.level})


def require_code(template: Template, code: str, *, besides: int = 0) -> None:
    """Refuses a code that another event of the template has."""
    locked(template.pk)
    if EventKind.objects.filter(template=template, code=code).exclude(pk=besides).exists():
        raise Refused("event_code_taken", code=code)
