"""What a filter of a list offers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Q, QuerySet

MOST: Final = 60
"""So many are offered at once; a longer list is searched."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """One entry of a filter; ``status`` is the code of a state (`console.states`), which is shown with its shape."""

    key: int | str
    label: str
    status: str = ""


def choices_among(
    rows: QuerySet[Any],
    *,
    query: str,
    chosen: Sequence[Any],
    chosen_only: bool,
    order: Sequence[str] = ("name", "pk"),
) -> list[Choice]:
    """The chosen ones first, then others whose name holds the query. The rows are those that the viewer may see."""
    first = rows.filter(pk__in=list(chosen)).order_by(*order).values_list("pk", "name") if chosen else []
    others = rows.filter(Q(name__icontains=query) if query else Q()).exclude(pk__in=list(chosen)).order_by(*order)
    found = [*first, *([] if chosen_only else others.values_list("pk", "name")[:MOST])]
    return [Choice(key=key, label=label) for key, label in found]
