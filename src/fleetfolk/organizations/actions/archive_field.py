"""Stop keeping a thing about people."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel import clock
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.enqueue import enqueue
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.organizations.models import CustomField
from fleetfolk.organizations.permissions import ACCESS_SETTINGS


@dataclass(frozen=True, kw_only=True, slots=True)
class ArchiveFieldInput:
    """Nothing more is needed."""


class ArchiveField(Action[CustomField, ArchiveFieldInput]):
    """The field is not shown or asked for any more. What was kept in it stays until its person is erased."""

    code = "field.archive"
    label = _("Archive field")
    said = _("archived the field %(target)s")
    permission = ACCESS_SETTINGS
    target_model = "organizations.CustomField"
    input_type = ArchiveFieldInput

    def check(self, *, actor: Actor, target: CustomField, data: ArchiveFieldInput) -> None:
        """Refuses what is archived already."""
        if target.retired_at is not None:
            raise Refused("field_archived", name=target.name)

    def apply(self, *, actor: Actor, target: CustomField, data: ArchiveFieldInput) -> Outcome[CustomField]:
        """Marks it. Searches forget what it said within moments, however many people have it."""
        target.retired_at = clock.now()
        target.save(update_fields=["retired_at"])
        if target.searchable:
            enqueue("users.follow_field", field_id=target.pk)
        return Outcome(target=target)
