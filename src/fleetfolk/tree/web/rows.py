"""The rows of the Organizations page, ready for the stencil of its template."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from fleetfolk.console.cells import NOTHING, Drawing, escaped, muted
from fleetfolk.console.stencil import stencil_of
from fleetfolk.console.templatetags.console import icon
from fleetfolk.organizations.models import OrganizationKind
from fleetfolk.tree.listing import ListedOrganization, Number
from fleetfolk.tree.web.state import TreeState

ROW = "tree/list.html#row"
REGION = "tree"
_LEVEL = SafeString('<span class="lv"></span>')
_LEAF = SafeString('<span class="tw"></span>')


def rows_html(
    found: Sequence[ListedOrganization],
    *,
    columns: frozenset[str],
    words: Sequence[str],
    state: TreeState,
    tops: Collection[int],
    opened: Collection[int] | None,
    sees_devices: bool,
) -> SafeString:
    """The rows of the table; as a tree where ``opened`` says which branches are open."""
    drawing = Drawing(words=words)
    dot = muted("·")
    highest = min((row.depth for row in found if row.id in tops), default=1)
    rows = [
        {
            "id": row.id,
            "name": escaped(row.name),
            "name_marked": drawing.marked(row.name),
            "levels": NOTHING if opened is None else SafeString(_LEVEL * (row.depth - highest)),
            "twist": NOTHING if opened is None else _twist(row, state, tops=tops, opened=opened),
            "above": NOTHING if opened is not None else _above(row, tops),
            "archived": _archived() if row.archived_at else NOTHING,
            "kind": OrganizationKind(row.kind).label,
            "users": number_of(row.users, nothing=dot),
            "devices": number_of(row.devices, nothing=dot) if sees_devices else dot,
            "below": number_of(row.below, nothing=dot),
            "created": drawing.when(row.created_at),
        }
        for row in found
    ]
    return stencil_of(ROW, columns=columns).filled(rows)


def number_of(number: Number, *, nothing: SafeString) -> SafeString:
    """The number as a list says it: exact up to a thousand."""
    if not number.count:
        return nothing
    return SafeString(number_format(number.count, force_grouping=True) + ("+" if number.capped else ""))


def _above(row: ListedOrganization, tops: Collection[int]) -> SafeString:
    above = row.seen_above(tops)
    return format_html('<span class="sub cut">{}</span>', " › ".join(above)) if above else NOTHING


def _archived() -> SafeString:
    return format_html('<span class="ff-kind">{}</span>', _("archived"))


def _twist(row: ListedOrganization, state: TreeState, *, tops: Collection[int], opened: Collection[int]) -> SafeString:
    """What opens or closes the branch; the tops stay open."""
    if not row.below.count or row.id in tops:
        return _LEAF
    is_open = row.id in opened
    keys = [key for key in state.open if key != row.id] if is_open else [*state.open, row.id]
    url = replace(state, open=tuple(keys)).address()
    label = _("Close %(name)s") if is_open else _("Open %(name)s")
    return format_html(
        '<a class="tw" role="button" id="twist-{}" href="{}" hx-get="{}" hx-target="#{}" hx-sync="#{}:replace"'
        ' hx-push-url="true" aria-expanded="{}" aria-label="{}">{}</a>',
        *(row.id, url, url, REGION, REGION, "true" if is_open else "false", label % {"name": row.name}),
        icon("chevron-down" if is_open else "chevron-right", "s"),
    )
