"""Putting people and devices into segments that are chosen by hand, and taking them out. Only Actions do."""

from collections.abc import Callable, Sequence
from typing import Any

from django.db import connection
from django.db.models import Model, QuerySet

from fleetfolk.access.gate import GATE
from fleetfolk.kernel import clock
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Alike
from fleetfolk.segments.models import Segment
from fleetfolk.segments.permissions import VIEW_SEGMENTS

_ENTER = """
    WITH come AS (
        INSERT INTO segments_member (tenant_id, segment_id, target_id, since)
        SELECT %s, %s, unnest(%s::bigint[]), %s
        ON CONFLICT (segment_id, target_id) DO NOTHING
        RETURNING target_id
    ), noted AS (
        INSERT INTO segments_passage (tenant_id, segment_id, target_id, at, entered)
        SELECT %s, %s, target_id, %s, true FROM come
    )
    SELECT target_id FROM come
"""
_LEAVE = """
    WITH gone AS (
        DELETE FROM segments_member WHERE segment_id = %s AND target_id = ANY(%s) RETURNING target_id
    ), noted AS (
        INSERT INTO segments_passage (tenant_id, segment_id, target_id, at, entered)
        SELECT %s, %s, target_id, %s, false FROM gone
    )
    SELECT target_id FROM gone
"""
_COUNT = "UPDATE segments_segment SET counted = greatest(coalesce(counted, 0) + %s, 0), counted_at = %s WHERE id = %s"


def by_hand(actor: Actor, segment_id: int, of: str) -> Segment | None:
    """The segment, where the actor may see it, it is of these, and it is chosen by hand."""
    segments = Segment.objects.select_related("organization").filter(pk=segment_id, of=of)
    segment = GATE.within_reach(segments, actor=actor, permission=VIEW_SEGMENTS).first()
    return segment if segment and not segment.is_dynamic else None


def require_by_hand(actor: Actor, segment_id: int, of: str, target: Any) -> Segment:
    """The segment, where the target can be put into it by hand; else `Refused`."""
    segments = Segment.objects.select_related("organization").filter(pk=segment_id, of=of)
    segment = GATE.within_reach(segments, actor=actor, permission=VIEW_SEGMENTS).first()
    if segment is None or not target.path.startswith(segment.path):
        raise Refused("segment_elsewhere")
    if segment.is_dynamic:
        raise Refused("segment_by_rules", segment=segment.name)
    return segment


def enter(segment: Segment, ids: Sequence[int]) -> set[int]:
    """They are members, and those who were not have entered now. Returns the latter."""
    tenant_id, now = segment.tenant_id, clock.now()
    params = [tenant_id, segment.pk, list(ids), now, tenant_id, segment.pk, now]
    return _changed(_ENTER, params, segment, sign=1)


def leave(segment: Segment, ids: Sequence[int]) -> set[int]:
    """They are no members, and those who were have left now. Returns the latter."""
    params = [segment.pk, list(ids), segment.tenant_id, segment.pk, clock.now()]
    return _changed(_LEAVE, params, segment, sign=-1)


def reached[M: Model](actor: Actor, segment_id: int, of: str, targets: QuerySet[M]) -> QuerySet[M]:
    """Those of the targets to whom the segment reaches."""
    segment = by_hand(actor, segment_id, of)
    return targets.filter(path__startswith=segment.path) if segment else targets.none()


def all_at_once(
    change: Callable[[Segment, Sequence[int]], set[int]],
    *,
    actor: Actor,
    segment_id: int,
    of: str,
    model: type[Model],
    ids: Sequence[int],
) -> Sequence[Alike]:
    """What `enter` or `leave` does to many: those who were changed, with the segment's name, and the others."""
    segment = by_hand(actor, segment_id, of)
    if segment is None:
        return []
    changed = change(segment, ids)
    groups = [
        Alike(model=model, ids=[key for key in ids if key in changed], facts={"segment": segment.name}),
        Alike(model=model, ids=[key for key in ids if key not in changed]),
    ]
    return [group for group in groups if group.ids]


def _changed(statement: str, params: list[Any], segment: Segment, *, sign: int) -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        changed = {key for (key,) in cursor.fetchall()}
        if changed:
            cursor.execute(_COUNT, [sign * len(changed), clock.now(), segment.pk])
    return changed
