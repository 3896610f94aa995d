"""Forms about devices: how they come in, whose they are, and with whom they are shared."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fleetfolk.devices.actions.assign_owner import AssignOwnerInput
from fleetfolk.devices.actions.claim_device import ClaimDeviceInput
from fleetfolk.devices.actions.create_device import CreateDeviceInput
from fleetfolk.devices.actions.create_provisioning import CreateProvisioningInput
from fleetfolk.devices.actions.edit_share import EditShareInput
from fleetfolk.devices.actions.share_device import ShareDeviceInput
from fleetfolk.devices.actions.start_tokens import MOST_TOKENS, StartTokensInput
from fleetfolk.devices.actions.transfer_device import TransferDeviceInput
from fleetfolk.devices.models import Share, ShareLevel, Template
from fleetfolk.devices.tokens import LONGEST_SCANNED, Kept, code_in
from fleetfolk.kernel import clock
from fleetfolk.organizations.models import Organization
from fleetfolk.users.importing.names import clean_name
from fleetfolk.users.importing.problems import UnfitValue
from fleetfolk.users.web.forms import AddressField

NAME_LONGEST = 60
ORGANIZATIONS_LISTED = 30
"""So many organizations are offered as a list; where there are more, one types the name."""
LATEST_END = dt.date(2199, 12, 31)
_AS_TYPED = {"autocomplete": "off", "spellcheck": "false"}


class DeviceNameField(forms.CharField):
    """A device's name, in one line and without invisible characters."""

    def __init__(self, **more: Any) -> None:
        more.setdefault("error_messages", {"required": _("Give it a name.")})
        super().__init__(label=_("Name"), max_length=NAME_LONGEST, widget=forms.TextInput(attrs=_AS_TYPED), **more)

    def clean(self, value: object) -> str:
        """The cleaned name."""
        try:
            return clean_name(super().clean(value), limit=NAME_LONGEST)
        except UnfitValue as error:
            raise ValidationError(error.sentence) from error


class TemplateField(forms.TypedChoiceField):
    """One of the templates whose devices may be here."""

    def __init__(self, *, templates: Sequence[Template], **more: Any) -> None:
        super().__init__(
            label=_("Template"),
            coerce=int,
            choices=[(template.pk, template.name) for template in templates],
            error_messages={
                "required": _("Choose a template."),
                "invalid_choice": _("This template is not enabled here. Choose another."),
            },
            **more,
        )


class OrganizationField(forms.CharField):
    """An organization that the viewer reaches, by its name; a few are offered as a list."""

    def __init__(self, *, reachable: QuerySet[Organization], **more: Any) -> None:
        self.reachable = reachable
        few = list(reachable.order_by("name", "pk")[: ORGANIZATIONS_LISTED + 1])
        widget: forms.Widget = forms.TextInput(attrs=_AS_TYPED)
        if len(few) <= ORGANIZATIONS_LISTED:
            blank = [] if more.get("required", True) else [("", _("None"))]
            widget = forms.Select(choices=[*blank, *((one.name, one.name) for one in few)])
        super().__init__(label=_("Organization"), max_length=80, widget=widget, **more)

    def clean(self, value: object) -> Organization | None:
        """The one organization of this name."""
        name = super().clean(value)
        if not name:
            return None
        found = list(self.reachable.filter(name__iexact=name.strip()).order_by("pk")[:2])
        if not found:
            raise ValidationError(_("There is no organization of this name that you reach. Look at its name again."))
        if len(found) > 1:
            raise ValidationError(_("Several organizations have this name. Rename one of them first."))
        return found[0]


class CreateDeviceForm(forms.Form):
    """A new device."""

    name = DeviceNameField()
    serial = forms.CharField(
        label=_("Serial number"), required=False, max_length=64, widget=forms.TextInput(attrs=_AS_TYPED)
    )
    owner = AddressField(
        label=_("Owner’s e-mail"), required=False, help_text=_("Somebody who can sign in. They get a mail.")
    )

    def __init__(
        self, data: Any = None, *, templates: Sequence[Template], reachable: QuerySet[Organization], home: Organization
    ) -> None:
        super().__init__(data)
        self.fields["template"] = TemplateField(templates=templates)
        self.fields["organization"] = OrganizationField(reachable=reachable, initial=home.name)
        self.order_fields(["template", "name", "organization", "owner", "serial"])

    def to_input(self, token: str) -> CreateDeviceInput:
        """The device as the Action takes it, of the token only what is kept."""
        given = self.cleaned_data
        return CreateDeviceInput(
            template_id=given["template"],
            name=given["name"],
            token=Kept.of(token),
            owner_email=given["owner"],
            serial=given["serial"],
        )


class TokensForm(forms.Form):
    """A batch of devices that are yet to be sold."""

    count = forms.IntegerField(
        label=_("How many"),
        min_value=1,
        max_value=MOST_TOKENS,
        initial=100,
        help_text=_("Up to 1,000 at a time. Each is a device that waits to be claimed."),
    )

    def __init__(
        self, data: Any = None, *, templates: Sequence[Template], reachable: QuerySet[Organization], home: Organization
    ) -> None:
        super().__init__(data)
        self.fields["template"] = TemplateField(templates=templates)
        self.fields["organization"] = OrganizationField(reachable=reachable, initial=home.name)
        self.order_fields(["template", "count", "organization"])

    def to_input(self) -> StartTokensInput:
        """The order as the Action takes it."""
        return StartTokensInput(template_id=self.cleaned_data["template"], count=self.cleaned_data["count"])


class ImportForm(forms.Form):
    """A file of devices, and what its rows do not say."""

    file = forms.FileField(
        label=_("File"),
        error_messages={
            "required": _("Choose a file first."),
            "empty": _("The file is empty. Choose a CSV file with a line of column names and devices below."),
        },
    )
    only_check = forms.BooleanField(
        label=_("Only check the rows"), required=False, help_text=_("Says what is wrong with which row. Adds nothing.")
    )

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        *,
        templates: Sequence[Template],
        reachable: QuerySet[Organization],
        home: Organization,
    ) -> None:
        super().__init__(data, files)
        self.fields["organization"] = OrganizationField(
            reachable=reachable,
            initial=home.name,
            help_text=_("Where devices go whose row names no organization."),
        )
        self.fields["template"] = forms.TypedChoiceField(
            label=_("Template where the row names none"),
            required=False,
            coerce=int,
            empty_value=None,
            choices=[("", _("None")), *((template.pk, template.name) for template in templates)],
        )
        self.order_fields(["file", "organization", "template", "only_check"])

    def clean_file(self) -> Any:
        """The file, where it is not too large."""
        file = self.cleaned_data["file"]
        if file.size > settings.FLEETFOLK_UPLOAD_MAX_BYTES:
            raise ValidationError(_("The file is too large. Split it in several."))
        return file


class OwnerForm(forms.Form):
    """Who owns a device from now on."""

    email = AddressField(label=_("E-mail of the new owner"), help_text=_("Somebody who can sign in. They get a mail."))

    def to_input(self) -> AssignOwnerInput:
        """The owner as the Action takes them."""
        return AssignOwnerInput(email=self.cleaned_data["email"])


class TransferDeviceForm(forms.Form):
    """To whom a device goes: a person, or an organization."""

    PERSON, ORGANIZATION = "person", "organization"
    to = forms.ChoiceField(
        label=_("To"),
        choices=[(PERSON, _("A person and their organization")), (ORGANIZATION, _("An organization, without owner"))],
        widget=forms.RadioSelect,
        initial=PERSON,
    )
    email = AddressField(label=_("E-mail of the person"), required=False)

    def __init__(self, data: Any = None, *, reachable: QuerySet[Organization]) -> None:
        super().__init__(data)
        self.fields["organization"] = OrganizationField(reachable=reachable, required=False)

    def clean(self) -> dict[str, Any]:
        """The half that belongs to the choice is filled in."""
        given = super().clean() or self.cleaned_data
        if given.get("to") == self.PERSON and not given.get("email") and not self.has_error("email"):
            self.add_error("email", _("Type the address of the person."))
        organization = given.get("organization")
        if given.get("to") == self.ORGANIZATION and organization is None and not self.has_error("organization"):
            self.add_error("organization", _("Choose an organization."))
        return given

    def to_input(self) -> TransferDeviceInput:
        """The destination as the Action takes it."""
        given = self.cleaned_data
        if given["to"] == self.PERSON:
            return TransferDeviceInput(email=given["email"])
        return TransferDeviceInput(organization_id=given["organization"].pk)


class ClaimForm(forms.Form):
    """The code of a device, typed or scanned."""

    code = forms.CharField(
        label=_("Code"),
        max_length=LONGEST_SCANNED,
        widget=forms.TextInput(attrs={**_AS_TYPED, "autocapitalize": "none", "autocorrect": "off"}),
        error_messages={"required": _("Type or scan the code on the device.")},
        help_text=_("It stands beside the square picture on the device or its box, and begins with sqr_."),
    )

    def to_input(self) -> ClaimDeviceInput:
        """The code as the Action takes it: its hash alone."""
        return ClaimDeviceInput(code_hash=Kept.of(code_in(self.cleaned_data["code"])).hash)


class SetUpForm(forms.Form):
    """A device of one's own that is set up over its own Wi-Fi."""

    name = DeviceNameField()

    def __init__(self, data: Any = None, *, templates: Sequence[Template]) -> None:
        super().__init__(data)
        self.fields["template"] = TemplateField(templates=templates)
        self.fields["template"].label = _("Kind of device")
        self.order_fields(["template", "name"])

    def to_input(self, token: str) -> CreateProvisioningInput:
        """The device as the Action takes it, of the token only what is kept."""
        given = self.cleaned_data
        return CreateProvisioningInput(template_id=given["template"], name=given["name"], token=Kept.of(token))


class EndField(forms.DateField):
    """The last day of something, in the viewer's own zone; may be empty."""

    def __init__(self) -> None:
        super().__init__(
            label=_("Last day"),
            required=False,
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            input_formats=["%Y-%m-%d"],
            error_messages={"invalid": _("Choose a day, as in 2027-03-31.")},
            help_text=_("Without a day it goes on until somebody ends it."),
        )

    def clean(self, value: object) -> dt.datetime | None:
        """The moment at which that day is over."""
        day = super().clean(value)
        if day is None:
            return None
        if not timezone.localdate(clock.now()) <= day <= LATEST_END:
            raise ValidationError(_("The end lies in the past, or too far away. Choose another day."))
        return timezone.make_aware(dt.datetime.combine(day + dt.timedelta(days=1), dt.time()))


class LevelField(forms.ChoiceField):
    """How far a share goes, of what the viewer may give."""

    def __init__(self, *, levels: Sequence[ShareLevel], **more: Any) -> None:
        super().__init__(
            label=_("They can"),
            choices=[(level.value, level.label) for level in levels],
            widget=forms.RadioSelect,
            error_messages={"required": _("Choose how far it goes.")},
            **more,
        )


class ShareForm(forms.Form):
    """With whom a device is shared, how far, and until when."""

    email = AddressField(
        label=_("Share with"), help_text=_("Whoever has no account yet is invited by mail to make one.")
    )

    def __init__(self, data: Any = None, *, levels: Sequence[ShareLevel]) -> None:
        super().__init__(data)
        self.fields["level"] = LevelField(levels=levels, initial=ShareLevel.VIEW)
        self.fields["ends"] = EndField()

    def to_input(self) -> ShareDeviceInput:
        """The share as the Action takes it."""
        given = self.cleaned_data
        return ShareDeviceInput(email=given["email"], level=given["level"], ends_at=given["ends"])


class EditShareForm(forms.Form):
    """How far a share goes from now on, and until when."""

    def __init__(self, data: Any = None, *, share: Share, levels: Sequence[ShareLevel]) -> None:
        # Its dialog stands above the form of a new share, whose fields have the plain ids.
        initial = {"level": share.level, "ends": last_day(share.ends_at)}
        super().__init__(data, initial=initial, auto_id="id_changed_%s")
        self.share = share
        self.fields["level"] = LevelField(levels=levels)
        self.fields["ends"] = EndField()

    def to_input(self) -> EditShareInput:
        """The change as the Action takes it."""
        given = self.cleaned_data
        return EditShareInput(share_id=self.share.pk, level=given["level"], ends_at=given["ends"])


def last_day(ends_at: dt.datetime | None) -> dt.date | None:
    """The last whole day before an end, in the viewer's own zone."""
    return None if ends_at is None else timezone.localdate(ends_at - dt.timedelta(seconds=1))
