"""The rows of the Users page: what each person's row says, ready for the stencil of the page's template."""

import datetime as dt
import functools
from collections.abc import Callable, Mapping, Sequence

from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from fleetfolk.console import initials, marking, times
from fleetfolk.console.cells import NOTHING, Drawing, escaped, muted, tags
from fleetfolk.console.stencil import stencil_of
from fleetfolk.users.listing import ListedUser
from fleetfolk.users.models import InvitationState, Status

ROW = "users/user_list.html#row"


def rows_html(people: Sequence[ListedUser], *, columns: frozenset[str], words: Sequence[str]) -> SafeString:
    """The rows of the table, with what the search found marked. Only what the columns show is worked out."""
    drawing = Drawing(words=words)
    return stencil_of(ROW, columns=columns).filled([_row(person, columns, drawing) for person in people])


def _row(person: ListedUser, columns: frozenset[str], drawing: Drawing) -> dict[str, object]:
    row: dict[str, object] = {
        "id": person.id,
        "name": escaped(person.name),
        "email": escaped(person.email),
        "colour": initials.colour_of(person.id),
        "initials": initials.initials_of(person.name),
        "name_marked": drawing.marked(person.name),
        "email_marked": drawing.marked(person.email),
        "own": _found_in(_unseen(person, columns), drawing) if drawing.words else NOTHING,
        "role_id": person.role_id,
        "role": escaped(person.role),
        "organization": escaped(person.organization),
        "status": drawing.status(person.status.value),
        "last_sign_in": drawing.when(person.last_sign_in_at),
    }
    for name, cell in _CELLS.items():
        if name in columns:
            row[f"{name}_cell"] = cell(person, drawing)
    if "status" in columns:
        pending = person.status is Status.PENDING
        row["invitation"] = format_html(' title="{}"', _invitation(person)) if pending else NOTHING
    if "organization" in columns:
        row["organization_marked"] = drawing.marked(person.organization)
    if "location" in columns:
        row |= {"location": escaped(person.location), "location_marked": drawing.marked(person.location)}
    return row


def _unseen(person: ListedUser, columns: frozenset[str]) -> Mapping[str, str]:
    """What no column shows and searches look into: the organization's own fields, and tags unless they have theirs."""
    if "tags" in columns or not person.tags:
        return person.own
    return {**person.own, _("Tag"): " · ".join(name for name, _colour in person.tags)}


def _found_in(own: Mapping[str, str], drawing: Drawing) -> SafeString:
    """The first of these that says what was looked for."""
    for name, said in own.items():
        if marking.spans_of(said, drawing.words):
            return format_html('<span class="sub cut">{}: {}</span>', name, drawing.marked(said))
    return NOTHING


@functools.lru_cache(maxsize=1000)
def _devices(count: int) -> SafeString:
    return format_html("{}", count) if count else muted("0")


def _invitation(person: ListedUser) -> str:
    """How far the invitation of a pending person is, in a sentence."""
    invitation = person.invitation
    if invitation is None:
        return _("Added without an invitation.")
    said = {
        "sent": _moment(invitation.sent_at),
        "opened": _moment(invitation.opened_at),
        "expires": _moment(invitation.expires_at),
    }
    match invitation.state:
        case InvitationState.OPENED:
            return _("Invited %(sent)s, opened %(opened)s, expires %(expires)s.") % said
        case InvitationState.SENT:
            return _("Invited %(sent)s, not opened yet, expires %(expires)s.") % said
        case InvitationState.EXPIRED:
            return _("The invitation expired %(expires)s.") % said
        case InvitationState.REVOKED:
            return _("The invitation was revoked.")
        case _:
            return _("The invitation is being sent.")


def _moment(moment: dt.datetime | None) -> str:
    return times.short(timezone.localtime(moment), now=timezone.localtime()) if moment else ""


type _Cell = Callable[[ListedUser, Drawing], SafeString]

# The columns whose cells have more in them than the row has anyway.
_CELLS: dict[str, _Cell] = {
    "role": lambda person, drawing: drawing.marked(person.role),
    "status": lambda person, drawing: drawing.status(person.status.value),
    "tags": lambda person, drawing: tags(person.tags, drawing),
    "devices": lambda person, _drawing: _devices(person.device_count),
    "phone": lambda person, drawing: drawing.marked(person.phone),
    "type": lambda person, _drawing: escaped(str(person.type.label)) if person.type else NOTHING,
    "created": lambda person, drawing: drawing.when(person.created_at),
}
