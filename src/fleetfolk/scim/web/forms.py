"""What is asked about a directory."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fleetfolk.access.models import BuiltinRole, Role
from fleetfolk.console.as_shown import StillAsShown
from fleetfolk.scim.models import NAME_LENGTH, Removal, ScimClient

INVITE, QUIET = "invite", "quiet"


class ClientForm(StillAsShown):
    """A name, the roles that the directory may give, and what becomes of people."""

    name = forms.CharField(
        label=_("Name"),
        max_length=NAME_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("Where your people are kept, such as Okta or Entra ID."),
        error_messages={"required": _("Give it a name.")},
    )
    roles = forms.MultipleChoiceField(
        label=_("It may give these roles"),
        widget=forms.CheckboxSelectMultiple,
        choices=(),
        help_text=_("It changes, disables and removes nobody who holds more than these."),
        error_messages={"required": _("Choose at least one role.")},
    )
    role = forms.ChoiceField(
        label=_("People begin with"), choices=(), help_text=_("Until a group gives them another role.")
    )
    creating = forms.ChoiceField(
        label=_("Whoever is new"),
        choices=((INVITE, _("Gets an invitation by mail")), (QUIET, _("Is added without a mail"))),
        widget=forms.RadioSelect,
        initial=INVITE,
        help_text=_("Without a mail nobody gets in until you invite them, or they sign in with your own sign-in."),
    )
    removal = forms.ChoiceField(
        label=_("Whoever is deleted there"),
        choices=Removal.choices,
        widget=forms.RadioSelect,
        initial=Removal.DEACTIVATE,
    )
    changes_addresses = forms.BooleanField(
        label=_("It may change e-mail addresses and user names"),
        required=False,
        help_text=_("Whoever has an account confirms a new address by a mail that goes there."),
    )

    def __init__(self, data: Any = None, *, roles: Sequence[Role], client: ScimClient | None = None) -> None:
        super().__init__(data, initial=_first(roles) if client is None else _initial(client))
        self.edits = client is not None
        choices = [(str(role.pk), role.name) for role in roles]
        self.fields["roles"].choices = choices  # type: ignore[attr-defined]
        self.fields["role"].choices = choices  # type: ignore[attr-defined]

    def given(self) -> dict[str, Any]:
        """As the Actions take it."""
        said = self.cleaned_data
        return {
            "name": said["name"],
            "role_id": int(said["role"]),
            "role_ids": [int(key) for key in said["roles"]],
            "invites": said["creating"] == INVITE,
            "changes_addresses": said["changes_addresses"],
            "removal": said["removal"],
        }


class GroupForm(forms.Form):
    """The role of a group."""

    role = forms.ChoiceField(label=_("Role"), required=False, choices=())

    def __init__(self, data: Any = None, *, roles: Sequence[Role], initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        given = [(str(role.pk), role.name) for role in roles]
        self.fields["role"].choices = [("", _("No role: people keep theirs")), *given]  # type: ignore[attr-defined]

    def role_id(self) -> int | None:
        """The chosen role's key, or None."""
        return int(self.cleaned_data["role"]) if self.cleaned_data["role"] else None


def _first(roles: Sequence[Role]) -> dict[str, Any]:
    """Whoever thinks of nothing gives the least: the User's role, else the last of the list."""
    least = next((role for role in roles if role.builtin == BuiltinRole.USER), roles[-1] if roles else None)
    return {} if least is None else {"roles": [str(least.pk)], "role": str(least.pk)}


def _initial(client: ScimClient) -> dict[str, Any]:
    return {
        "name": client.name,
        "roles": [str(key) for key in client.roles.values_list("pk", flat=True)],
        "role": str(client.role_id),
        "creating": INVITE if client.invites else QUIET,
        "removal": client.removal,
        "changes_addresses": client.changes_addresses,
    }
