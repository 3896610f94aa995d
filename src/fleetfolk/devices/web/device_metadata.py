"""What is known of a device besides what it reports: row by row, each to be edited where it stands."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.http import Http404
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrPromise

from fleetfolk.access.gate import GATE
from fleetfolk.console.http import ConsoleRequest
from fleetfolk.devices.actions.edit_device import LONGEST_SERIAL, EditDevice, EditDeviceInput, place_of, said
from fleetfolk.devices.actions.edit_metadata import EditMetadata, EditMetadataInput
from fleetfolk.devices.models import Device, MetadataField, MetadataKind
from fleetfolk.devices.permissions import ORG_DEVICES_EDIT
from fleetfolk.devices.queries import locations_for, metadata_fields
from fleetfolk.kernel.action import Action
from fleetfolk.organizations.location_words import WORDS
from fleetfolk.organizations.queries import location_word_of
from fleetfolk.users.web.forms import TimeZoneField

FIELD: Final = "field-"
LABELS: Final[dict[str, StrPromise | None]] = {
    "serial": gettext_lazy("Serial number"),
    "location": None,
    "place": gettext_lazy("Place on the map"),
}
_PLAIN: Final = {"autocomplete": "off", "spellcheck": "false"}
_YES, _NO = "yes", "no"
LONGEST_VALUE: Final = 200


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One line: what it is called, what it says as HTML, and where it is edited (nowhere, where that is empty)."""

    slug: str
    label: Any
    value: SafeString | str
    edit_url: str

    @property
    def id(self) -> str:
        """The element's id."""
        return f"row-{self.slug}"


def context(request: ConsoleRequest, device: Device) -> dict[str, Any]:
    """The rows of both cards."""
    may = _may_edit(request, device)
    return {
        "facts": [row_of(slug, device, may=may) for slug in LABELS],
        "fields": [field_row(field, device, may=may) for field in metadata_fields(device)],
        "editing": None,
    }


def _may_edit(request: ConsoleRequest, device: Device) -> bool:
    return device.deleted_at is None and GATE.decide(request.actor, ORG_DEVICES_EDIT, device).allowed


def label_of(slug: str, device: Device) -> str:
    """What the row is called; a location is what its organization calls it."""
    return str(LABELS[slug] or WORDS[location_word_of(device.organization)].one)


def row_of(slug: str, device: Device, *, may: bool) -> Row:
    """One of the rows that every device has."""
    value: SafeString | str = {
        "serial": device.serial,
        "location": device.location.name if device.location else "",
        "place": said(place_of(device)),
    }[slug]
    return Row(
        slug=slug, label=label_of(slug, device), value=value or _not_set(), edit_url=_edit_url(device, slug, may=may)
    )


def field_row(field: MetadataField, device: Device, *, may: bool) -> Row:
    """The row of one of the template's fields."""
    slug = f"{FIELD}{field.pk}"
    value = device.metadata.get(str(field.pk))
    shown = _not_set(required=field.required) if value is None else _shown(field, value)
    return Row(slug=slug, label=field.name, value=shown, edit_url=_edit_url(device, slug, may=may))


def _edit_url(device: Device, slug: str, *, may: bool) -> str:
    return reverse("devices:edit-field", args=[device.pk, slug]) if may else ""


def _not_set(*, required: bool = False) -> SafeString:
    if required:
        return format_html('<span class="ff-st refused">{}</span>', _("Not set, but required"))
    return format_html('<span class="muted">{}</span>', _("Not set"))


def _shown(field: MetadataField, value: Any) -> SafeString | str:
    match MetadataKind(field.kind):
        case MetadataKind.SWITCH:
            return _("Yes") if value else _("No")
        case MetadataKind.NUMBER:
            return f"{number_format(value, use_l10n=True)} {field.units}".strip()
        case MetadataKind.COORDINATES:
            return said((value[1], value[0]))
        case MetadataKind.EMAIL:
            return format_html('<a href="mailto:{}">{}</a>', value, value)
        case MetadataKind.LINK:
            return format_html('<a href="{}" rel="noopener noreferrer nofollow" target="_blank">{}</a>', value, value)
        case _:
            return str(value)


class FactField(forms.CharField):
    """One of the template's fields: read as its kind asks, kept as JSON."""

    def __init__(self, field: MetadataField) -> None:
        self.field = field
        super().__init__(label=field.name, required=False, max_length=LONGEST_VALUE, widget=_widget(field))

    def prepare_value(self, value: Any) -> Any:
        """A kept value is shown as it would be typed."""
        if isinstance(value, bool):
            return _YES if value else _NO
        if isinstance(value, list | tuple):
            return said((value[1], value[0]))
        return value

    def clean(self, value: object) -> Any:
        """The value that is kept; None where nothing was typed."""
        text = super().clean(value)
        if not text:
            return None
        match MetadataKind(self.field.kind):
            case MetadataKind.SWITCH:
                return text == _YES
            case MetadataKind.NUMBER:
                return _number(text)
            case MetadataKind.COORDINATES:
                latitude, longitude = typed_place(text)
                return [longitude, latitude]
            case _:
                return text


def _number(text: str) -> int | float:
    plain = text.replace(" ", "").replace("\N{MINUS SIGN}", "-")
    if plain.count(",") == 1 and "." not in plain:
        plain = plain.replace(",", ".")
    try:
        return int(plain) if plain.lstrip("+-").isdecimal() and len(plain) < 16 else float(plain)
    except ValueError as error:
        raise ValidationError(_("This is not a number. Write it like 1250 or 12.5.")) from error


def typed_place(text: str) -> tuple[float, float]:
    """Latitude and longitude from what was typed. Raises `ValidationError`."""
    parts = text.replace(";", ",").split(",") if "," in text or ";" in text else text.split()
    try:
        latitude, longitude = (float(part.strip().replace("°", "")) for part in parts)
    except ValueError as error:
        raise ValidationError(_("Write latitude and longitude like 50.11, 8.68.")) from error
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise ValidationError(_("Latitude goes from -90 to 90, longitude from -180 to 180."))
    return latitude, longitude


_ATTRIBUTES: Final[dict[str, dict[str, str]]] = {
    MetadataKind.DATE: {"type": "date"},
    MetadataKind.NUMBER: {"inputmode": "decimal"},
    MetadataKind.EMAIL: {"type": "email"},
    MetadataKind.LINK: {"type": "url", "placeholder": "https://"},
    MetadataKind.COORDINATES: {"placeholder": "50.11, 8.68"},
}


def _widget(field: MetadataField) -> forms.Widget:
    none = [] if field.required else [("", _("Not set"))]
    if field.kind == MetadataKind.LIST:
        return forms.Select(choices=[*none, *((choice, choice) for choice in field.choices)])
    if field.kind == MetadataKind.SWITCH:
        return forms.Select(choices=[*none, (_YES, _("Yes")), (_NO, _("No"))])
    return forms.TextInput(attrs={**_PLAIN, **_ATTRIBUTES.get(field.kind, {})})


class PlaceField(forms.CharField):
    """Latitude and longitude in one line, or nothing."""

    def __init__(self) -> None:
        attrs = {"placeholder": "50.11, 8.68", **_PLAIN}
        super().__init__(required=False, max_length=60, widget=forms.TextInput(attrs=attrs))

    def clean(self, value: object) -> tuple[float, float] | None:
        """The place."""
        text = super().clean(value)
        return typed_place(text) if text else None


def _serial(device: Device) -> tuple[forms.Field, Any]:
    field = forms.CharField(required=False, max_length=LONGEST_SERIAL, widget=forms.TextInput(attrs=_PLAIN))
    return field, device.serial


def _location(device: Device) -> tuple[forms.Field, Any]:
    empty = _("None")
    return forms.ModelChoiceField(locations_for(device), required=False, empty_label=empty), device.location_id


_FIELDS: Final[dict[str, Callable[[Device], tuple[forms.Field, Any]]]] = {
    "serial": _serial,
    "location": _location,
    "place": lambda device: (PlaceField(), said(place_of(device))),
}


class RowForm(forms.Form):
    """One row; its control is called ``value``."""

    def __init__(self, data: Any, *, slug: str, device: Device) -> None:
        super().__init__(data)
        self.slug, self.device = slug, device
        self.field: MetadataField | None = None
        if slug.startswith(FIELD):
            self.field = _field(slug, device)
            self.fields["value"] = self._of_the_template(self.field)
            self.initial["value"] = device.metadata.get(str(self.field.pk))
        elif slug in _FIELDS:
            self.fields["value"], self.initial["value"] = _FIELDS[slug](device)
        else:
            raise Http404

    def _of_the_template(self, field: MetadataField) -> forms.Field:
        if field.kind == MetadataKind.TIME_ZONE:
            present = str(self.device.metadata.get(str(field.pk), ""))
            return TimeZoneField(organization=self.device.organization, present=present)
        return FactField(field)

    @property
    def label(self) -> str:
        """What the row is called."""
        return self.field.name if self.field else label_of(self.slug, self.device)

    def step(self) -> tuple[type[Action[Any, Any]], Any]:
        """The Action that saves the row, and nothing else of the device."""
        value = self.cleaned_data["value"]
        if self.field:
            return EditMetadata, EditMetadataInput(values={self.field.pk: None if value == "" else value})
        if self.slug == "location":
            return EditDevice, EditDeviceInput(location_id=value.pk if value else None)
        return EditDevice, EditDeviceInput(**{self.slug: value})

    def row(self, device: Device) -> Row:
        """The row as it is read."""
        return field_row(self.field, device, may=True) if self.field else row_of(self.slug, device, may=True)


def _field(slug: str, device: Device) -> MetadataField:
    for field in metadata_fields(device):
        if slug == f"{FIELD}{field.pk}":
            return field
    raise Http404
