"""Objects of several models out of one row."""

import pytest
from django.core.exceptions import FieldFetchBlocked
from django.db import models

from fleetfolk.kernel.joined import Joined
from fleetfolk.organizations.models import Location, Organization, Tag


def test_each_model_gets_its_own_columns_and_an_outer_join_that_found_nothing_is_none() -> None:
    both = Joined(tag=Tag, place=Location)
    names = [field.attname for field in Tag._meta.concrete_fields]
    assert both.columns.startswith('tag."id", tag."')
    assert 'place."id"' in both.columns
    values = [7 if name == "id" else f"its {name}" for name in names]
    beyond = [None] * len(Location._meta.concrete_fields)
    tag, place = both.made([*values, *beyond, "more"])
    assert (tag.pk, tag.name, place) == (7, "its name", None)
    assert tag._state.adding is False
    assert both.width == len(values) + len(beyond)


def test_what_was_not_asked_for_is_not_loaded_behind_ones_back() -> None:
    only = Joined(home=Organization)
    names = [field.attname for field in Organization._meta.concrete_fields]
    row = [5 if name in {"id", "tenant_id"} else "" for name in names]
    (home,) = only.made(row, fetch_mode=models.FETCH_RAISE)
    with pytest.raises(FieldFetchBlocked):
        home.parent.name  # noqa: B018 - reading it would ask
