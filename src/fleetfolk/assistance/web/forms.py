"""Forms of remote assistance: spellings of the Actions' inputs."""

import unicodedata
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fleetfolk.assistance.actions.grant_consent import GrantConsentInput
from fleetfolk.assistance.actions.send_request import SendRequestInput
from fleetfolk.assistance.actions.start_assistance import StartAssistanceInput
from fleetfolk.assistance.models import SHORTEST_REASON
from fleetfolk.kernel.actor import AssistMode

_BREAKS = frozenset({"Cc", "Zl", "Zp"})
_NEEDED = frozenset("\u200c\u200d")
"""The scripts of Persia and India need the two joiners; all other characters of their kind only hide or reorder."""

MINUTES = (15, 30, 60)
HOURS = ((1, _("1 hour")), (24, _("1 day")), (72, _("3 days")), (168, _("1 week")))


class LineField(forms.CharField):
    """One line in any script, without line breaks and without characters that nobody sees or that turn text around."""

    def to_python(self, value: Any) -> str:
        """The cleaned line, before its length is looked at."""
        text = super().to_python(value) or ""
        kept = ("" if unicodedata.category(sign) == "Cf" and sign not in _NEEDED else sign for sign in text)
        return " ".join("".join(" " if unicodedata.category(sign) in _BREAKS else sign for sign in kept).split())


class StartForm(forms.Form):
    """Why, for how long, and how far. What was agreed in an answered request stays as it was."""

    reason = LineField(
        label=_("Reason"),
        min_length=SHORTEST_REASON,
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": _("Say in ten characters or more why you need to look."),
            "min_length": _("Say in ten characters or more why you need to look."),
        },
    )
    ticket = LineField(
        label=_("Ticket"), required=False, max_length=60, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    minutes = forms.TypedChoiceField(
        label=_("Ends after"),
        coerce=int,
        choices=[(minutes, _("%(n)d min") % {"n": minutes}) for minutes in MINUTES],
        widget=forms.RadioSelect,
        initial=30,
    )
    mode = forms.ChoiceField(label=_("What you may do"), widget=forms.RadioSelect, initial=AssistMode.VIEW)

    def __init__(self, *args: Any, may_act: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        modes = [(AssistMode.VIEW, _("View only"))]
        if may_act:
            modes.append((AssistMode.ACT, _("Act for them")))
        self.fields["mode"].choices = modes  # type: ignore[attr-defined]

    def to_start(self, *, secret_hash: str, browser_hash: str) -> StartAssistanceInput:
        """The input of the start."""
        return StartAssistanceInput(**self._said(), secret_hash=secret_hash, browser_hash=browser_hash)

    def to_request(self) -> SendRequestInput:
        """The input of the question."""
        return SendRequestInput(**self._said())

    def _said(self) -> dict[str, Any]:
        said = self.cleaned_data
        return {
            "mode": AssistMode(said["mode"]),
            "reason": said["reason"],
            "ticket": said["ticket"],
            "minutes": said["minutes"],
        }


class ConsentForm(forms.Form):
    """For how long support may come in, and how far."""

    hours = forms.TypedChoiceField(label=_("For"), coerce=int, choices=HOURS, widget=forms.RadioSelect, initial=1)
    mode = forms.ChoiceField(
        label=_("Support may"),
        choices=[
            (AssistMode.VIEW, _("look only")),
            (AssistMode.ACT, _("look and change harmless things for me")),
        ],
        widget=forms.RadioSelect,
        initial=AssistMode.VIEW,
    )

    def to_input(self) -> GrantConsentInput:
        """The input of the Action."""
        return GrantConsentInput(hours=self.cleaned_data["hours"], mode=AssistMode(self.cleaned_data["mode"]))
