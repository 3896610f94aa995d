"""Keep one more thing about people."""

from dataclasses import dataclass
from typing import Final

from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.organizations import limits
from fleetfolk.organizations.models import CustomField, FieldKind, Organization
from fleetfolk.organizations.permissions import ACCESS_SETTINGS

WORDS: Final = frozenset({FieldKind.TEXT, FieldKind.NUMBER, FieldKind.CHOICE})
"""What searches look into, unless the field says something else. No search looks for yes or no."""

MOST_FIELDS = 30
MOST_CHOICES = 50
CHOICE_LONGEST = 60


@dataclass(frozen=True, kw_only=True, slots=True)
class CreateFieldInput:
    """A name of up to 40 characters; ``choices`` are for fields with a list only.

    Where ``searchable`` is not said, it goes by what the field holds.
    """

    name: str
    kind: FieldKind
    choices: tuple[str, ...] = ()
    required: bool = False
    searchable: bool | None = None


class CreateField(Action[Organization, CreateFieldInput]):
    """People of the organization and of those below have one more field, not set."""

    code = "field.create"
    label = _("Create field")
    said = _("created a field in %(target)s")
    permission = ACCESS_SETTINGS
    target_model = "organizations.Organization"
    input_type = CreateFieldInput

    def check(self, *, actor: Actor, target: Organization, data: CreateFieldInput) -> None:
        """Refuses a name already used, a list that is none, and more fields than a page or the plan holds."""
        present = CustomField.objects.filter(tenant=target.tenant_id, organization=target, retired_at=None)
        if present.count() >= MOST_FIELDS:
            raise Refused("too_many_fields", most=MOST_FIELDS)
        require_name(target, data.name)
        require_choices(data.kind, data.choices)
        limits.require(target.tenant_id, "fields")

    def apply(self, *, actor: Actor, target: Organization, data: CreateFieldInput) -> Outcome[Organization]:
        """Creates it, last in order."""
        mine = CustomField.objects.filter(tenant=target.tenant_id, organization=target)
        created = CustomField.objects.create(
            tenant_id=target.tenant_id,
            organization=target,
            name=data.name,
            kind=data.kind,
            choices=list(data.choices) if data.kind == FieldKind.CHOICE else [],
            required=data.required,
            searchable=found_by_search(data.kind, data.searchable),
            position=(mine.aggregate(last=Max("position"))["last"] or 0) + 1,
        )
        return Outcome(target=target, facts={"field": created.name, "field_id": created.pk, "kind": data.kind.value})


def found_by_search(kind: str, said: bool | None) -> bool:
    """Whether searches look into a field of this kind, after what was said of it."""
    return kind in WORDS if said is None else said and kind != FieldKind.SWITCH


def require_name(organization: Organization, name: str, *, besides: int = 0) -> None:
    """Refuses a name that another field of the organization has, in whatever case. One field is named at a time."""
    Organization.objects.select_for_update(no_key=True).get(pk=organization.pk)
    same = CustomField.objects.filter(organization=organization, retired_at=None, name__iexact=name)
    if same.exclude(pk=besides).exists():
        raise Refused("field_name_taken", name=name)


def require_choices(kind: str, choices: tuple[str, ...]) -> None:
    """Refuses a list of fewer than two, or with the same entry twice."""
    if kind != FieldKind.CHOICE:
        return
    fit = all(0 < len(choice) <= CHOICE_LONGEST for choice in choices)
    if not fit or not 2 <= len(choices) <= MOST_CHOICES or len(set(choices)) < len(choices):
        raise Refused("field_choices")
