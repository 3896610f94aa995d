"""The rows of the Devices page: what each device's row says, ready for the stencil of the page's template."""

import functools
from collections.abc import Callable, Sequence
from html import escape

from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from fleetfolk.console import marking, states, times
from fleetfolk.console.stencil import stencil_of
from fleetfolk.console.templatetags.console import icon
from fleetfolk.devices.listing import ListedDevice

ROW = "devices/device_list.html#row"
TAGS_SHOWN = 1
_NOTHING = SafeString("")


def rows_html(devices: Sequence[ListedDevice], *, columns: frozenset[str], words: Sequence[str]) -> SafeString:
    """The rows of the table, with what the search found marked."""
    now, language = timezone.now(), get_language()
    never = format_html('<span class="muted">{}</span>', _("never"))
    mark: Callable[[str], SafeString] = lambda text: marking.marked(text, words) if text else _NOTHING  # noqa: E731
    rows = [
        {
            "id": device.id,
            "icon": icon(device.icon),
            "name": _escaped(device.name),
            "name_marked": mark(device.name),
            "sub": mark(device.serial) if device.serial else _token(device.token_end, words),
            "status": _status(language, device.status),
            "reported": times.time_element(device.reported_at, now=now) if device.reported_at else never,
            "template": mark(device.template),
            "owner": mark(device.owner) if device.owner else _no_owner(language),
            "organization": _escaped(device.organization),
            "organization_marked": mark(device.organization),
            "location": _escaped(device.location),
            "location_marked": mark(device.location),
            "firmware": mark(device.firmware),
            "tags": _tags(device.tags),
            "activated": times.time_element(device.activated_at, now=now) if device.activated_at else never,
        }
        for device in devices
    ]
    return stencil_of(ROW, columns=columns).filled(rows)


def _escaped(text: str) -> SafeString:
    return SafeString(escape(text))


def _token(end: str, words: Sequence[str]) -> SafeString:
    return (
        format_html("<span title='{}'>…{}</span>", _("End of the token"), marking.marked(end, words))
        if end
        else _NOTHING
    )


@functools.lru_cache(maxsize=50)
def _status(language: str | None, code: str) -> SafeString:
    return format_html('<span class="ff-st {}">{}</span>', code, states.WORDS[code])


@functools.lru_cache(maxsize=10)
def _no_owner(language: str | None) -> SafeString:
    return format_html('<span class="muted">{}</span>', _("nobody"))


def _tags(tags: Sequence[tuple[str, int]]) -> SafeString:
    shown = [
        format_html('<span class="ff-tag {}">{}</span>', f"t{colour}" if colour else "plain", name)
        for name, colour in tags[:TAGS_SHOWN]
    ]
    if more := ", ".join(name for name, _colour in tags[TAGS_SHOWN:]):
        shown.append(format_html('<span class="ff-tag more" title="{}">+{}</span>', more, len(tags) - TAGS_SHOWN))
    return SafeString("".join(shown))
