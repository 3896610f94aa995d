"""Forms that know what they showed: of two people who edit one thing, neither undoes what only the other changed."""

from django import forms


class AsShown(forms.Form):
    """Carries beside each field what it held when the form was drawn, and says which fields are others since."""

    def carry(self) -> None:
        """Every field that the form has by now goes along as it is shown."""
        for field in self.fields.values():
            field.show_hidden_initial = True

    def is_changed(self, name: str) -> bool:
        """Whether the field was changed in this form. Where nothing says what was shown, it is given as it is."""
        return self.add_initial_prefix(name) not in self.data or name in self.changed_data
