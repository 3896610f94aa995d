"""The forms of an import: the file, what becomes of its people, and which column is what."""

from functools import cache
from typing import Any

import phonenumbers
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext, to_locale
from django.utils.translation import gettext_lazy as _

from fleetfolk.access.gate import GATE
from fleetfolk.access.models import BuiltinRole
from fleetfolk.kernel.actor import Actor
from fleetfolk.organizations.models import Organization
from fleetfolk.users.actions.edit_import import EditImportInput
from fleetfolk.users.import_places import Ambiguous, organization_named
from fleetfolk.users.importing.fields import Field
from fleetfolk.users.importing.mapping import ColumnMapping
from fleetfolk.users.permissions import INVITE_USERS
from fleetfolk.users.web.country_names import country_names


class OptionsForm(forms.Form):
    """What becomes of the people of a file. Needs the actor and where the import goes."""

    country = forms.ChoiceField(label=_("Country of phone numbers without a country code"), required=False, choices=[])
    role = forms.TypedChoiceField(label=_("Role where the file names none"), coerce=int, choices=[])
    invite = forms.BooleanField(
        label=_("Send invitations"),
        required=False,
        help_text=_("Otherwise new people are Pending, nobody is written to, and you can invite them later."),
    )

    def __init__(self, *args: Any, actor: Actor, organization: Organization, **more: Any) -> None:
        super().__init__(*args, **more)
        roles = list(GATE.giveable_roles(actor, INVITE_USERS, organization))
        plain = next((role.pk for role in roles if role.builtin == BuiltinRole.USER), None)
        self.choose("country", [("", gettext("None")), *countries()])
        self.choose("role", [(role.pk, role.name) for role in roles])
        self.fields["role"].initial = plain

    def choose(self, name: str, choices: list[tuple[Any, str]]) -> None:
        """The field offers these."""
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - narrows the type
        field.choices = choices


class UploadForm(OptionsForm):
    """A file, and the organization that its people join unless it names one."""

    file = forms.FileField(
        label=_("File"),
        error_messages={
            "required": _("Choose a file first."),
            "empty": _("The file is empty. Choose a CSV file with a line of column names and people below."),
        },
    )
    organization = forms.CharField(
        label=_("Organization"),
        max_length=80,
        help_text=_("Where people go whose row names no organization. Rows may name this one or one below it."),
    )

    def __init__(self, *args: Any, actor: Actor, organization: Organization, offered: bool, **more: Any) -> None:
        super().__init__(*args, actor=actor, organization=organization, **more)
        self._actor = actor
        self.fields["organization"].initial = organization.name
        if offered:
            self.fields["organization"].widget.attrs["list"] = "organizations"
        self.order_fields(["file", "organization", "country", "role", "invite"])

    def clean_file(self) -> Any:
        """The file, where it is not too large."""
        file, limit = self.cleaned_data["file"], settings.FLEETFOLK_UPLOAD_MAX_BYTES
        if file.size > limit:
            raise ValidationError(
                gettext("The file is larger than %(limit)s. Split it and import the parts.")
                % {"limit": filesizeformat(limit)}
            )
        return file

    def clean_organization(self) -> Organization:
        """The organization of this name, or key, where the actor may import people."""
        text = self.cleaned_data["organization"]
        try:
            found = organization_named(self._actor, text)
        except Ambiguous as error:
            raise ValidationError(
                gettext("There is more than one organization “%(name)s”. Give the number of one: %(numbers)s.")
                % {"name": text, "numbers": ", ".join(map(str, error.keys))}
            ) from error
        if found is None:
            raise ValidationError(gettext("There is no organization “%(name)s” that you can reach.") % {"name": text})
        return found


class ColumnsForm(OptionsForm):
    """Which column of the file is what."""

    def __init__(self, *args: Any, columns: list[tuple[int, str]], mapping: ColumnMapping, **more: Any) -> None:
        super().__init__(*args, **more)
        choices = [("", gettext("Leave out")), *((each.value, each.label) for each in Field)]
        self.columns = columns
        for index, name in columns:
            fed = mapping.field_of(index)
            self.fields[f"column-{index}"] = forms.ChoiceField(
                label=name, required=False, choices=choices, initial=fed.value if fed else ""
            )

    def clean(self) -> dict[str, Any]:
        """No field is fed by two columns."""
        cleaned = super().clean() or self.cleaned_data
        fed: dict[str, int] = {}
        for index, _name in self.columns:
            field = cleaned.get(f"column-{index}")
            if field and field in fed:
                self.add_error(
                    f"column-{index}",
                    gettext("%(field)s has a column already. Choose one of the two.") % {"field": Field(field).label},
                )
            elif field:
                fed[field] = index
        if not self.errors:
            mapping = ColumnMapping({Field(field): index for field, index in fed.items()})
            for missing in mapping.missing():
                self.add_error(None, gettext("Say which column holds this: %(field)s.") % {"field": missing.label})
            cleaned["mapping"] = mapping
        return cleaned

    def to_input(self) -> EditImportInput:
        """What was chosen. The form is valid."""
        chosen = self.cleaned_data
        return EditImportInput(
            mapping=chosen["mapping"], country=chosen["country"], role_id=chosen["role"], invite=chosen["invite"]
        )


@cache
def countries() -> list[tuple[str, str]]:
    """Every country with phone numbers, by name, each with its calling code."""
    language = to_locale(settings.LANGUAGE_CODE).partition("_")[0]
    names = country_names(language)
    named = [
        (code, f"{names.get(code, code)} (+{phonenumbers.country_code_for_region(code)})")
        for code in phonenumbers.SUPPORTED_REGIONS
    ]
    return sorted(named, key=lambda each: each[1])
