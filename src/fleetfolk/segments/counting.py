"""The statements that count a segment: how its members differ from whom it names, and what makes them the same."""

import datetime as dt
from typing import Final

from fleetfolk.console.sql import Sql
from fleetfolk.segments.models import Population, Segment
from fleetfolk.segments.sql import ROW, SOURCE, Scope, named_by

TELL: Final = "UPDATE segments_segment SET counted = %s, counted_at = %s WHERE id = %s AND edition = %s"
"""No Action: nothing changes but when the segment was counted last. The guard in the tests lets it through."""


def named(segment: Segment) -> Sql:
    """A statement for the keys of whom the segment names now."""
    condition = named_by(segment, Scope.of(segment.organization, segment_id=segment.pk))
    of = Population(segment.of)
    return Sql(f"SELECT {ROW[of]}.id FROM {SOURCE[of]} WHERE {condition.text}", condition.params)


def difference(segment: Segment) -> Sql:
    """A statement for three numbers: who would enter, who would leave, how many there would be."""
    keys = named(segment)
    text = (
        f"WITH named AS MATERIALIZED ({keys.text}), members AS MATERIALIZED"
        " (SELECT target_id FROM segments_member WHERE segment_id = %s)"
        " SELECT count(*) FILTER (WHERE m.target_id IS NULL), count(*) FILTER (WHERE n.id IS NULL), count(n.id)"
        " FROM named n FULL JOIN members m ON m.target_id = n.id"
    )
    return Sql(text, (*keys.params, segment.pk))


def counted(segment: Segment, *, now: dt.datetime) -> Sql:
    """The statement that makes the members those who are named, notes who came and went, and yields as `difference`."""
    keys = named(segment)
    text = (
        f"WITH named AS MATERIALIZED ({keys.text}),"
        " present AS MATERIALIZED (SELECT id, target_id FROM segments_member WHERE segment_id = %s),"
        " gone AS (DELETE FROM segments_member WHERE id IN"
        " (SELECT p.id FROM present p LEFT JOIN named n ON n.id = p.target_id WHERE n.id IS NULL)"
        " RETURNING target_id),"
        " come AS (INSERT INTO segments_member (tenant_id, segment_id, target_id, since)"
        " SELECT %s, %s, n.id, %s FROM named n LEFT JOIN present p ON p.target_id = n.id WHERE p.id IS NULL"
        " ON CONFLICT (segment_id, target_id) DO NOTHING RETURNING target_id),"
        " noted AS (INSERT INTO segments_passage (tenant_id, segment_id, target_id, at, entered)"
        " SELECT %s, %s, target_id, %s, true FROM come UNION ALL SELECT %s, %s, target_id, %s, false FROM gone)"
        " SELECT (SELECT count(*) FROM come), (SELECT count(*) FROM gone), (SELECT count(*) FROM named)"
    )
    about = (segment.tenant_id, segment.pk)
    return Sql(text, (*keys.params, segment.pk, *about, now, *about, now, *about, now))
