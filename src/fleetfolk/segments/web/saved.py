"""What a list is filtered by, as rules of a segment."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from django.http import QueryDict

from fleetfolk.console.list_state import ListState, keys
from fleetfolk.segments.models import Population
from fleetfolk.segments.web.drafts import DraftGroup, DraftLine, fresh

_FILTERS: Final[Mapping[str, Mapping[str, str]]] = {
    Population.USERS: {
        "role": "role",
        "status": "status",
        "location": "location",
        "organization": "home",
        "tag": "tags",
        "segment": "segment",
    },
    Population.DEVICES: {
        "template": "model",
        "location": "location",
        "organization": "home",
        "tag": "tags",
        "segment": "segment",
    },
}
"""What each filter of a list is called among the fields of rules."""
_WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    Population.USERS: ("name", "email", "phone"),
    Population.DEVICES: ("name", "serial"),
}
"""Where a typed word is looked for, beside tags."""
MOST_WORDS: Final = 8


def can_say(state: ListState, of: str) -> bool:
    """Whether rules can say all by which the list is filtered: what they left out would make the segment larger."""
    return all(name in _FILTERS[of] or name == "status" for name in state.filters if state.chosen(name))


def filters_of(state: ListState) -> list[tuple[str, str]]:
    """What a list's state says that rules can say."""
    chosen = [(name, str(value)) for name in state.filters for value in state.chosen(name)]
    return [*chosen, *([("q", state.query)] if state.query else [])]


def draft_of_list(said: QueryDict, of: str, tags_called: Callable[[str], Sequence[int]]) -> DraftGroup:
    """The filters of an address as lines, and each of its words as a group; one empty line where it says nothing.

    ``tags_called`` gives the keys of the tags whose names have a word.
    """
    parts: list[DraftLine | DraftGroup] = []
    for name, field in _FILTERS[of].items():
        given = said.getlist(name)[:200]
        values = tuple(value for value in given if value and (name == "status" or keys([value])))
        if values:
            parts.append(DraftLine(field=field, op="any_of", values=values))
    if of == Population.DEVICES and (states := said.getlist("status")):
        parts += _states(states)
    for word in said.get("q", "")[:120].replace("\0", "").split()[:MOST_WORDS]:
        lines: list[DraftLine | DraftGroup] = [
            DraftLine(field=field, op="contains", values=(word,)) for field in _WORDS[of]
        ]
        if called := tags_called(word):
            lines.append(DraftLine(field="tags", op="any_of", values=tuple(map(str, called))))
        parts.append(DraftGroup(how="any", parts=lines))
    return DraftGroup(parts=parts) if parts else fresh()


def _states(chosen: list[str]) -> list[DraftLine | DraftGroup]:
    """The statuses of devices: in use and heard of or not, or not in use."""
    found: list[DraftLine | DraftGroup] = []
    for status, online in (("online", "yes"), ("offline", "no")):
        if status in chosen:
            in_use = DraftLine(field="state", op="any_of", values=("active",))
            found.append(DraftGroup(parts=[in_use, DraftLine(field="online", op="is", values=(online,))]))
    if others := tuple(status for status in ("waiting", "deactivated") if status in chosen):
        found.append(DraftLine(field="state", op="any_of", values=others))
    if len(found) < 2:
        return found[0].parts if found and isinstance(found[0], DraftGroup) else found
    return [DraftGroup(how="any", parts=found)]
