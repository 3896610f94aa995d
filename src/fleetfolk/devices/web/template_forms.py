"""What is typed about a template and its parts: each form makes the facts that its Action takes."""

from abc import abstractmethod
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fleetfolk.console.as_shown import StillAsShown
from fleetfolk.devices.fitting import tidy
from fleetfolk.devices.models import Level, MetadataKind, StreamKind
from fleetfolk.devices.template_parts import (
    NOTIFIED,
    NUMBERS,
    PICTURES,
    Choice,
    Connection,
    EventFacts,
    Facts,
    FieldFacts,
    StreamFacts,
    TemplateFacts,
    is_public_id,
)
from fleetfolk.devices.web.typed_values import CHOICE, choice_line, plain, shown, typed_value

_AS_TYPED = {"autocomplete": "off", "spellcheck": "false"}
_PICTURE_WORDS = {
    "device-desktop": _("Device"),
    "cpu": _("Chip"),
    "temperature": _("Thermometer"),
    "flame": _("Flame"),
    "air-conditioning": _("Air conditioner"),
    "wind": _("Wind"),
    "droplet": _("Drop"),
    "plant-2": _("Plant"),
    "bolt": _("Lightning"),
    "plug": _("Plug"),
    "solar-panel": _("Solar panel"),
    "battery": _("Battery"),
    "bulb": _("Lamp"),
    "gauge": _("Gauge"),
    "engine": _("Engine"),
    "lock": _("Lock"),
    "camera": _("Camera"),
    "router": _("Router"),
    "car": _("Car"),
    "building": _("Building"),
}
_NOTIFIED_WORDS = {"owner": _("The owner"), "shared": _("Whom it is shared with"), "staff": _("The organization")}


class FactsForm(StillAsShown):
    """A form whose rules are those of the facts that it makes."""

    first = "name"
    """The field that problems of no field here stand at."""

    @abstractmethod
    def facts(self) -> Facts:
        """What was typed, once every field by itself is right."""

    def clean(self) -> dict[str, Any]:
        """What was typed, with each problem of the facts at its field."""
        cleaned = super().clean()
        if not self.errors:
            for problem in self.facts().problems():
                self.add_error(problem.where if problem.where in self.fields else self.first, problem.sentence)
        return cleaned

    def text(self, name: str) -> str:
        """The field's text in one line."""
        return tidy(self.cleaned_data.get(name) or "")


def _line(label: Any, limit: int, *, required: bool = False, help_text: Any = "", **attributes: Any) -> Any:
    return forms.CharField(
        label=label,
        max_length=limit,
        required=required,
        help_text=help_text,
        widget=forms.TextInput(attrs={**_AS_TYPED, **attributes}),
        error_messages={"required": _("Give it a name.")},
    )


class TemplateForm(FactsForm):
    """What a template says of itself; for a new one, also its id and who may use it."""

    name = _line(_("Name"), 60, required=True, help_text=_("As customers know the device: “Heat pump”."))
    manufacturer = _line(_("Manufacturer"), 60)
    model = _line(_("Model"), 60)
    hardware = _line(
        _("Hardware"), 40, help_text=_("The board inside, for the people who write its firmware."), list="boards"
    )
    connection = forms.ChoiceField(
        label=_("Connection"), required=False, choices=[("", _("Not said")), *Connection.choices]
    )
    categories = _line(_("Categories"), 400, help_text=_("Separated by commas. The search finds them."))
    icon = forms.ChoiceField(
        label=_("Picture"), choices=[(name, _PICTURE_WORDS[name]) for name in PICTURES], initial=PICTURES[0]
    )
    description = forms.CharField(
        label=_("Description"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    offline_after = forms.IntegerField(
        label=_("Offline after, in seconds"),
        initial=60,
        help_text=_(
            "How long a device may be silent before it counts as offline. Take twice the time between two reports: 60 "
            "for one that stays connected, 7200 for one that reports every hour."
        ),
    )
    public_id = _line(
        _("Template ID"),
        16,
        help_text=_("Only where firmware carries one already (TMPL…). Empty makes a new one."),
        placeholder="TMPL",
    )
    everywhere = forms.BooleanField(
        label=_("Every organization may use it"),
        required=False,
        initial=True,
        help_text=_("Otherwise only your own, until you enable it for others."),
    )

    def __init__(self, data: Any = None, *, facts: TemplateFacts | None = None) -> None:
        super().__init__(data)
        if facts is not None:
            self.edits = True
            self.initial = {**facts.columns(), "categories": ", ".join(facts.categories)}
            del self.fields["public_id"], self.fields["everywhere"]

    def clean_public_id(self) -> str:
        """An id that firmware could carry, or nothing."""
        text = self.text("public_id")
        if text and not is_public_id(text):
            raise ValidationError(gettext("A template ID is TMPL and 4 to 12 letters or digits."))
        return text

    def facts(self) -> TemplateFacts:
        """The template's facts."""
        said = self.cleaned_data
        categories = (tidy(one) for one in said["categories"].split(","))
        return TemplateFacts(
            name=self.text("name"),
            manufacturer=self.text("manufacturer"),
            model=self.text("model"),
            hardware=self.text("hardware"),
            connection=said["connection"],
            categories=tuple(dict.fromkeys(one for one in categories if one)),
            icon=said["icon"],
            description="\n".join(tidy(line) for line in said["description"].splitlines()),
            offline_after=said["offline_after"],
        )


class StreamForm(FactsForm):
    """A datastream. What another type has is ignored, so that it may be typed before the type is changed."""

    name = _line(
        _("Name"),
        40,
        required=True,
        help_text=_("Devices may use it instead of the pin, so keep it as the firmware has it."),
    )
    alias = _line(_("Alias"), 40, help_text=_("What people read instead of the name. Change it whenever you like."))
    pin = forms.IntegerField(
        label=_("Pin"),
        min_value=0,
        max_value=255,
        help_text=_("0 to 255. Firmware addresses the datastream by it: 5 is V5."),
    )
    kind = forms.ChoiceField(
        label=_("Type"),
        choices=StreamKind.choices,
        initial=StreamKind.DOUBLE,
        help_text=_("Values of another type are refused. It stays once devices have reported."),
    )
    units = _line(_("Units"), 16, help_text=_("Shown behind the value: °C, %, kWh."))
    minimum = forms.FloatField(label=_("Minimum"), required=False)
    maximum = forms.FloatField(
        label=_("Maximum"), required=False, help_text=_("What lies outside is brought to the limit, not refused.")
    )
    decimals = forms.TypedChoiceField(
        label=_("Decimals"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", _("As reported")), *((str(number), str(number)) for number in range(6))],
    )
    choices = forms.CharField(
        label=_("Entries"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, **_AS_TYPED}),
        help_text=_(
            "One a line: the number that devices send, then the word that people read, as in “0 Off”. A colour may "
            "follow, #1 to #6."
        ),
    )
    default_value = _line(
        _("Default"),
        1024,
        help_text=_("What is there before the first report: a number, a text, on or off, or longitude, latitude."),
    )
    writable = forms.BooleanField(
        label=_("People can set it"),
        required=False,
        help_text=_("Dashboards show a control in place of a plain value, and automations may write it."),
    )
    sync = forms.BooleanField(
        label=_("Send it to the device when it connects"),
        required=False,
        help_text=_("A device that was away gets what was set meanwhile. Leave it off for what devices only measure."),
    )
    keep_raw = forms.BooleanField(
        label=_("Keep every value"),
        required=False,
        help_text=_("Otherwise one average a minute is kept. Needed for the history of texts; takes much more room."),
    )

    def __init__(self, data: Any = None, *, facts: StreamFacts | None = None, pin: int = 0) -> None:
        super().__init__(data)
        self.initial["pin"] = pin
        if facts is not None:
            self.edits = True
            self.initial = {
                **facts.columns(),
                "minimum": plain(facts.minimum),
                "maximum": plain(facts.maximum),
                "choices": "\n".join(choice_line(choice) for choice in facts.choices),
                "default_value": shown(facts.default_value),
            }

    @property
    def _is_number(self) -> bool:
        return self.cleaned_data.get("kind") in NUMBERS

    def clean_choices(self) -> tuple[Choice, ...]:
        """The entries, line by line."""
        if self.cleaned_data.get("kind") != StreamKind.ENUMERABLE:
            return ()
        choices = []
        for line in self.cleaned_data["choices"].splitlines():
            if not line.strip():
                continue
            match = CHOICE.fullmatch(line.strip())
            if match is None:
                raise ValidationError(gettext("“%(line)s” is not a number and a word.") % {"line": line.strip()[:60]})
            choices.append(Choice(int(match[1]), tidy(match[2]), int(match[3] or 1)))
        return tuple(choices)

    def clean_default_value(self) -> Any:
        """The value as its type has it."""
        return typed_value(self.cleaned_data.get("kind", ""), self.cleaned_data["default_value"])

    def facts(self) -> StreamFacts:
        """The datastream's facts."""
        said, number = self.cleaned_data, self._is_number
        return StreamFacts(
            name=self.text("name"),
            alias=self.text("alias"),
            pin=said["pin"],
            kind=said["kind"],
            units=self.text("units") if number else "",
            minimum=said["minimum"] if number else None,
            maximum=said["maximum"] if number else None,
            decimals=said["decimals"] if said["kind"] == StreamKind.DOUBLE else None,
            default_value=said["default_value"],
            choices=said["choices"],
            writable=said["writable"],
            sync=said["sync"],
            keep_raw=said["keep_raw"],
        )


class MetadataForm(FactsForm):
    """A metadata field."""

    name = _line(_("Name"), 40, required=True, help_text=_("What is kept about each device: “Installed on”, “Floor”."))
    kind = forms.ChoiceField(label=_("Type"), choices=MetadataKind.choices, initial=MetadataKind.TEXT)
    units = _line(_("Units"), 16)
    choices = forms.CharField(
        label=_("Entries"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, **_AS_TYPED}),
        help_text=_("One a line."),
    )
    default_value = _line(_("Default"), 1024, help_text=_("What new devices begin with."))
    required = forms.BooleanField(
        label=_("Must be set"), required=False, help_text=_("Pages say where it is missing, and it cannot be emptied.")
    )

    def __init__(self, data: Any = None, *, facts: FieldFacts | None = None) -> None:
        super().__init__(data)
        if facts is not None:
            self.edits = True
            self.initial = {
                **facts.columns(),
                "choices": "\n".join(facts.choices),
                "default_value": shown(facts.default_value),
            }

    def clean_default_value(self) -> Any:
        """The value as its type has it."""
        return typed_value(self.cleaned_data.get("kind", ""), self.cleaned_data["default_value"])

    def facts(self) -> FieldFacts:
        """The field's facts."""
        said = self.cleaned_data
        lines = (tidy(line) for line in said["choices"].splitlines())
        return FieldFacts(
            name=self.text("name"),
            kind=said["kind"],
            units=self.text("units") if said["kind"] == MetadataKind.NUMBER else "",
            choices=tuple(line for line in lines if line) if said["kind"] == MetadataKind.LIST else (),
            default_value=said["default_value"],
            required=said["required"],
        )


class EventForm(FactsForm):
    """A kind of event."""

    code = _line(
        _("Code"),
        50,
        required=True,
        help_text=_("What the device sends: letters, digits, underscores and spaces, as in “filter_dirty”."),
    )
    name = _line(_("Name"), 50, required=True, help_text=_("What people read on the timeline."))
    level = forms.ChoiceField(
        label=_("Level"),
        choices=Level.choices,
        initial=Level.INFO,
        help_text=_("Warnings and critical events stay open until somebody resolves them."),
    )
    description = _line(_("Description"), 300, help_text=_("Shown where the device sends no words of its own."))
    on_timeline = forms.BooleanField(
        label=_("Show on the timeline"),
        required=False,
        initial=True,
        help_text=_("Otherwise only people who are told hear of it."),
    )
    notify = forms.MultipleChoiceField(
        label=_("Tell"),
        required=False,
        choices=[(word, _NOTIFIED_WORDS[word]) for word in NOTIFIED],
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, data: Any = None, *, facts: EventFacts | None = None) -> None:
        super().__init__(data)
        if facts is not None:
            self.edits = True
            self.initial = facts.columns()

    def facts(self) -> EventFacts:
        """The event's facts."""
        said = self.cleaned_data
        return EventFacts(
            code=self.text("code"),
            name=self.text("name"),
            level=said["level"],
            description=self.text("description"),
            on_timeline=said["on_timeline"],
            notify=tuple(said["notify"]),
        )


class PlaceForm(forms.Form):
    """An organization by its name."""

    organization = forms.CharField(
        label=_("Organization"),
        max_length=80,
        help_text=_("It and everybody below it may use the template."),
        widget=forms.TextInput(attrs={**_AS_TYPED, "list": "organizations"}),
    )
