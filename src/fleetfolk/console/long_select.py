"""A select of hundreds of entries. Django draws each through a template of its own: 60 ms for the time zones."""

from html import escape
from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils.safestring import SafeString


class LongSelect(forms.Select):
    """Draws what `forms.Select` does, for choices without groups."""

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        """The select as HTML, everything escaped."""
        chosen = set(self.format_value(value))
        entries = [(str(key), str(label)) for key, label in self.choices]
        options = "".join(
            f'<option value="{escape(key)}"{" selected" if key in chosen else ""}>{escape(label)}</option>'
            for key, label in entries
        )
        known = self.build_attrs(self.attrs, {"name": name, **(attrs or {})})
        return SafeString(f"<select{flatatt(known)}>{options}</select>")
