"""Choose what an organization calls its locations."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.outcome import Outcome, changes_between
from fleetfolk.organizations.models import LocationWord, Organization
from fleetfolk.organizations.permissions import ACCESS_SETTINGS


@dataclass(frozen=True, kw_only=True, slots=True)
class EditLocationWordInput:
    """The word; None is that of the organization above."""

    word: LocationWord | None


class EditLocationWord(Action[Organization, EditLocationWordInput]):
    """Pages say the word, here and below where nothing else is said."""

    code = "location.word.edit"
    label = _("Choose the word for locations")
    said = _("chose the word for locations in %(target)s")
    permission = ACCESS_SETTINGS
    target_model = "organizations.Organization"
    input_type = EditLocationWordInput

    def apply(self, *, actor: Actor, target: Organization, data: EditLocationWordInput) -> Outcome[Organization]:
        """Saves it."""
        changes = changes_between(target, {"location_word": data.word.value if data.word else None})
        if changes:
            target.location_word = data.word
            target.save(update_fields=["location_word"])
        return Outcome(target=target, changes=changes)
