"""Forms about guests and partners."""

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fleetfolk.access.models import Role
from fleetfolk.access.models_guests import PartnerMode
from fleetfolk.console.long_select import LongSelect
from fleetfolk.kernel import clock
from fleetfolk.organizations.models import Organization
from fleetfolk.users.actions.edit_guest import EditGuestInput
from fleetfolk.users.actions.grant_partner import GrantPartnerInput
from fleetfolk.users.actions.invite_guest import InviteGuestInput
from fleetfolk.users.web.forms import AddressField, RoleField

LATEST = dt.timedelta(days=366)
"""So far ahead the first day of a partner may lie."""

_DAYS = {"day": 1, "week": 7, "month": 30, "year": 365}


class UntilField(forms.DateField):
    """The last day, as the viewer's own zone counts days; empty is without an end."""

    def __init__(self) -> None:
        super().__init__(
            label=_("Until"),
            required=False,
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            help_text=_("The last day. Empty: until somebody ends it."),
        )

    def clean(self, value: Any) -> Any:
        """The end of that day, or None."""
        day = super().clean(value)
        if day is None:
            return None
        zone = timezone.get_current_timezone()
        return dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), tzinfo=zone)


class FromField(forms.DateField):
    """The first day, as the viewer's own zone counts days; empty or today is at once."""

    def __init__(self) -> None:
        super().__init__(
            label=_("From"),
            required=False,
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            help_text=_("The first day. Empty: at once."),
        )

    def clean(self, value: Any) -> Any:
        """The beginning of that day, or None for at once."""
        day = super().clean(value)
        today = timezone.localtime(clock.now()).date()
        if day is None or day == today:
            return None
        if day < today:
            raise ValidationError(_("This day is over. Choose today or a later one."))
        if day > today + LATEST:
            raise ValidationError(_("This is more than a year away. Choose an earlier day."))
        return dt.datetime.combine(day, dt.time(), tzinfo=timezone.get_current_timezone())


def last_day(ends_at: dt.datetime | None) -> dt.date | None:
    """The day that `UntilField` shows for an end."""
    return None if ends_at is None else timezone.localtime(ends_at - dt.timedelta(seconds=1)).date()


class InviteGuestForm(forms.Form):
    """Whom to invite as a guest, with which role, and until when."""

    def __init__(self, data: Any = None, *, roles: list[Role]) -> None:
        super().__init__(data)
        self.fields["email"] = AddressField()
        self.fields["role"] = RoleField(roles=roles)
        self.fields["until"] = UntilField()

    def to_input(self) -> InviteGuestInput:
        """What the Action takes."""
        said = self.cleaned_data
        return InviteGuestInput(email=said["email"], role_id=said["role"], ends_at=said["until"])


class EditGuestForm(forms.Form):
    """Another role, another end."""

    def __init__(self, data: Any = None, *, roles: list[Role], initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial)
        self.fields["role"] = RoleField(roles=roles)
        self.fields["until"] = UntilField()

    def to_input(self) -> EditGuestInput:
        """What the Action takes."""
        return EditGuestInput(role_id=self.cleaned_data["role"], ends_at=self.cleaned_data["until"])


class GrantPartnerForm(forms.Form):
    """Whom to let in, how far and for how long."""

    def __init__(self, data: Any = None, *, partners: list[Organization]) -> None:
        super().__init__(data)
        self.fields["partner"] = forms.TypedChoiceField(
            label=_("Partner"),
            coerce=int,
            widget=LongSelect,
            choices=[("", _("Choose an organization")), *((one.pk, one.name) for one in partners)],
            error_messages={"invalid_choice": _("There is no such partner. Choose one of the list.")},
        )
        self.fields["mode"] = forms.ChoiceField(
            label=_("How far"), choices=PartnerMode.choices, initial=PartnerMode.VIEW, widget=forms.RadioSelect
        )
        self.fields["starts"] = FromField()
        self.fields["lasts"] = forms.ChoiceField(
            label=_("For how long"),
            initial="day",
            choices=[
                ("day", _("One day")),
                ("week", _("One week")),
                ("month", _("30 days")),
                ("year", _("One year")),
                ("open", _("Until it is ended here")),
            ],
        )

    def to_input(self) -> GrantPartnerInput:
        """What the Action takes."""
        said = self.cleaned_data
        days = _DAYS.get(said["lasts"])
        starts_at: dt.datetime | None = said["starts"]
        ends_at = None if days is None else (starts_at or clock.now()) + dt.timedelta(days=days)
        return GrantPartnerInput(partner_id=said["partner"], mode=said["mode"], starts_at=starts_at, ends_at=ends_at)
