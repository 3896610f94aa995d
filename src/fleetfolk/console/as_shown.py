"""Forms that know what they showed: of two people who edit one thing, neither undoes unknowingly what the other did."""

import hashlib
import json
from typing import Any

from django import forms
from django.utils.translation import gettext as _

SEEN = "seen"


class AsShown(forms.Form):
    """Carries beside each field what it held when the form was drawn, and says which fields are others since.

    For Actions that take what is changed alone, as `KEEP` says it.
    """

    def carry(self) -> None:
        """Every field that the form has by now goes along as it is shown."""
        for field in self.fields.values():
            field.show_hidden_initial = True

    def is_changed(self, name: str) -> bool:
        """Whether the field was changed in this form. Where nothing says what was shown, it is given as it is."""
        return self.add_initial_prefix(name) not in self.data or name in self.changed_data


class StillAsShown(forms.Form):
    """Carries what the thing was when the form was drawn, and refuses what is sent where it is another by now.

    For Actions that take a thing whole. Where `edits` is set the form's ``initial`` is the thing as it is. The refused
    form shows what was entered and, from then on, carries the thing as it is now: sent again it is taken.
    `console/dialog.html` has the field for it. What is sent without it, as by a program, is taken.
    """

    edits = False

    @property
    def seen(self) -> str:
        """What the thing is now: a few letters for each field, in one line. Empty where nothing is edited."""
        return json.dumps(self._marks(), separators=(",", ":")) if self.edits else ""

    def clean(self) -> dict[str, Any]:
        """Says which fields somebody else changed meanwhile."""
        cleaned = super().clean() or self.cleaned_data
        if self.edits and (changed := self._changed()):
            sentence = _("Somebody changed this while you had it open: %(fields)s. Save again to have yours instead.")
            self.add_error(None, sentence % {"fields": ", ".join(changed)})
        return cleaned

    def _changed(self) -> list[str]:
        """The labels of the fields that were something else when the form was drawn."""
        try:
            drawn = json.loads(self.data.get(SEEN) or "{}")
        except ValueError:
            drawn = {}
        if not isinstance(drawn, dict) or not drawn:
            return []
        now = self._marks()
        return [str(self.fields[name].label or name) for name in now if name in drawn and drawn[name] != now[name]]

    def _marks(self) -> dict[str, str]:
        return {name: _mark(self.get_initial_for_field(field, name)) for name, field in self.fields.items()}


def _mark(value: object) -> str:
    """A few letters that are others where the value is another."""
    if isinstance(value, list | tuple | set | frozenset):
        value = sorted(map(str, value))
    return hashlib.sha256(str(value).encode()).hexdigest()[:8]
