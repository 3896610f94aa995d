"""The lines of a log's table, each drawn through the stencil that the page's template has for its sort."""

from collections.abc import Sequence

from django.utils import timezone
from django.utils.safestring import SafeString

from fleetfolk.actionlog.models import Entry
from fleetfolk.actionlog.web.places import LogPlace
from fleetfolk.actionlog.web.rows import Row, row_of
from fleetfolk.console import marking, times
from fleetfolk.console.stencil import stencil_of
from fleetfolk.console.templatetags.console import status

LINE = "actionlog/body.html#line"


def lines_html(entries: Sequence[Entry], *, place: LogPlace, query: str) -> SafeString:
    """The entries as rows of the table, with what was searched for marked."""
    words, now = marking.words_of(query), timezone.now()

    def drawn(row: Row) -> str:
        stencil = stencil_of(
            LINE,
            linked=bool(row.person_id and place.people),
            behalf=bool(row.behalf),
            more=bool(row.target or row.folded),
        )
        values = {
            "key": row.key,
            "entries": place.entries,
            "people": place.people,
            "details": row.details,
            "at": times.time_element(row.at, now=now),
            "name": marking.marked(row.name, words),
            "code": marking.marked(row.code, words),
            "behalf": row.behalf,
            "more": f"{row.target}{row.folded}",
            "person_id": row.person_id,
            "who": row.who,
            "client": row.client,
            "organization": row.organization,
            "status": status(row.status),
        }
        return stencil.filled([values])

    return SafeString("".join(drawn(row_of(entry)) for entry in entries))
