"""A message as one person reads it: in their language, with their names in it, and safe whoever wrote it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import unescape
from typing import Any, Final

import nh3
from django.utils.html import escape, strip_tags
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, override
from markdown_it import MarkdownIt
from markdown_it.token import Token

from fleetfolk.devices.models import Device, Hold
from fleetfolk.messages.models import Message, MessageKind
from fleetfolk.users.models import User

GLANCE: Final = 160
PLACEHOLDERS: Final = ("name", "first_name", "organization", "device")
_PLACE: Final = re.compile(r"\{(" + "|".join(PLACEHOLDERS) + r")\}")
_MARKDOWN: Final = MarkdownIt("commonmark", {"html": False}).enable("strikethrough").disable("image")
_TAGS: Final = {
    *("p", "br", "strong", "em", "s", "a", "ul", "ol", "li", "blockquote", "code", "pre", "hr"),
    *("h1", "h2", "h3", "h4", "h5", "h6"),
}
_HEADINGS: Final = {"h1": "h3", "h2": "h4", "h3": "h5", "h4": "h6", "h5": "h6", "h6": "h6"}
"""The page has a first and a second heading already."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Read:
    """What somebody reads. ``text`` is as it was written, with names in place; ``html`` is safe to show."""

    language: str
    subject: str
    text: str
    html: SafeString
    label: str

    @property
    def glance(self) -> str:
        """The beginning of the text without its Markdown, in one line."""
        words = " ".join(unescape(strip_tags(self.html)).split())
        return words if len(words) <= GLANCE else f"{words[: GLANCE - 1]}…"


def read_for(message: Message, person: User) -> Read:
    """The message as this person reads it. What came by mail from outside is shown as it came."""
    if message.kind == MessageKind.PUSHMAIL:
        # No Markdown: nothing that a stranger wrote becomes a heading, a list or a link with other words.
        return Read(language="", subject=message.subject, text=message.body, html=as_lines(message.body), label="")
    return _read(message, _language_of(message, person), values_for(message, person))


def preview_of(message: Message, language: str, values: Mapping[str, str]) -> Read:
    """The message in one of its languages, with these values in its places."""
    return _read(message, language if language in message.variants else message.language, values)


def values_for(message: Message, person: User) -> dict[str, str]:
    """What stands in the places of the message for this person."""
    return {
        "name": str(person),
        "first_name": person.get_short_name(),
        "organization": person.organization.name,
        "device": _device_of(message, person) or _any_device(_language_of(message, person)),
    }


def safe_html(text: str, values: Mapping[str, str] | None = None) -> SafeString:
    """Markdown as HTML of a few harmless elements: no pictures, no scripts, links that give nothing away.

    Values are put into what was read, not into what is read: a name cannot become a link.
    """
    tokens = _MARKDOWN.parse(text)
    _prepare(tokens, values or {})
    html = _MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {})
    return mark_safe(  # noqa: S308 - cleaned here
        nh3.clean(
            html,
            tags=_TAGS,
            attributes={"a": {"href"}, "*": set()},
            url_schemes={"http", "https", "mailto", "tel"},
            link_rel="nofollow noopener noreferrer",
        )
    )


def filled(text: str, values: Mapping[str, str]) -> str:
    """Plain text with the values in its places. A place without a value stays as it is written."""
    return _PLACE.sub(lambda place: values.get(place[1]) or place[0], text)


def as_lines(text: str) -> SafeString:
    """Plain text with its line breaks."""
    return mark_safe(escape(text).replace("\n", "<br>"))  # noqa: S308 - escaped here


def _read(message: Message, language: str, values: Mapping[str, str]) -> Read:
    words: Mapping[str, Any] = message.variants.get(language) or {"subject": message.subject, "body": message.body}
    label = words.get("label") or message.action.get("label", "")
    return Read(
        language=language,
        subject=filled(words["subject"], values) or message.subject,
        text=filled(words["body"], values),
        html=safe_html(words["body"], values),
        label=filled(label, values),
    )


def _language_of(message: Message, person: User) -> str:
    """The person's own, where it is written; else the one that the message began with."""
    return person.language if person.language in message.variants else message.language


def _any_device(language: str) -> str:
    """What stands for a device where there is none, so that the sentence around it stays one."""
    with override(language or get_language()):
        return gettext("your device")


def _device_of(message: Message, person: User) -> str:
    """The device that the button opens, else the person's own first."""
    devices = Device.objects.filter(Device.held(person.pk, Hold.VIEW), tenant_id=person.tenant_id)
    if message.action.get("kind") == "device":
        devices = devices.filter(pk=message.action["device"])
    return devices.order_by("-owner_id", "pk").values_list("name", flat=True).first() or ""


def _prepare(tokens: list[Token], values: Mapping[str, str]) -> None:
    for token in tokens:
        if token.type in ("text", "code_inline", "code_block", "fence"):
            token.content = filled(token.content, values)
        if token.tag in _HEADINGS:
            token.tag = _HEADINGS[token.tag]
        if token.type == "fence":
            token.info = ""
        if token.children:
            _prepare(token.children, values)
