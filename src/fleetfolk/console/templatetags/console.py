"""Small tags of every page: {% load console %}. Those that stand in table rows build their HTML without a template."""

import datetime as dt
import functools
import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from django import template
from django.contrib.messages.storage.base import Message
from django.forms import BoundField, CheckboxInput, RadioSelect, Select
from django.template.context import Context
from django.template.loader import get_template
from django.templatetags.static import static
from django.urls import get_script_prefix, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

from fleetfolk.console import initials, marking, navigation, parts, states, times
from fleetfolk.console.http import came_from
from fleetfolk.console.stencil import blank, kept, stencil_of

register = template.Library()


@functools.cache
def _icon(name: str, size: str, label: str) -> SafeString:
    css = f"icon {size}".strip()
    address = static("console/icons.svg")
    if label:
        return format_html(
            '<svg class="{}" role="img" aria-label="{}"><use href="{}#{}"></use></svg>', css, label, address, name
        )
    return format_html('<svg class="{}" aria-hidden="true"><use href="{}#{}"></use></svg>', css, address, name)


@register.simple_tag
def icon(name: str, size: str = "", label: str = "") -> SafeString:
    """A Tabler icon from the sprite, hidden from screen readers unless it has a label; size is '', 's' or 'l'."""
    return _icon(name, size, str(label))


@register.simple_tag
def avatar(identity: int, name: str, size: str = "") -> SafeString:
    """The person's initials on the colour that belongs to the id; size is '', 'xs', 's', 'm' or 'l'."""
    css = f"ff-av {initials.colour_of(identity)} {size}".strip()
    return format_html('<span class="{}" aria-hidden="true">{}</span>', css, initials.initials_of(name))


@register.filter
def initials_of(name: str) -> str:
    """One or two letters that stand for the name."""
    return initials.initials_of(name)


@register.simple_tag
def status(code: str, pill: bool = False, text: str = "") -> SafeString:
    """A state as shape and word; pill is for the one beside a page's title, text replaces the word."""
    css = f"ff-st {'pill ' if pill else ''}{code}"
    return format_html('<span class="{}">{}</span>', css, text or states.WORDS[code])


@register.simple_tag
def tag(name: str, colour: int = 0) -> SafeString:
    """A tag with its coloured dot; colour is 1 to 6, 0 for none."""
    return format_html('<span class="ff-tag {}">{}</span>', f"t{colour}" if colour else "plain", name)


@register.simple_tag
@functools.cache
def skeleton(columns: str, rows: int = 8) -> SafeString:
    """Rows in the shape of a table that is being loaded: widths by column ('who w3 w2 w4'), seen after 300 ms."""
    widths = columns.split()
    cells = [format_html_join("", "<td>{}</td>", ((_bones(width, row),) for width in widths)) for row in range(rows)]
    return format_html(
        '<table class="ff-table ff-skeleton" aria-hidden="true"><tbody>{}</tbody></table>',
        format_html_join("", "<tr>{}</tr>", ((line,) for line in cells)),
    )


def _bones(width: str, row: int) -> SafeString:
    if width != "who":
        return format_html('<span class="ff-sk {}"></span>', width)
    return format_html(
        '<div class="ff-who"><span class="ff-sk av"></span>'
        '<span><span class="ff-sk {}"></span><span class="ff-sk t {}"></span></span></div>',
        ("w1", "w2", "w4")[row % 3],
        ("w2", "w1")[row % 2],
    )


@register.simple_tag
def when(moment: dt.datetime | None, never: str = "") -> SafeString:
    """The moment in the viewer's zone with the exact time on hover; the word for never where there is none."""
    if moment is None:
        return format_html('<span class="muted">{}</span>', never) if never else SafeString()
    return times.time_element(moment)


@register.filter
def undo_of(message: Message) -> list[str] | None:
    """The address and the label of what takes back what the toast tells of; nothing where there is no way back."""
    undo: list[str] | None = json.loads(message.extra_tags) if message.extra_tags else None
    return undo


@register.filter
def mark(text: object, query: str | Sequence[str] | None) -> SafeString:
    """The text escaped, with what the search found in it marked; the query as typed, or as folded words."""
    words = marking.words_of(query) if isinstance(query, str) else tuple(query or ())
    return marking.marked("" if text is None else str(text), words)


@register.simple_tag
def fixed(name: str) -> SafeString:
    """A template that needs nothing and says the same on every page: drawn once for each language and prefix."""
    return _fixed(name, get_language(), get_script_prefix())


@kept
def _fixed(name: str, language: str | None, prefix: str) -> SafeString:
    return SafeString(get_template(name).render())


@register.simple_tag(takes_context=True)
def me_menu(context: Context, down: bool = False) -> SafeString:
    """The viewer's own menu, drawn through a stencil: of a person there are four words in it."""
    viewer, theme, token = context["viewer"], str(context.get("theme", "")), str(context.get("csrf_token", ""))
    shape = stencil_of(
        "console/components/me_menu.html",
        theme=theme,
        down=bool(down),
        csrf_token=blank("csrf_token"),
        prefix=get_script_prefix(),
    )
    mine = {"name": viewer.name, "email": viewer.email, "role_id": viewer.role_id, "csrf_token": token}
    return shape.filled([mine])


class _Link(NamedTuple):
    """A link of the sidebar as its stencil draws it: what marks the page that is open is a blank."""

    url: str
    icon: str
    label: str
    group: str
    current: SafeString


@register.simple_tag(takes_context=True)
def sidebar(context: Context) -> SafeString:
    """The sidebar, drawn through a stencil: who looks, and the links that their permissions (may_see) open."""
    viewer, links = context["viewer"], navigation.links_for(context["request"], may_see=context.get("may_see") or ())
    marks = [f"at_{link.page.name.replace(':', '_')}" for link in links]
    drawn = tuple(
        _Link(
            url=link.url,
            icon=link.page.icon,
            label=str(link.label),
            group=str(link.page.group) if link.opens_group else "",
            current=blank(mark),
        )
        for link, mark in zip(links, marks, strict=True)
    )
    shape = stencil_of(
        "console/sidebar.html",
        links=drawn,
        chooses_place=bool(context.get("chooses_place")),
        prefix=get_script_prefix(),
    )
    home, place = viewer.organization, context["place_name"]
    words = {
        "place": place,
        "sub": home.get_kind_display() if place == home.name else gettext("home: %(home)s") % {"home": home.name},
        "avatar": avatar(viewer.id, viewer.name),
        "name": viewer.name,
        "role": viewer.role.name,
        "menu": me_menu(context),
    }
    open_page = SafeString(' aria-current="page"')
    at = {mark: open_page if link.current else SafeString() for link, mark in zip(links, marks, strict=True)}
    return shape.filled([words | at])


class _Act(NamedTuple):
    """What can be done to many, as the bar below a list shows it."""

    label: str
    icon: str
    url: str
    prominent: bool
    first: bool
    divides: bool
    divides_wide: bool
    """On a wide page, too, where what is prominent is in the bar and not in the menu."""
    bad: bool


@register.simple_tag(takes_context=True)
def way_back(context: Context) -> str:
    """Where whoever thinks better of a form that is a page of its own goes: the page before it, else the first one."""
    before, here = came_from(context["request"]), context["request"].path
    return before if before and before.partition("?")[0] != here else reverse("home")


@register.simple_tag(takes_context=True)
def selection(context: Context, acts: Sequence[Mapping[str, Any]], region: str) -> SafeString:
    """The bar of what can be done to chosen rows, drawn through a stencil: only the token in it is the viewer's own."""
    shape = stencil_of(
        "console/components/selection.html",
        acts=tuple(_Act(**{**act, "label": str(act["label"]), "divides": bool(act["divides"])}) for act in acts),
        region=region,
        csrf_token=blank("csrf_token"),
    )
    return shape.filled([{"csrf_token": str(context.get("csrf_token", ""))}])


@register.simple_tag(takes_context=True)
def base_bars(context: Context) -> SafeString:
    """The bars that other packages hang above every page, each rendered in the page's context."""
    engine: Any = context.template.engine if context.template else None
    names = parts.bars_for(context["request"])
    return format_html_join("", "{}", ((engine.get_template(name).render(context),) for name in names))


@register.simple_tag
def control(field: BoundField, **attributes: Any) -> SafeString:
    """The field's control in the look of the console, tied to its hint and its errors; an underscore becomes a dash."""
    widget = field.field.widget
    if isinstance(widget, CheckboxInput | RadioSelect):
        css = "form-check-input m-0"
    elif isinstance(widget, Select):
        css = "form-select"
    else:
        css = "form-control"
    # Django leaves an attribute out that is False, and ties hint and errors to the control by itself.
    attrs = {name.replace("_", "-"): False if value == "" else value for name, value in attributes.items()}
    if field.errors:
        css += " is-invalid"
    attrs["class"] = " ".join(filter(None, (css, str(widget.attrs.get("class", "")), str(attrs.get("class", "")))))
    shown = field.as_widget(attrs=attrs)
    return shown + field.as_hidden(only_initial=True) if field.field.show_hidden_initial else shown
