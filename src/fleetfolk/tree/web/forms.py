"""Forms of organizations: two spellings of the Actions' inputs."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from fleetfolk.access.models import Role
from fleetfolk.console.as_shown import AsShown
from fleetfolk.console.long_select import LongSelect
from fleetfolk.devices.fitting import is_one_line, tidy
from fleetfolk.devices.models import Template
from fleetfolk.organizations.actions import CreateOrganizationInput, EditOrganizationInput
from fleetfolk.organizations.models import Organization, OrganizationKind, UnitSystem
from fleetfolk.users.actions.invite_user import InviteUserInput
from fleetfolk.users.web.country_names import country_names
from fleetfolk.users.web.forms import AddressField, NameField, TimeZoneField, time_zones
from fleetfolk.users.web.phones import PhoneField

KINDS = [
    (kind.value, kind.label)
    for kind in OrganizationKind
    if kind not in (OrganizationKind.INSTALLATION, OrganizationKind.ROOT)
]
_AS_TYPED = {"autocomplete": "off", "spellcheck": "false"}


def _name_field() -> forms.CharField:
    return forms.CharField(
        label=_("Name"),
        max_length=80,
        widget=forms.TextInput(attrs=_AS_TYPED),
        error_messages={"required": _("Give it a name.")},
    )


def _in_one_line(text: str) -> str:
    line = tidy(text)
    if not is_one_line(line):
        raise ValidationError(gettext("This holds characters that cannot be seen."))
    return line


class CreateForm(forms.Form):
    """A new organization: what it is, which templates it may use, and its first Admin."""

    name = _name_field()
    kind = forms.ChoiceField(label=_("Type"), choices=KINDS, initial=OrganizationKind.CLIENT)
    first_name = NameField(label=_("First name"))
    last_name = NameField(label=_("Last name"))
    email = AddressField(required=False)

    def __init__(self, data: Any = None, *, parent: Organization, templates: list[Template], roles: list[Role]) -> None:
        super().__init__(data)
        self.parent, self.roles = parent, roles
        self.fields["time_zone"] = TimeZoneField(organization=parent, present="")
        if templates:
            self.fields["templates"] = forms.MultipleChoiceField(
                label=_("Templates that it may use, beside those of the organizations above"),
                choices=[(str(one.pk), one.name) for one in templates],
                required=False,
                widget=forms.CheckboxSelectMultiple,
            )

    def clean_name(self) -> str:
        """The name in one line."""
        return _in_one_line(self.cleaned_data["name"])

    def clean(self) -> dict[str, Any]:
        """Whoever is invited has a name and an address."""
        said = self.cleaned_data
        if said.get("email") and not (said.get("first_name") or said.get("last_name")):
            self.add_error("first_name", gettext("Say what the person is called."))
        if not said.get("email") and not self.errors.get("email") and (said.get("first_name") or said.get("last_name")):
            self.add_error("email", gettext("The invitation needs an address to go to."))
        return said

    def to_input(self) -> CreateOrganizationInput:
        """The organization as the Action takes it."""
        said = self.cleaned_data
        return CreateOrganizationInput(
            name=said["name"],
            kind=OrganizationKind(said["kind"]),
            country=self.parent.country,
            time_zone=said["time_zone"] or self.parent.time_zone,
        )

    def invitation(self) -> InviteUserInput | None:
        """The first Admin as the Action takes them; None where nobody is invited."""
        said = self.cleaned_data
        if not said.get("email") or not self.roles:
            return None
        return InviteUserInput(
            first_name=said["first_name"],
            last_name=said["last_name"],
            email=said["email"],
            role_id=self.roles[0].pk,
        )

    def template_ids(self) -> list[int]:
        """The templates that are enabled for it."""
        return [int(key) for key in self.cleaned_data.get("templates", [])]


class EditForm(AsShown):
    """What an organization says of itself. What stays as it was shown stays as it is now."""

    name = _name_field()
    description = forms.CharField(
        label=_("Description"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    address = forms.CharField(
        label=_("Address"), max_length=200, required=False, widget=forms.TextInput(attrs=_AS_TYPED)
    )
    unit_system = forms.ChoiceField(label=_("Units"), choices=UnitSystem.choices, widget=forms.RadioSelect)

    field_order = (
        *("name", "kind", "description", "phone", "address", "country", "time_zone", "unit_system", "allows_below"),
    )

    def __init__(self, data: Any = None, *, organization: Organization, from_above: bool) -> None:
        super().__init__(data)
        if from_above:
            self.fields["allows_below"] = forms.BooleanField(
                label=_("Organizations may be created below it"), required=False
            )
        if not organization.is_tenant:
            self.fields["kind"] = forms.ChoiceField(label=_("Type"), choices=KINDS)
        countries = sorted(country_names(get_language() or "en").items(), key=lambda one: one[1])
        self.fields["country"] = forms.ChoiceField(
            label=_("Country"), choices=[("", gettext("not said")), *countries], required=False, widget=LongSelect
        )
        self.fields["phone"] = PhoneField(organization=organization)
        zones = dict.fromkeys([organization.time_zone, *time_zones()])
        self.fields["time_zone"] = forms.ChoiceField(
            label=_("Time zone"), choices=[(zone, zone.replace("_", " ")) for zone in zones], widget=LongSelect
        )
        self.order_fields(self.field_order)
        self.initial = {name: getattr(organization, name) for name in self.fields}
        self.carry()

    def clean_name(self) -> str:
        """The name in one line."""
        return _in_one_line(self.cleaned_data["name"])

    def clean_address(self) -> str:
        """The address in one line."""
        return _in_one_line(self.cleaned_data["address"])

    def to_input(self) -> EditOrganizationInput:
        """What the Action takes."""
        now = self.initial
        said = {name: said if self.is_changed(name) else now[name] for name, said in self.cleaned_data.items()}
        return EditOrganizationInput(
            name=said["name"],
            kind=OrganizationKind(said["kind"]) if "kind" in said else None,
            description=said["description"],
            phone=said["phone"],
            address=said["address"],
            country=said["country"],
            time_zone=said["time_zone"],
            unit_system=UnitSystem(said["unit_system"]),
            allows_below=said.get("allows_below"),
        )


class WordForm(forms.Form):
    """Nothing is moved or deleted by a slip of the hand."""

    word = forms.CharField(strip=True)

    def __init__(self, data: Any = None, *, word: str) -> None:
        super().__init__(data)
        self.expected = word
        field = self.fields["word"]
        field.label = gettext("Type %(word)s to confirm") % {"word": word}
        field.widget.attrs |= {**_AS_TYPED, "data-confirm": word, "autocapitalize": "characters"}

    def clean_word(self) -> str:
        """The word, letter by letter."""
        typed: str = self.cleaned_data["word"]
        if typed != self.expected:
            raise ValidationError(gettext("Type %(word)s in capital letters.") % {"word": self.expected})
        return typed
