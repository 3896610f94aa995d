"""What people type to add a second factor or to change an address."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fleetfolk.users.web.forms import AddressField
from fleetfolk.users.web.signing_in import CodeField

NAME_LONGEST = 40


class AppForm(forms.Form):
    """The code that a new app shows first."""

    code = CodeField()


class PasskeyForm(forms.Form):
    """What the browser made, and what its owner calls it."""

    name = forms.CharField(
        label=_("Name"),
        max_length=NAME_LONGEST,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("So that you know it again: “Telephone”, “Blue key”."),
    )
    credential = forms.CharField(widget=forms.HiddenInput, required=False)


class EmailForm(forms.Form):
    """The new address."""

    email = AddressField(label=_("New e-mail"))

    def clean_email(self) -> str:
        """The one spelling that is stored."""
        address: Any = self.cleaned_data["email"]
        return str(address).lower()
