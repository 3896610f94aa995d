"""Forms of the users' pages: two spellings of the Actions' inputs."""

import zoneinfo
from collections.abc import Iterator
from functools import cache
from typing import Any, cast

from allauth.account.adapter import get_adapter
from allauth.account.forms import ChangePasswordForm, ResetPasswordForm, ResetPasswordKeyForm
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.choices import BaseChoiceIterator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fleetfolk.access.models import Role
from fleetfolk.console.as_shown import AsShown
from fleetfolk.console.long_select import LongSelect
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.enqueue import enqueue
from fleetfolk.organizations.location_words import WORDS
from fleetfolk.organizations.models import Organization
from fleetfolk.organizations.queries import location_word_of
from fleetfolk.users.actions.accept_invitation import AcceptInvitationInput
from fleetfolk.users.actions.assign_password import AssignPasswordInput
from fleetfolk.users.actions.assign_role import AssignRoleInput
from fleetfolk.users.actions.edit_invitation import EditInvitationInput
from fleetfolk.users.actions.edit_user import KEEP, EditUserInput
from fleetfolk.users.actions.invite_user import InviteUserInput
from fleetfolk.users.actions.no_input import ReasonInput
from fleetfolk.users.actions.transfer_user import TransferUserInput
from fleetfolk.users.importing.emails import normal_email
from fleetfolk.users.importing.names import clean_name
from fleetfolk.users.importing.problems import UnfitValue
from fleetfolk.users.models import User
from fleetfolk.users.password_rules import password_hint
from fleetfolk.users.permissions import EDIT_USERS, INVITE_USERS, TRANSFER_USERS
from fleetfolk.users.queries import giveable_roles, locations_of
from fleetfolk.users.signin import AccountAdapter
from fleetfolk.users.web.phones import PhoneField

NAME_LONGEST = 60
_AS_TYPED = {"autocomplete": "off", "spellcheck": "false"}


class NameField(forms.CharField):
    """Half of a name in any script, in one line and without invisible characters."""

    def __init__(self, *, label: Any) -> None:
        super().__init__(
            label=label,
            required=False,
            max_length=NAME_LONGEST,
            widget=forms.TextInput(attrs=_AS_TYPED),
        )

    def clean(self, value: object) -> str:
        """The cleaned name."""
        text = super().clean(value)
        try:
            return clean_name(text, limit=NAME_LONGEST)
        except UnfitValue as error:
            raise ValidationError(error.sentence) from error


class AddressField(forms.CharField):
    """An e-mail address, in the one spelling that is stored and compared."""

    def __init__(self, *, label: Any = None, **more: Any) -> None:
        widget = forms.TextInput(attrs={"type": "email", "inputmode": "email", "autocapitalize": "none", **_AS_TYPED})
        more.setdefault("error_messages", {"required": _("Give an e-mail address.")})
        super().__init__(label=label or _("E-mail"), max_length=254, widget=widget, **more)

    def clean(self, value: object) -> str:
        """The normal spelling."""
        text = super().clean(value)
        if not text:
            return ""
        try:
            return normal_email(text)
        except UnfitValue as error:
            raise ValidationError(error.sentence) from error


class Pairs(BaseChoiceIterator):
    """Choices that are pairs already: of hundreds of locations or zones, Django would look into every one, twice."""

    def __init__(self, pairs: list[tuple[Any, Any]]) -> None:
        self._pairs = pairs

    def __iter__(self) -> Iterator[tuple[Any, Any]]:
        return iter(self._pairs)


class RoleField(forms.TypedChoiceField):
    """One of the roles that the actor may give. The Action asks again: this only spares a useless choice."""

    def __init__(self, *, roles: list[Role], label: Any = None, **more: Any) -> None:
        super().__init__(
            label=label or _("Role"),
            coerce=int,
            choices=Pairs([(role.pk, role.name) for role in roles]),
            error_messages={
                "required": _("Choose a role."),
                "invalid_choice": _("This role holds more than your own, or it is not of this tree. Choose another."),
            },
            **more,
        )


class LocationField(forms.TypedChoiceField):
    """One of the organization's locations, or none."""

    def __init__(self, *, organization: Organization) -> None:
        named = [(str(pk), name) for pk, name in locations_of(organization).values_list("pk", "name")]
        super().__init__(
            label=WORDS[location_word_of(organization)].one,
            required=False,
            coerce=int,
            empty_value=None,
            choices=Pairs([("", _("None")), *named]),
            error_messages={"invalid_choice": _("This one is not of this organization. Choose another.")},
        )


@cache
def time_zones() -> list[str]:
    """The zones that are places, as people look for them."""
    return sorted(zone for zone in zoneinfo.available_timezones() if "/" in zone and not zone.startswith(_NO_PLACES))


def known_zone(said: str) -> str:
    """The zone, where there is one of that name: what a browser says is a convenience, not a duty."""
    return said if len(said) <= 40 and said in zoneinfo.available_timezones() else ""


_NO_PLACES = ("Etc/", "SystemV/", "posix/", "right/", "US/", "Canada/", "Brazil/", "Chile/", "Mexico/")


class TimeZoneField(forms.ChoiceField):
    """A zone of one's own, or that of the organization."""

    widget = LongSelect

    def __init__(self, *, organization: Organization, present: str = "") -> None:
        own = [(zone, zone.replace("_", " ")) for zone in time_zones()]
        if present and present not in time_zones():
            own.insert(0, (present, present))
        theirs = gettext("As the organization (%(zone)s)") % {"zone": organization.time_zone.replace("_", " ")}
        super().__init__(label=_("Time zone"), required=False, choices=Pairs([("", theirs), *own]))


class PersonForm(forms.Form):
    """What is known of a person, whether invited or edited."""

    first_name = NameField(label=_("First name"))
    last_name = NameField(label=_("Last name"))

    def clean(self) -> dict[str, Any]:
        """At least half a name."""
        cleaned = super().clean() or self.cleaned_data
        halves = ("first_name", "last_name")
        if all(not cleaned.get(half) and not self.has_error(half) for half in halves):
            self.add_error("first_name", _("Give a first name, a last name or both."))
        return cleaned


class EditUserForm(AsShown, PersonForm):
    """The details and the role of somebody of the organization. What stays as it was shown is not given."""

    def __init__(self, data: Any = None, *, actor: Actor, person: User) -> None:
        initial = {
            "first_name": person.first_name,
            "last_name": person.last_name,
            "phone": person.phone,
            "role": person.role_id,
            "location": person.location_id or "",
            "time_zone": person.time_zone,
        }
        super().__init__(data, initial=initial)
        self.person = person
        self.fields["phone"] = PhoneField(organization=person.organization)
        self.fields["role"] = RoleField(roles=giveable_roles(actor, EDIT_USERS, person.organization))
        self.fields["location"] = LocationField(organization=person.organization)
        self.fields["time_zone"] = TimeZoneField(organization=person.organization, present=person.time_zone)
        self.carry()

    def to_input(self) -> EditUserInput:
        """The details as the Action takes them."""
        return EditUserInput(
            first_name=self._given("first_name"),
            last_name=self._given("last_name"),
            phone=self._given("phone"),
            location_id=self._given("location"),
            time_zone=self._given("time_zone"),
        )

    def _given(self, name: str) -> Any:
        return self.cleaned_data[name] if self.is_changed(name) else KEEP

    def to_role_input(self) -> AssignRoleInput | None:
        """The new role, where it is another one."""
        role_id = self.cleaned_data["role"]
        if role_id == self.person.role_id or not self.is_changed("role"):
            return None
        return AssignRoleInput(role_id=role_id)


class InviteForm(PersonForm):
    """Who is invited, and as what, into one organization."""

    email = AddressField()

    def __init__(self, data: Any = None, *, actor: Actor, organization: Organization) -> None:
        super().__init__(data)
        roles = giveable_roles(actor, INVITE_USERS, organization)
        plainest = next((role.pk for role in roles if role.builtin == "user"), None)
        self.fields["role"] = RoleField(roles=roles, initial=plainest)
        self.fields["phone"] = PhoneField(organization=organization)
        self.fields["location"] = LocationField(organization=organization)

    def to_input(self) -> InviteUserInput:
        """The invitation as the Action takes it."""
        return InviteUserInput(
            first_name=self.cleaned_data["first_name"],
            last_name=self.cleaned_data["last_name"],
            email=self.cleaned_data["email"],
            role_id=self.cleaned_data["role"],
            phone=self.cleaned_data["phone"],
            location_id=self.cleaned_data["location"],
        )


class EditInvitationForm(forms.Form):
    """Another address for a pending person."""

    email = AddressField()

    def to_input(self) -> EditInvitationInput:
        """The address as the Action takes it."""
        return EditInvitationInput(email=self.cleaned_data["email"])


class TransferForm(forms.Form):
    """Where a person goes, as what, and with what."""

    admin_email = AddressField(
        label=_("E-mail of an Admin there"), help_text=_("They get a mail, and so does the person.")
    )

    def __init__(self, data: Any = None, *, actor: Actor, person: User) -> None:
        super().__init__(data)
        roles = giveable_roles(actor, TRANSFER_USERS, person.organization)
        self.fields["role"] = RoleField(roles=roles, label=_("New role"), initial=person.role_id)
        if person.device_count:
            self.fields["with_devices"] = forms.BooleanField(label=_("Their devices move along"), required=False)

    def to_input(self) -> TransferUserInput:
        """The transfer as the Action takes it."""
        return TransferUserInput(
            admin_email=self.cleaned_data["admin_email"],
            role_id=self.cleaned_data["role"],
            with_devices=self.cleaned_data.get("with_devices", False),
        )


class ReasonForm(forms.Form):
    """Why, for the action log."""

    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs=_AS_TYPED),
        help_text=_("Kept in the action log. The person does not see it."),
    )

    def to_input(self) -> ReasonInput:
        """The reason as Actions take it."""
        return ReasonInput(reason=self.cleaned_data["reason"])


class DeleteForm(ReasonForm):
    """Nothing is deleted by a slip of the hand."""

    WORD = "DELETE"
    field_order = ("word", "reason")
    word = forms.CharField(
        label=_("Type DELETE to confirm"),
        strip=True,
        widget=forms.TextInput(attrs={**_AS_TYPED, "data-confirm": WORD, "autocapitalize": "characters"}),
    )

    def clean_word(self) -> str:
        """The word, letter by letter."""
        word: str = self.cleaned_data["word"]
        if word != self.WORD:
            raise ValidationError(_("Type DELETE in capital letters."))
        return word


class NewPasswordForm(forms.Form):
    """A password that passes the rules for this person."""

    password = forms.CharField(
        label=_("New password"),
        strip=False,
        max_length=4096,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": _("Choose a password.")},
    )

    def __init__(self, data: Any = None, *, person: User) -> None:
        super().__init__(data)
        self.person = person
        self.fields["password"].help_text = password_hint(person.organization)

    def clean_password(self) -> str:
        """A password that is long, rare and unlike the person's name and address."""
        password: str = self.cleaned_data["password"]
        validate_password(password, self.person)
        return password


class AssignPasswordForm(NewPasswordForm):
    """A password that somebody sets for somebody else."""

    def to_input(self) -> AssignPasswordInput:
        """The password as the Action takes it."""
        return AssignPasswordInput(password=self.cleaned_data["password"])


class JoinForm(NewPasswordForm):
    """The password with which an invitation is accepted, and where the browser is."""

    time_zone = forms.CharField(required=False, widget=forms.HiddenInput(attrs={"data-time-zone": ""}))

    def clean_time_zone(self) -> str:
        """A zone that exists, or none."""
        return known_zone(self.cleaned_data["time_zone"])

    def to_input(self, *, secret_hash: str) -> AcceptInvitationInput:
        """The acceptance as the Action takes it."""
        return AcceptInvitationInput(
            secret_hash=secret_hash,
            password=self.cleaned_data["password"],
            time_zone=self.cleaned_data["time_zone"],
        )


class ForgottenPasswordForm(ResetPasswordForm):
    """Asks for an address. Whether it has an account is looked up later, by the worker: the page cannot tell."""

    def clean_email(self) -> str:
        """The address, lower-case."""
        return str(self.cleaned_data["email"]).strip().lower()

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        """The same one job is queued for every address."""
        email: str = self.cleaned_data["email"]
        enqueue("users.send_forgotten_link", email=email)
        return email


class LinkPasswordForm(ResetPasswordKeyForm):
    """A new password by a link from one's own mail."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say_rules(self.fields["password1"], self.user)

    def save(self) -> None:
        """The password is set, unless the link was used a moment ago. Raises `Refused`."""
        adapter = cast("AccountAdapter", get_adapter())
        adapter.set_password(self.user, self.cleaned_data["password1"], link=self.temp_key)


class OwnPasswordForm(ChangePasswordForm):
    """A new password by the present one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say_rules(self.fields["password1"], self.user)

    def clean_oldpassword(self) -> str:
        """The present password. A wrong one counts as a guess, as everywhere."""
        password: str = self.cleaned_data.get("oldpassword", "")
        if not get_adapter().reauthenticate(cast("User", self.user), password):
            raise get_adapter().validation_error("enter_current_password")
        return password


def _say_rules(field: forms.Field, person: Any) -> None:
    if isinstance(person, User):
        field.help_text = password_hint(person.organization)
