"""Organizations found by name."""

from collections.abc import Sequence
from typing import Final

from django.db.models import Case, F, Func, QuerySet, TextField, Value, When
from django.db.models.functions import Length

from fleetfolk.console.marking import ANYWHERE_FROM
from fleetfolk.organizations.models import Organization

LOOKED_THROUGH: Final = 300
"""So many hits are put in order. Somebody who typed one letter gets the best of these and types on."""


class FoldedName(Func):
    """The name as searches compare it, each word with a space before it: the expression of `organizations_by_words`."""

    template = "(' ' || fold(%(expressions)s))"
    output_field = TextField()


def organizations_named(within: QuerySet[Organization], words: Sequence[str], *, limit: int) -> list[Organization]:
    """The organizations, of those within reach, whose name holds every folded word; names that begin with it first.

    A word of one or two letters is looked for at the beginning of a word only, as people are.
    """
    if not words:
        return []
    hits = within.alias(folded=FoldedName(F("name")))
    for word in words:
        hits = hits.filter(folded__contains=word if len(word) >= ANYWHERE_FROM else f" {word}")
    found = Organization.objects.filter(pk__in=list(hits.values_list("pk", flat=True)[:LOOKED_THROUGH]))
    begins = When(folded__startswith=f" {words[0]}", then=Value(0))
    return list(
        found.alias(folded=FoldedName(F("name")))
        .select_related("parent")
        .order_by(Case(begins, default=Value(1)), Length("path"), "name", "pk")[:limit]
    )
