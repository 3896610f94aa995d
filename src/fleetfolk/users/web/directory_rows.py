"""The rows of the Users page: what each person's row says, ready for the stencil of the page's template."""

import datetime as dt
import functools
from collections.abc import Callable, Sequence
from html import escape

from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from fleetfolk.console import initials, marking, states, times
from fleetfolk.console.stencil import stencil_of
from fleetfolk.users.listing import ListedUser
from fleetfolk.users.models import InvitationState, Status

ROW = "users/user_list.html#row"
TAGS_SHOWN = 1
_NOTHING = SafeString("")


def rows_html(people: Sequence[ListedUser], *, columns: frozenset[str], words: Sequence[str]) -> SafeString:
    """The rows of the table, with what the search found marked. Only what the columns show is worked out."""
    wanted = {name: _CELLS[name] for name in columns if name in _CELLS}
    drawing = _Drawing(now=timezone.now(), words=words)
    return stencil_of(ROW, columns=columns).filled([_row(person, wanted, drawing) for person in people])


class _Drawing:
    """What all rows of a page have in common."""

    def __init__(self, *, now: dt.datetime, words: Sequence[str]) -> None:
        self.now = now
        self.words = words
        self.never = format_html('<span class="muted">{}</span>', _("never"))
        language = get_language()
        self.status: Callable[[str], SafeString] = functools.partial(_status, language)

    def marked(self, text: str) -> SafeString:
        """The text with what was found in it marked."""
        return marking.marked(text, self.words) if text else _NOTHING

    def when(self, moment: dt.datetime | None) -> SafeString:
        """The moment, or the word for never."""
        return times.time_element(moment, now=self.now) if moment else self.never


def _row(person: ListedUser, wanted: dict[str, "_Cell"], drawing: _Drawing) -> dict[str, object]:
    row: dict[str, object] = {
        "id": person.id,
        "name": escaped(person.name),
        "email": escaped(person.email),
        "colour": initials.colour_of(person.id),
        "initials": initials.initials_of(person.name),
        "name_marked": drawing.marked(person.name),
        "email_marked": drawing.marked(person.email),
        "role_id": person.role_id,
        "role": escaped(person.role),
        "organization": escaped(person.organization),
        "status": drawing.status(person.status.value),
        "last_sign_in": drawing.when(person.last_sign_in_at),
    }
    for name, cell in wanted.items():
        row[f"{name}_cell"] = cell(person, drawing)
    if "status" in wanted:
        pending = person.status is Status.PENDING
        row["invitation"] = format_html(' title="{}"', _invitation(person)) if pending else _NOTHING
    if "location" in wanted:
        row["location"] = escaped(person.location)
    return row


def escaped(text: str) -> SafeString:
    """The text as HTML; quicker than Django's functions, which first look whether it is to be translated later."""
    return SafeString(escape(text))


@functools.lru_cache(maxsize=200)
def _status(language: str | None, code: str) -> SafeString:
    return format_html('<span class="ff-st {}">{}</span>', code, states.WORDS[code])


def _tags(tags: Sequence[tuple[str, int]]) -> SafeString:
    shown = [_tag(name, colour) for name, colour in tags[:TAGS_SHOWN]]
    if more := ", ".join(name for name, _colour in tags[TAGS_SHOWN:]):
        shown.append(format_html('<span class="ff-tag more" title="{}">+{}</span>', more, len(tags) - TAGS_SHOWN))
    return SafeString("".join(shown))


@functools.lru_cache(maxsize=1000)
def _tag(name: str, colour: int) -> SafeString:
    return format_html('<span class="ff-tag {}">{}</span>', f"t{colour}" if colour else "plain", name)


@functools.lru_cache(maxsize=1000)
def _devices(count: int) -> SafeString:
    return format_html("{}", count) if count else SafeString('<span class="muted">0</span>')


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


type _Cell = Callable[[ListedUser, _Drawing], SafeString]

# The columns whose cells have more in them than the row has anyway.
_CELLS: dict[str, _Cell] = {
    "role": lambda person, drawing: drawing.marked(person.role),
    "organization": lambda person, drawing: drawing.marked(person.organization),
    "location": lambda person, drawing: drawing.marked(person.location),
    "status": lambda person, drawing: drawing.status(person.status.value),
    "tags": lambda person, _drawing: _tags(person.tags) if person.tags else _NOTHING,
    "devices": lambda person, _drawing: _devices(person.device_count),
    "phone": lambda person, drawing: drawing.marked(person.phone),
    "created": lambda person, drawing: drawing.when(person.created_at),
}
