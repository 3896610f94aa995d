"""What is asked about a key: what it is called, how far it goes, until when."""

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from fleetfolk.access.queries import permission_groups
from fleetfolk.api.models import NAME_LENGTH
from fleetfolk.api.scopes import only_looking, scopes_there_are
from fleetfolk.console.as_shown import StillAsShown
from fleetfolk.kernel import clock

LOOK, ALL, SOME = "look", "all", "some"
DAYS: Final = (7, 30, 90, 365)


class RightsForm(StillAsShown):
    """A name, and rights of those that somebody holds."""

    name = forms.CharField(
        label=_("Name"),
        max_length=NAME_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("What it is for, such as the program that will use it."),
        error_messages={"required": _("Give it a name.")},
    )
    reach = forms.ChoiceField(
        label=_("It may"),
        choices=((LOOK, _("Only look")), (ALL, _("Do all that I may do")), (SOME, _("Do what I choose"))),
        widget=forms.RadioSelect,
        initial=LOOK,
    )
    scopes = forms.MultipleChoiceField(
        label=_("Rights"), required=False, widget=forms.CheckboxSelectMultiple, choices=()
    )
    sensitive = forms.BooleanField(
        label=_("Also what a browser would ask for a proof"),
        required=False,
        help_text=_("Such as disabling people or transferring devices. Nobody asks a program again."),
    )

    def __init__(self, data: Any = None, *, held: Collection[str], initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        self.edits = initial is not None
        self.held = [one for one in scopes_there_are() if one.code in held]
        self.fields["scopes"].choices = [(one.code, str(one.label)) for one in self.held]  # type: ignore[attr-defined]

    def groups(self) -> list[tuple[str, list[tuple[Any, bool]]]]:
        """The rights to choose from, in groups, each with whether it is chosen."""
        chosen = set(self["scopes"].value() or ())
        return [
            (group.label, [(one, one.code in chosen) for one in group.permissions])
            for group in permission_groups(self.held)
        ]

    def rights(self) -> Sequence[str]:
        """The codes that were asked for."""
        held = [one.code for one in self.held]
        match self.cleaned_data["reach"]:
            case "look":
                looking = only_looking()
                return [code for code in held if code in looking]
            case "all":
                return held
            case _:
                chosen: Sequence[str] = self.cleaned_data["scopes"]
                return chosen

    def clean(self) -> dict[str, Any]:
        """Something is chosen."""
        super().clean()
        if self.cleaned_data.get("reach") == SOME and not self.cleaned_data.get("scopes"):
            self.add_error("reach", _("Choose at least one right."))
        return self.cleaned_data


class TokenForm(RightsForm):
    """A key of one's own, with its end."""

    days = forms.TypedChoiceField(
        label=_("It ends in"),
        choices=[(days, _("%(days)s days") % {"days": days}) for days in DAYS],
        coerce=int,
        initial=30,
        help_text=_("One for sensitive acts ends within 90 days."),
    )
    field_order = ("name", "days", "reach", "scopes", "sensitive")

    def expires_at(self) -> dt.datetime:
        """When it ends."""
        return clock.now() + dt.timedelta(days=self.cleaned_data["days"])
