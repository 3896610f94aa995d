"""When a message goes out."""

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fleetfolk.messages.actions.send_message import SendMessageInput

NOW, LATER = "now", "later"


class SendForm(forms.Form):
    """Now, or at a moment: on the viewer's clock, or on each person's own."""

    when = forms.ChoiceField(
        label=_("When"), choices=[(NOW, _("Now")), (LATER, _("Later"))], initial=NOW, widget=forms.RadioSelect
    )
    at = forms.DateTimeField(
        label=_("Day and time"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
    )
    in_zone = forms.BooleanField(label=_("At this time in each person’s own time zone"), required=False)

    def clean(self) -> dict[str, Any]:
        """Later needs a moment."""
        given = super().clean() or {}
        if given.get("when") == LATER and not given.get("at") and "at" not in self.errors:
            self.add_error("at", _("Say when."))
        return given

    def to_input(self) -> SendMessageInput:
        """What the Action takes: in each person's zone, it is the clock time that counts."""
        given = self.cleaned_data
        at: dt.datetime | None = given["at"] if given["when"] == LATER else None
        if at is not None and given["in_zone"]:
            at = timezone.localtime(at).replace(tzinfo=dt.UTC)
        return SendMessageInput(at=at, in_zone=bool(at and given["in_zone"]))
