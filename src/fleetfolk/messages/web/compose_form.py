"""The form in which a message, or a text that messages begin with, is written."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.conf import settings
from django.forms import BoundField
from django.utils import timezone, translation
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from fleetfolk.messages.content import LABEL_LENGTH, URL_LENGTH, MessageInput, Words
from fleetfolk.messages.models import BODY_LENGTH, SUBJECT_LENGTH, Channel, Message, MessageTemplate

LANGUAGES: Final = tuple(code for code, _name in settings.LANGUAGES)
NO_BUTTON: Final = ""
_SPELLED: Final = {"spellcheck": "true", "autocomplete": "off"}
_LONG: Final = {"rows": 9, "spellcheck": "true"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Pane:
    """The fields of one language, shown one at a time."""

    code: str
    name: str
    subject: BoundField
    body: BoundField
    label: BoundField | None
    filled: bool
    wrong: bool
    shown: bool


class WordsForm(forms.Form):
    """Subject and text in each language of the installation; ``language`` is the one whose words come first."""

    def __init__(self, data: Any = None, *, language: str, labelled: bool, **given: Any) -> None:
        super().__init__(data, **given)
        self.labelled = labelled
        self.order = tuple(sorted(LANGUAGES, key=lambda code: (code != language, LANGUAGES.index(code))))
        self.fields["shown"] = forms.ChoiceField(
            choices=[(code, code) for code in self.order], required=False, widget=forms.HiddenInput
        )
        for code in self.order:
            self.fields[f"subject_{code}"] = forms.CharField(
                label=_("Subject"), max_length=SUBJECT_LENGTH, required=False, widget=forms.TextInput(attrs=_SPELLED)
            )
            self.fields[f"body_{code}"] = forms.CharField(
                label=_("Message"), max_length=BODY_LENGTH, required=False, widget=forms.Textarea(attrs=_LONG)
            )
            if labelled:
                self.fields[f"label_{code}"] = forms.CharField(
                    label=_("Button"), max_length=LABEL_LENGTH, required=False, widget=forms.TextInput(attrs=_SPELLED)
                )

    def words(self) -> tuple[str, Words, dict[str, Words]]:
        """The language that comes first among those with words, its words, and those of the others."""
        said = {code: self._words_in(code) for code in self.order}
        written = [code for code, words in said.items() if words.subject or words.body]
        first = written[0] if written else self.order[0]
        return first, said[first], {code: said[code] for code in written if code != first}

    def _words_in(self, code: str) -> Words:
        given = self.cleaned_data
        body = given.get(f"body_{code}", "").replace("\r\n", "\n")
        return Words(subject=given.get(f"subject_{code}", ""), body=body, label=given.get(f"label_{code}", ""))

    @property
    def panes(self) -> Sequence[Pane]:
        """The languages in order. The one with something wrong is shown, else the one that was."""
        wrong = [code for code in self.order if any(self._named(code)[part].errors for part in self._parts)]
        chosen = self["shown"].value()
        shown = (wrong or ([chosen] if chosen in self.order else []) or [self.order[0]])[0]
        return [self._pane(code, wrong=code in wrong, shown=code == shown) for code in self.order]

    @property
    def _parts(self) -> Sequence[str]:
        return ("subject", "body", "label") if self.labelled else ("subject", "body")

    def _named(self, code: str) -> dict[str, BoundField]:
        return {part: self[f"{part}_{code}"] for part in self._parts}

    def _pane(self, code: str, *, wrong: bool, shown: bool) -> Pane:
        named = self._named(code)
        return Pane(
            code=code,
            name=get_language_info(code)["name_local"].capitalize(),
            subject=named["subject"],
            body=named["body"],
            label=named.get("label"),
            filled=bool(named["subject"].value() or named["body"].value()),
            wrong=wrong,
            shown=shown,
        )


class ComposeForm(WordsForm):
    """A message: its words, its button, its ways out, and when it is over."""

    action = forms.ChoiceField(label=_("Button opens"), required=False)
    url = forms.CharField(
        label=_("Link"),
        max_length=URL_LENGTH,
        required=False,
        widget=forms.URLInput(attrs={"placeholder": "https://", "autocomplete": "off"}),
    )
    device = forms.TypedChoiceField(label=_("Device"), coerce=int, empty_value=None, required=False)
    channels = forms.MultipleChoiceField(
        choices=Channel.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input m-0"}),
    )
    expires = forms.DateField(
        label=_("Expires"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, data: Any = None, *, devices: Sequence[tuple[int, str]] = (), **given: Any) -> None:
        super().__init__(data, labelled=True, **given)
        kinds = [(NO_BUTTON, _("No button")), ("link", _("A link")), ("reply", _("A reply"))]
        if devices:
            kinds.insert(2, ("device", _("A device")))
        self.fields["action"].choices = kinds  # type: ignore[attr-defined]
        self.fields["device"].choices = [(str(key), name) for key, name in devices]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """What the button needs is there."""
        given = super().clean() or {}
        kind = given.get("action")
        if kind == "link" and not given.get("url") and "url" not in self.errors:
            self.add_error("url", _("Say where the button leads. An address begins with https://."))
        if kind in ("link", "device"):
            first, words, _others = self.words()
            if not words.label:
                self.add_error(f"label_{first}", _("Say what the button reads."))
        return given

    def to_input(self, audience: Mapping[str, Any]) -> MessageInput:
        """What the Action takes."""
        given = self.cleaned_data
        first, words, others = self.words()
        button: dict[str, Any] = {}
        if given["action"] == "link":
            button = {"kind": "link", "label": words.label, "url": given["url"]}
        elif given["action"] == "device":
            button = {"kind": "device", "label": words.label, "device": given["device"]}
        elif given["action"] == "reply":
            button = {"kind": "reply"}
        return MessageInput(
            subject=words.subject,
            body=words.body,
            language=first,
            variants=others,
            button=button,
            audience=audience,
            channels=[Channel(way) for way in given["channels"]],
            expires_at=_end_of(given["expires"]) if given["expires"] else None,
        )


def initial_of(message: Message, language: str) -> dict[str, Any]:
    """What the form shows of a draft."""
    action = message.action
    return {
        **words_of(message, language),
        f"label_{message.language or language}": action.get("label", ""),
        "action": action.get("kind", NO_BUTTON),
        "url": action.get("url", ""),
        "device": action.get("device"),
        "channels": [way for way, wanted in message.channels.items() if wanted],
        "expires": timezone.localdate(message.expires_at - dt.timedelta(seconds=1)) if message.expires_at else None,
    }


def words_of(kept: Message | MessageTemplate, language: str) -> dict[str, str]:
    """The words that are kept, as the fields are called; ``language`` is meant where it was not said."""
    said = {kept.language or language: {"subject": kept.subject, "body": kept.body}, **kept.variants}
    return {f"{part}_{code}": text for code, words in said.items() for part, text in words.items()}


def preferred_language(organization_language: str) -> str:
    """The language whose pane comes first where nothing is written yet."""
    chosen = organization_language or translation.get_language() or settings.LANGUAGE_CODE
    return chosen if chosen in LANGUAGES else LANGUAGES[0]


def _end_of(day: dt.date) -> dt.datetime:
    """The end of the day, in the viewer's zone."""
    return timezone.make_aware(dt.datetime.combine(day + dt.timedelta(days=1), dt.time()))
