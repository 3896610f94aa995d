"""Remote assistance among what can be done to a person."""

from django.utils.translation import gettext_lazy as _

from fleetfolk.access.models_switches import held_at_home
from fleetfolk.assistance.actions.start_assistance import StartAssistance
from fleetfolk.assistance.rules import STAFF, objection
from fleetfolk.kernel.actor import Actor, AssistMode
from fleetfolk.kernel.reasons import REASONS
from fleetfolk.organizations.queries import rules_of
from fleetfolk.users.models import User
from fleetfolk.users.web.act import ACTIVE, Act


def why_not(actor: Actor, person: User) -> str:
    """What the organization or the person's role has against it; empty where nothing has."""
    against = objection(actor, person, mode=AssistMode.VIEW, rules=rules_of(person.organization))
    if against is None or against.reason not in ("assist_off", "assist_staff", "assist_state"):
        return ""
    return str(REASONS[against.reason]) % {"name": person, "organization": person.organization.name}


ASSIST = Act(
    action=StartAssistance,
    label=_("Remote assistance…"),
    icon="headset",
    url="assistance:dialog",
    method="dialog",
    states=ACTIVE,
    group=1,
    prominent=True,
    when=lambda person: not STAFF & held_at_home(person),
    why_state=why_not,
)
