"""What rules name, what they refuse, and what they do not let anybody ask."""

from typing import Any

import pytest

from fleetfolk.kernel.errors import Denied, Refused, TargetNotFound
from fleetfolk.segments.asking import askable_fields
from fleetfolk.segments.fields import FIELDS
from fleetfolk.segments.queries import count_of, counts_by_line, sample_of
from fleetfolk.testing.cast import Cast, actor
from fleetfolk.users.models import User

NAMED_CLEO = {"field": "name", "op": "is", "value": "cleo STAFF"}


def count(cast: Cast, rules: Any, *, of: str = "users") -> int:
    return count_of(actor(cast.ada), rules, of, cast.lumen)


def test_a_line_names_whom_it_says(cast: Cast) -> None:
    assert count(cast, NAMED_CLEO) == 1
    assert count(cast, {"not": NAMED_CLEO}) == User.objects.filter(tenant=cast.lumen).count() - 1
    assert [one.target_id for one in sample_of(actor(cast.ada), NAMED_CLEO, "users", cast.lumen)] == [cast.cleo.pk]


def test_only_people_of_the_organization_and_below_are_counted(cast: Cast) -> None:
    everybody = {"field": "created", "op": "last", "value": 1}
    north = User.objects.filter(path__startswith=cast.north.path).count()
    assert count_of(actor(cast.ada), everybody, "users", cast.north) == north
    assert count_of(actor(cast.finn), everybody, "users", cast.north) == north


def test_every_line_has_its_own_number(cast: Cast) -> None:
    rules = {"all": [NAMED_CLEO, {"not": {"field": "role", "op": "any_of", "value": [cast.cleo.role_id]}}]}
    assert counts_by_line(actor(cast.ada), rules, "users", cast.lumen) == {(0,): 1, (1, 0): 1}


DEEP: dict[str, Any] = {"not": {"not": {"not": {"not": {"not": {"not": NAMED_CLEO}}}}}}


@pytest.mark.parametrize(
    ("rules", "reason"),
    [
        (None, "segment_rules_unfit"),
        ([], "segment_rules_unfit"),
        ({}, "segment_rules_unfit"),
        ({"all": {}}, "segment_rules_unfit"),
        ({"all": [1]}, "segment_rules_unfit"),
        ({"all": [], "any": []}, "segment_rules_unfit"),
        ({**NAMED_CLEO, "sql": "true"}, "segment_rules_unfit"),
        ({"field": "name", "op": ["is"]}, "segment_rules_unfit"),
        ({"all": []}, "segment_rules_empty"),
        (DEEP, "segment_rules_deep"),
        ({"all": [NAMED_CLEO] * 51}, "segment_rules_long"),
        ({"any": [{"all": [NAMED_CLEO] * 26}, {"all": [NAMED_CLEO] * 26}]}, "segment_rules_long"),
        ({"field": "password", "op": "is", "value": "x"}, "segment_field_gone"),
        ({"field": "custom.1; DROP TABLE", "op": "is", "value": "x"}, "segment_field_gone"),
        ({"field": "custom.99999999", "op": "is", "value": "x"}, "segment_field_gone"),
        ({"field": "stream.1", "op": "is", "value": "x"}, "segment_field_gone"),
        ({"field": "name", "op": "like", "value": "x"}, "segment_value_unfit"),
        ({"field": "name", "op": "is"}, "segment_value_unfit"),
        ({"field": "name", "op": "is", "value": "  "}, "segment_value_unfit"),
        ({"field": "name", "op": "is", "value": "a\0"}, "segment_value_unfit"),
        ({"field": "name", "op": "is", "value": "x" * 201}, "segment_value_unfit"),
        ({"field": "devices", "op": "equals", "value": True}, "segment_value_unfit"),
        ({"field": "devices", "op": "equals", "value": float("nan")}, "segment_value_unfit"),
        ({"field": "devices", "op": "between", "value": [3, 1]}, "segment_value_unfit"),
        ({"field": "role", "op": "any_of", "value": list(range(201))}, "segment_value_unfit"),
        ({"field": "role", "op": "any_of", "value": [2**63]}, "segment_value_unfit"),
        ({"field": "role", "op": "any_of", "value": ["admin"]}, "segment_value_unfit"),
        ({"field": "status", "op": "any_of", "value": [1]}, "segment_value_unfit"),
        ({"field": "created", "op": "last", "value": -1}, "segment_value_unfit"),
        ({"field": "created", "op": "before", "value": "2026-02-30"}, "segment_value_unfit"),
        ({"field": "created", "op": "before", "value": "9999-12-31"}, "segment_value_unfit"),
        ({"field": "sign_ins", "op": "equals", "value": 1}, "segment_value_unfit"),
        ({"field": "sign_ins", "op": "equals", "value": 1, "about": {"days": 1, "x": 1}}, "segment_value_unfit"),
        ({"field": "actions", "op": "equals", "value": 1, "about": {"days": 1, "code": "no"}}, "segment_value_unfit"),
        ({"field": "role", "op": "any_of", "value": [99999999]}, "segment_value_gone"),
        ({"field": "segment", "op": "any_of", "value": [99999999]}, "segment_field_denied"),
    ],
)
def test_rules_without_sense_are_refused(cast: Cast, rules: Any, reason: str) -> None:
    with pytest.raises((Refused, Denied), match=reason):
        count(cast, rules)


def test_who_sees_nobody_there_counts_nobody(cast: Cast) -> None:
    with pytest.raises(TargetNotFound):
        count_of(actor(cast.finn), NAMED_CLEO, "users", cast.south)
    with pytest.raises(TargetNotFound):
        count_of(actor(cast.eve), NAMED_CLEO, "users", cast.north)
    with pytest.raises((Denied, TargetNotFound)):
        count_of(actor(cast.bob), NAMED_CLEO, "users", cast.berg)


def test_nothing_of_another_tenant_is_counted_or_named(cast: Cast) -> None:
    with pytest.raises(Refused, match="segment_value_gone"):
        count(cast, {"field": "role", "op": "any_of", "value": [cast.eve.role_id]})
    assert count(cast, {"field": "email", "op": "is", "value": cast.eve.email}) == 0


def test_every_field_can_be_asked_with_every_operator(cast: Cast) -> None:
    values = {
        "none": None,
        "text": "a",
        "number": 2.5,
        "range": [1, 2],
        "days": 3,
        "day": "2026-02-03",
        "switch": True,
    }
    for of, organization in (("users", cast.lumen), ("devices", cast.lumen)):
        for asked in askable_fields(actor(cast.ada), of, organization):
            offered = asked.choices.offered(actor(cast.ada), organization) if asked.choices else []
            for operator in asked.operators.values():
                value: Any = [key for key, _ in offered[:2]] if operator.shape == "many" else values[operator.shape]
                if value == []:
                    continue
                about = {"about": {"days": 7}} if asked.about else {}
                rules = {"field": asked.name, "op": operator.code, "value": value, **about}
                alone = count(cast, rules, of=of)
                assert alone + count(cast, {"not": rules}, of=of) == count(
                    cast, {"any": [rules, {"not": rules}]}, of=of
                )
    assert {of for of, _name in FIELDS} == {"users", "devices"}
