"""Where a log stands: the page of everybody's, the tab of one person, or the page of one's own."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from fleetfolk.actionlog.web.state import LogState


@dataclass(frozen=True, kw_only=True, slots=True)
class LogPlace:
    """The addresses of a log, and whom it is about, where that is one person who is not chosen but given.

    ``entries`` is what stands before an entry's key. Without ``export`` the log cannot be taken along, without
    ``people`` names in it lead nowhere.
    """

    here: str
    days: str
    entries: str
    export: str = ""
    people: str = ""
    person: int | None = None
    parts: tuple[str, str, str] = ("", "", "")
    own: bool = False

    def at(self, state: LogState) -> str:
        """The address of a state of this log."""
        return self.here + state.address(with_person=self.person is None)


def everybodys() -> LogPlace:
    """The page of the whole log."""
    here = reverse("actionlog:list")
    return LogPlace(
        here=here,
        days=reverse("actionlog:days"),
        entries=here,
        export=reverse("actionlog:export"),
        people=here,
        parts=(_("By and on"), _("By them"), _("On them")),
    )


def of_person(person_id: int, first_name: str, *, here: str) -> LogPlace:
    """The tab of one person, read with the right to read the log."""
    return LogPlace(
        here=here,
        days=reverse("actionlog:days"),
        entries=reverse("actionlog:list"),
        export=reverse("actionlog:export"),
        people=reverse("actionlog:list"),
        person=person_id,
        parts=(_("All"), _("By %(name)s") % {"name": first_name}, _("On %(name)s") % {"name": first_name}),
    )


def of_oneself(person_id: int, *, here: str, export: str) -> LogPlace:
    """What somebody may read about themselves without any right."""
    return LogPlace(
        here=here,
        days=reverse("actionlog:own-days"),
        entries=here,
        export=export,
        person=person_id,
        parts=(_("All"), _("By you"), _("On you")),
        own=True,
    )
