"""The forms of deleting: a word, and whether the address may come back."""

from django import forms
from django.utils.translation import gettext_lazy as _

from fleetfolk.users.actions.delete_account import DeleteAccountInput
from fleetfolk.users.actions.delete_user import DeleteUserInput
from fleetfolk.users.web.forms import DeleteForm


class SuppressingForm(DeleteForm):
    """Deletes somebody, and may keep the address from being added again."""

    field_order = ("word", "reason", "suppress")  # type: ignore[assignment]
    suppress = forms.BooleanField(
        label=_("Never add this address again"),
        help_text=_("Invitations and imports refuse it. It is kept as a keyed hash, not as an address."),
        required=False,
    )

    def to_input(self) -> DeleteUserInput:  # type: ignore[override]
        """The input of the Action."""
        return DeleteUserInput(reason=self.cleaned_data["reason"], suppress=self.cleaned_data["suppress"])


class DeleteAccountForm(SuppressingForm):
    """Deletes one's own account."""

    reason = None  # type: ignore[assignment]

    def to_input(self) -> DeleteAccountInput:  # type: ignore[override]
        """The input of the Action."""
        return DeleteAccountInput(suppress=self.cleaned_data["suppress"])
