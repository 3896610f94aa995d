"""What acts on many people ask before they are done."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fleetfolk.access.gate import GATE
from fleetfolk.console.long_select import LongSelect
from fleetfolk.jobs.bulk import BulkForm
from fleetfolk.jobs.models import Target
from fleetfolk.organizations.models import Location
from fleetfolk.users.models import User
from fleetfolk.users.permissions import EDIT_USERS, TRANSFER_USERS, VIEW_USERS
from fleetfolk.users.tags import tags_at_hand

LOCATIONS_OFFERED = 1000
REASON_LONGEST = 200

type Choices = list[tuple[str, str]]


def one_of(label: Any, choices: Choices, *, hint: Any = "") -> forms.TypedChoiceField:
    """A choice among rows by their keys; nothing is chosen at first."""
    return forms.TypedChoiceField(
        label=label,
        choices=[("", gettext("Choose…")), *choices],
        coerce=int,
        widget=LongSelect,
        help_text=hint,
        error_messages={"required": _("Choose one.")},
    )


class TagForm(BulkForm):
    """Which tag."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        tags = tags_at_hand(self.actor, VIEW_USERS).order_by("name", "pk")
        self.fields["tag_id"] = one_of(_("Tag"), [(str(tag.pk), tag.name) for tag in tags])


class RoleForm(BulkForm):
    """Which role: of those that the actor may give where they are."""

    permission = EDIT_USERS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        roles = GATE.giveable_roles(self.actor, self.permission, self.job.organization)
        self.fields["role_id"] = one_of(_("New role"), [(str(role.pk), role.name) for role in roles])


class LocationForm(BulkForm):
    """Which location, of the organizations of those who were chosen; or none."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = Target.objects.filter(job_id=self.job.pk).values("target_id")
        homes = User.objects.filter(pk__in=chosen, tenant_id=self.job.tenant_id).values("organization_id")
        places = GATE.within_reach(Location.objects.all(), actor=self.actor, permission=VIEW_USERS)
        places = places.filter(organization_id__in=homes).select_related("organization").order_by("name", "pk")
        choices = [(str(one.pk), f"{one.name} ({one.organization.name})") for one in places[:LOCATIONS_OFFERED]]
        self.fields["location_id"] = one_of(_("Location"), [*choices, ("0", gettext("No location"))])

    def chosen(self) -> dict[str, Any]:
        """The location's key, or None."""
        return {"location_id": self.cleaned_data["location_id"] or None}


class ReasonForm(BulkForm):
    """Why, for the action log."""

    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=REASON_LONGEST,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("Written to every entry of the action log. Nobody concerned sees it."),
    )


class TransferForm(RoleForm):
    """Where to, and with which role."""

    permission = TRANSFER_USERS
    field_order = ("admin_email", "role_id")
    admin_email = forms.EmailField(
        label=_("E-mail of an Admin there"),
        max_length=254,
        help_text=_("They get a mail for each, and so does each person. Devices stay where they are."),
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(self.field_order)
