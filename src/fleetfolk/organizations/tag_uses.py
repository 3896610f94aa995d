"""Which rows carry tags: how many carry one, which, and how they get it again. The packages whose rows do say so."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection
from django.db.models import Count, ForeignKey, Model, Q

from fleetfolk.organizations.models import Tag

# What is of the organization no more does not get it: its own does not know it.
_GIVE_BACK: Final = """
    INSERT INTO {links} (tenant_id, tag_id, {carrier})
    SELECT c.tenant_id, %s, c.id FROM {carriers} c
    WHERE c.tenant_id = %s AND c.id = ANY(%s::bigint[]) AND starts_with(c.path, %s)
    ORDER BY c.id ON CONFLICT ({carrier}, tag_id) DO NOTHING
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Use:
    """Rows of one kind that carry tags: the table that ties them to tags, and the key in it that names the carrier.

    Only links that are ``counted`` count: those to what there still is.
    """

    links: type[Model]
    carrier: str
    counted: Q

    def count(self, keys: Sequence[int]) -> dict[int, int]:
        """How many rows carry each of the tags with these keys; a tag that none carries is missing."""
        rows = self.links._default_manager.filter(self.counted, tag__in=list(keys)).order_by()
        return dict(rows.values_list("tag").annotate(number=Count("pk")))

    def carriers(self, tag: Tag) -> list[int]:
        """The keys of the rows that carry the tag."""
        key = f"{self.carrier}_id"
        return list(self.links._default_manager.filter(tag=tag).order_by(key).values_list(key, flat=True))

    def give_back(self, tag: Tag, keys: Sequence[int]) -> int:
        """The tag is on those of the rows with these keys that its organization still reaches; on how many."""
        link: ForeignKey[Any, Any] = self.links._meta.get_field(self.carrier)  # type: ignore[assignment]
        statement = _GIVE_BACK.format(
            links=self.links._meta.db_table, carrier=link.column, carriers=link.related_model._meta.db_table
        )
        with connection.cursor() as cursor:
            cursor.execute(statement, [tag.pk, tag.tenant_id, list(keys), tag.path])
            return int(cursor.rowcount)


_USES: Final[dict[str, Use]] = {}


def register_use(what: str, use: Use) -> None:
    """Rows of this kind carry tags. A word used twice is a `TypeError`."""
    if what in _USES:
        raise TypeError(f"{what!r} is counted already")
    _USES[what] = use


def uses_of(keys: Sequence[int]) -> dict[int, dict[str, int]]:
    """For each tag, how many rows of each kind carry it: ``{7: {"people": 12, "devices": 0}}``."""
    counted = {what: use.count(keys) for what, use in _USES.items()}
    return {key: {what: numbers.get(key, 0) for what, numbers in counted.items()} for key in keys}


def carriers_of(tag: Tag) -> dict[str, list[int]]:
    """The keys of all rows that carry the tag, by kind."""
    return {what: use.carriers(tag) for what, use in _USES.items()}


def give_back(tag: Tag, carriers: Mapping[str, Sequence[int]]) -> dict[str, int]:
    """The tag is on those again that there still are; on how many, by kind."""
    return {what: use.give_back(tag, carriers.get(what, ())) for what, use in _USES.items()}


def tag_of(tenant_id: int, tag_id: int) -> Tag | None:
    """The tag of the tenant with this key."""
    return Tag.objects.select_related("organization").filter(tenant_id=tenant_id, pk=tag_id).first()


def tag_for(carrier: Any, tag_id: int) -> Tag | None:
    """The tag, where the carrier's organization or one above it owns it."""
    tag = tag_of(carrier.tenant_id, tag_id)
    return tag if tag and carrier.path.startswith(tag.path) else None
