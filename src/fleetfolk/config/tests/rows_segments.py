"""How the URLs of segments are attacked."""

from typing import Any

from fleetfolk.config.tests.rows import Row, cleo
from fleetfolk.segments.models import Member, Segment, SegmentKind
from fleetfolk.testing.cast import Cast
from fleetfolk.testing.door import staging

RULES = {"all": [{"field": "name", "op": "contains", "value": "cleo"}]}


def _segment(cast: Cast, *, dynamic: bool) -> Segment:
    with staging():
        found, _created = Segment.objects.get_or_create(
            tenant=cast.lumen,
            organization=cast.north,
            name="Named" if dynamic else "Chosen",
            defaults={
                "of": "users",
                "kind": SegmentKind.DYNAMIC if dynamic else SegmentKind.STATIC,
                "rules": RULES if dynamic else None,
                "created_by_label": "Test",
            },
        )
    return found


def by_rules(cast: Cast) -> list[Any]:
    return [_segment(cast, dynamic=True).pk]


def by_hand(cast: Cast) -> list[Any]:
    return [_segment(cast, dynamic=False).pk]


def cleo_by_rules(cast: Cast) -> list[Any]:
    return [*by_rules(cast), cast.cleo.pk]


def cleo_by_hand(cast: Cast) -> list[Any]:
    segment = _segment(cast, dynamic=False)
    with staging():
        Member.objects.get_or_create(
            tenant=cast.lumen, segment=segment, target_id=cast.cleo.pk, defaults={"since": cast.cleo.created_at}
        )
    return [segment.pk, cast.cleo.pk]


def segment_of_cleo(cast: Cast) -> list[Any]:
    return list(reversed(cleo_by_hand(cast)))


_LINE = {"node": ["r:group", "r-0:line"], "was-r-0": "name", "field-r-0": "name", "op-r-0": "contains", "v-r-0": "cleo"}
_NEW = {"name": "Mine", "of": "users", "kind": "dynamic", **_LINE}
_TAGS = {"of": "users", "field": "tags", "place": "r-0"}

ROWS: list[Row] = [
    Row(name="segments:list", dana=200),
    Row(name="segments:create"),
    Row(name="segments:create", data=_NEW, ada=(302,), bob=404),
    Row(name="segments:draft", data=_NEW),
    Row(name="segments:live", data=_NEW),
    Row(name="segments:counts", data=_NEW),
    Row(name="segments:choices", query=_TAGS),
    Row(name="segments:detail", target=by_rules, dana=200),
    Row(name="segments:download", target=by_rules, dana=200),
    Row(name="segments:why", target=cleo_by_rules, dana=200),
    Row(name="segments:edit", target=by_rules),
    Row(name="segments:edit", target=by_rules, data=_NEW, ada=(302,)),
    Row(name="segments:delete", target=by_rules, data={}, ada=(302,)),
    Row(name="segments:move", target=by_rules, data={"to": "up"}, ada=(302,)),
    Row(name="segments:add", target=by_hand),
    Row(name="segments:import", target=by_hand),
    Row(name="segments:remove", target=cleo_by_hand),
    Row(name="segments:remove", target=cleo_by_hand, data={}, ada=(302,)),
    Row(name="segments:person", target=cleo, dana=200),
    Row(name="segments:person-choices", target=cleo, dana=200),
    Row(name="segments:person-create", target=cleo, data={"name": "News"}, ada=(302,)),
    Row(name="segments:person-add", target=segment_of_cleo, data={}, ada=(302,)),
    Row(name="segments:person-remove", target=segment_of_cleo, data={}, ada=(302,)),
]
PUBLIC: dict[str, str] = {}
ELSEWHERE: dict[str, str] = {"segments:draft-why": "segments/tests/test_pages.py"}
