"""Change the name of a field, its list, whether it must be set, or whether searches look into it."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.enqueue import enqueue
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Change, Outcome
from fleetfolk.organizations.actions.create_field import found_by_search, require_choices, require_name
from fleetfolk.organizations.models import CustomField, FieldKind
from fleetfolk.organizations.permissions import ACCESS_SETTINGS


@dataclass(frozen=True, kw_only=True, slots=True)
class EditFieldInput:
    """What the field holds stays as it is: values that are there would not fit any more.

    Where ``searchable`` is not said, it stays as it is, too.
    """

    name: str
    choices: tuple[str, ...] = ()
    required: bool = False
    searchable: bool | None = None


class EditField(Action[CustomField, EditFieldInput]):
    """The field is called, asks and is found as given. Values stay, also those that the list no longer has."""

    code = "field.edit"
    label = _("Edit field")
    said = _("edited the field %(target)s")
    permission = ACCESS_SETTINGS
    target_model = "organizations.CustomField"
    input_type = EditFieldInput

    def check(self, *, actor: Actor, target: CustomField, data: EditFieldInput) -> None:
        """Refuses a name already used, a list that is none, and a field that was archived."""
        if target.retired_at is not None:
            raise Refused("field_archived", name=target.name)
        require_name(target.organization, data.name, besides=target.pk)
        require_choices(target.kind, data.choices)

    def apply(self, *, actor: Actor, target: CustomField, data: EditFieldInput) -> Outcome[CustomField]:
        """Saves what differs."""
        changes = []
        if data.name != target.name:
            changes.append(Change("name", target.name, data.name))
        if data.required != target.required:
            changes.append(Change("required", target.required, data.required))
        if target.kind == FieldKind.CHOICE and list(data.choices) != target.choices:
            changes.append(Change("choices", ", ".join(target.choices), ", ".join(data.choices)))
            target.choices = list(data.choices)
        searchable = target.searchable if data.searchable is None else found_by_search(target.kind, data.searchable)
        if searchable != target.searchable:
            changes.append(Change("searchable", target.searchable, searchable))
            enqueue("users.follow_field", field_id=target.pk)
        if changes:
            target.name, target.required, target.searchable = data.name, data.required, searchable
            target.save(update_fields=["name", "required", "choices", "searchable"])
        return Outcome(target=target, changes=changes)
