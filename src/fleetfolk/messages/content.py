"""What somebody writes: the words in each language, the button below, and whom it is for. Checked here, once."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings

from fleetfolk.devices.queries import devices_in
from fleetfolk.kernel import clock
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Change, readable
from fleetfolk.messages.audience import check_audience
from fleetfolk.messages.models import BODY_LENGTH, SUBJECT_LENGTH, Channel, Message
from fleetfolk.organizations.models import Organization

LABEL_LENGTH: Final = 40
URL_LENGTH: Final = 1000
_LANGUAGES: Final = frozenset(code for code, _name in settings.LANGUAGES)
_BUTTONS: Final = {"link": {"label", "url"}, "device": {"label", "device"}, "reply": set[str]()}


@dataclass(frozen=True, kw_only=True, slots=True)
class Words:
    """The words of one language; ``label`` is that of the button."""

    subject: str
    body: str
    label: str = ""

    def as_json(self) -> dict[str, str]:
        """As `Message.variants` keeps them."""
        return {"subject": self.subject, "body": self.body, "label": self.label}


@dataclass(frozen=True, kw_only=True, slots=True)
class MessageInput:
    """A message as it was written. ``audience``, ``button`` and ``channels`` are as `Message` keeps them.

    A ``test`` is for its author alone, and stands among no messages but their own.
    """

    subject: str = ""
    body: str = ""
    language: str = ""
    variants: Mapping[str, Words] = field(default_factory=dict)
    button: Mapping[str, Any] = field(default_factory=dict)
    audience: Mapping[str, Any] = field(default_factory=dict)
    channels: Sequence[Channel] = ()
    expires_at: dt.datetime | None = None
    test: bool = False

    def values(self) -> dict[str, Any]:
        """The columns that it fills."""
        return {
            "subject": self.subject,
            "body": self.body,
            "language": self.language,
            "variants": {code: words.as_json() for code, words in self.variants.items()},
            "action": dict(self.button),
            "audience": dict(self.audience),
            "channels": {way.value: way in self.channels for way in Channel},
            "expires_at": self.expires_at,
        }

    def check(self, *, actor: Actor, within: Organization) -> None:
        """Refuses what no message can be. A draft may still lack its words and whom it is for."""
        check_words({self.language: Words(subject=self.subject, body=self.body), **self.variants})
        check_button(self.button, actor)
        if self.expires_at is not None and self.expires_at <= clock.now():
            raise Refused("message_expiry_past")
        if self.audience:
            check_audience(self.audience, actor=actor, within=within)


def check_words(variants: Mapping[str, Words]) -> None:
    """Refuses words that are too long, or in a language that is not spoken here."""
    for code, words in variants.items():
        if code and code not in _LANGUAGES:
            raise Refused("message_language")
        if len(words.subject) > SUBJECT_LENGTH or len(words.body) > BODY_LENGTH or len(words.label) > LABEL_LENGTH:
            raise Refused("message_too_long")
        if any(not character.isprintable() for character in words.subject) or "\x00" in words.body:
            raise Refused("message_characters")


def check_button(button: Mapping[str, Any], actor: Actor) -> None:
    """Refuses a button that leads nowhere, or to a device that the author does not see."""
    if not button:
        return
    kind = button.get("kind")
    if kind not in _BUTTONS or set(button) != _BUTTONS[kind] | {"kind"}:
        raise Refused("message_button")
    label = button.get("label", "")
    if kind != "reply" and not (isinstance(label, str) and 0 < len(label.strip()) <= LABEL_LENGTH):
        raise Refused("message_button_label")
    if kind == "link" and not is_web_address(button["url"]):
        raise Refused("message_button_url")
    if kind == "device" and not devices_in(actor).filter(pk=button["device"]).exists():
        raise Refused("message_button_device")


def is_web_address(url: object) -> bool:
    """Whether it is an address of the web that a browser opens, and nothing that a script hides in."""
    if not isinstance(url, str) or len(url) > URL_LENGTH or not url.isprintable() or " " in url:
        return False
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.username is None


def changes_of(message: Message, values: Mapping[str, Any]) -> list[Change]:
    """What differs, for the log: that words changed, not which."""
    quiet = {"body", "variants", "subject"}
    return [
        Change(name, *(("", "") if name in quiet else (readable(getattr(message, name)), readable(value))))
        for name, value in values.items()
        if getattr(message, name) != value
    ]
