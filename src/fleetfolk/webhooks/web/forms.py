"""What is asked about a webhook."""

from collections.abc import Collection, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from fleetfolk.console.as_shown import StillAsShown
from fleetfolk.devices.models import Datastream
from fleetfolk.kernel.action import CATALOGUE
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.reasons import sentence_for
from fleetfolk.organizations.models import Organization
from fleetfolk.webhooks.models import NAME_LENGTH, URL_LENGTH, Webhook
from fleetfolk.webhooks.rules import require_address
from fleetfolk.webhooks.triggers import ANY_OF, EVERYTHING, MAY_BE_TOLD, TRIGGERS, VALUES, groups_of_actions
from fleetfolk.webhooks.values import streams_of

SINCE = ((1, _("The last hour")), (24, _("The last day")), (7 * 24, _("The last 7 days")), (30 * 24, _("All of it")))


class WebhookForm(StillAsShown):
    """Its name and address, what it is told of, and what it may be told of."""

    name = forms.CharField(
        label=_("Name"),
        max_length=NAME_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("What it is for, such as the program that listens."),
        error_messages={"required": _("Give it a name.")},
    )
    url = forms.CharField(
        label=_("Address"),
        max_length=URL_LENGTH,
        widget=forms.URLInput(attrs={"autocomplete": "off", "spellcheck": "false", "placeholder": "https://"}),
        help_text=_("An https address of a public host. It gets a POST with JSON, signed."),
        error_messages={"required": _("Say where it is told.")},
    )
    triggers = forms.MultipleChoiceField(
        label=_("It is told of"),
        widget=forms.CheckboxSelectMultiple,
        choices=(),
        error_messages={"required": _("Choose what it is told of.")},
    )
    streams = forms.ModelMultipleChoiceField(
        label=_("Datastreams"),
        required=False,
        queryset=Datastream.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("One of the datastreams does not exist any more.")},
    )
    permissions = forms.MultipleChoiceField(
        label=_("It may be told"), required=False, widget=forms.CheckboxSelectMultiple, choices=()
    )

    def __init__(
        self, data: Any = None, *, held: Collection[str], home: Organization, webhook: Webhook | None = None
    ) -> None:
        self.rights = [one for one in MAY_BE_TOLD if one.code in held]
        initial: dict[str, Any] = {"triggers": [], "permissions": [one.code for one in self.rights]}
        if webhook is not None:
            initial = {name: getattr(webhook, name) for name in ("name", "url", "triggers", "streams", "permissions")}
        super().__init__(data, initial=initial)
        self.edits = webhook is not None
        codes = [*TRIGGERS, EVERYTHING, *(f"{group}{ANY_OF}" for group in groups_of_actions()), *CATALOGUE]
        self.fields["triggers"].choices = [(code, code) for code in codes]  # type: ignore[attr-defined]
        self._known = list(streams_of(home))
        self.fields["streams"].queryset = streams_of(home)  # type: ignore[attr-defined]
        self.fields["permissions"].choices = [(one.code, str(one.label)) for one in self.rights]  # type: ignore[attr-defined]

    def clean_url(self) -> str:
        """An address to which something is posted, so that whoever has yet to choose of what knows at once."""
        url = str(self.cleaned_data["url"]).strip()
        try:
            require_address(url)
        except Refused as refused:
            raise ValidationError(sentence_for(refused)) from refused
        return url

    def _chosen(self) -> set[str]:
        return set(self["triggers"].value() or ())

    def usual(self) -> list[tuple[str, list[tuple[str, str, bool]]]]:
        """The triggers that many want, in groups: code, words, whether it is chosen."""
        chosen = self._chosen()
        groups: dict[str, list[tuple[str, str, bool]]] = {}
        for one in TRIGGERS.values():
            groups.setdefault(str(one.group), []).append((one.code, str(one.label), one.code in chosen))
        return list(groups.items())

    def datastreams(self) -> list[tuple[str, list[tuple[Datastream, bool]]]]:
        """The datastreams by template, each with whether it is chosen."""
        chosen = {str(key) for key in self["streams"].value() or ()}
        found: dict[str, list[tuple[Datastream, bool]]] = {}
        for one in self._known:
            found.setdefault(one.template.name, []).append((one, str(one.pk) in chosen))
        return list(found.items())

    def everything(self) -> bool:
        """Whether all Actions are chosen."""
        return EVERYTHING in self._chosen()

    def actions(self) -> list[tuple[str, list[tuple[str, str, bool]]]]:
        """All Actions, in groups, each with the choice of the whole group before it."""
        chosen = self._chosen()
        found = []
        for group, codes in groups_of_actions().items():
            whole = f"{group}{ANY_OF}"
            lines = [(whole, str(_("All of these, and what is added later")), whole in chosen)]
            lines += [(code, str(CATALOGUE[code].label), code in chosen) for code in codes]
            found.append((group, lines))
        return found

    def has_actions(self) -> bool:
        """Whether something of the action log is chosen by itself."""
        return bool(self._chosen() - set(TRIGGERS))

    def looks(self) -> list[tuple[Any, bool]]:
        """The rights to choose from, each with whether it is chosen."""
        chosen = set(self["permissions"].value() or ())
        return [(one, one.code in chosen) for one in self.rights]

    def given(self) -> dict[str, Any]:
        """What was said, as the Actions take it."""
        said = self.cleaned_data
        triggers: Sequence[str] = said["triggers"]
        return {
            "name": " ".join(said["name"].split()),
            "url": said["url"],
            "triggers": tuple(triggers),
            "permissions": tuple(said["permissions"]),
            # Boxes of a list that is folded away may still be ticked.
            "streams": tuple(one.pk for one in said["streams"]) if VALUES in triggers else (),
        }


class RotateForm(forms.Form):
    """Whether the former secret goes at once."""

    at_once = forms.BooleanField(
        label=_("Others know the present secret"),
        required=False,
        help_text=_("Then it does not sign any more from now on. Otherwise both sign for a day."),
    )


class AgainForm(forms.Form):
    """Since when everything is sent again."""

    hours = forms.TypedChoiceField(label=_("Since"), choices=SINCE, coerce=int, initial=24)
