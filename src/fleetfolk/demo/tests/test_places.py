"""The demo world's organizations are a believable tree."""

from zoneinfo import ZoneInfo

import pytest

from fleetfolk.demo.places import ORGANIZATIONS, TAGS, ancestors, contains, organization, site


def test_one_operator_is_the_root_of_everything() -> None:
    (root,) = [each for each in ORGANIZATIONS if each.parent is None]
    assert root is ORGANIZATIONS[0]
    assert (root.name, root.kind) == ("Lumen Home", "operator")
    assert all(contains(root.key, each.key) for each in ORGANIZATIONS)


def test_a_parent_stands_before_its_children() -> None:
    seen: set[str] = set()
    for each in ORGANIZATIONS:
        assert each.parent is None or each.parent in seen
        assert each.key not in seen
        seen.add(each.key)


def test_the_tree_is_at_most_four_levels_deep_and_uses_all_of_them() -> None:
    assert {len(list(ancestors(each.key))) for each in ORGANIZATIONS} == {1, 2, 3, 4}


def test_there_are_branches_installers_and_some_thirty_customers() -> None:
    count = {kind: sum(each.kind == kind for each in ORGANIZATIONS) for kind in ("branch", "installer", "client")}
    assert 8 <= count["branch"] <= 10
    assert 6 <= count["installer"] <= 8
    assert 28 <= count["client"] <= 36


def test_every_organization_has_an_admin_and_one_to_four_sites() -> None:
    for each in ORGANIZATIONS:
        assert each.admins >= 1
        assert 1 <= len(each.sites) <= 4
        assert len({place.key for place in each.sites}) == len(each.sites)


def test_names_fit_their_columns() -> None:
    assert all(0 < len(each.name) <= 80 for each in ORGANIZATIONS)
    assert all(0 < len(place.name) <= 48 for each in ORGANIZATIONS for place in each.sites)
    assert all(0 < len(tag.name) <= 24 and 1 <= tag.colour <= 6 for tag in TAGS)
    assert len({each.name for each in ORGANIZATIONS}) == len(ORGANIZATIONS)


def test_time_zones_exist_and_domains_are_reserved_for_examples() -> None:
    for each in ORGANIZATIONS:
        assert each.domain.endswith(".example")
        for zone in (each.time_zone, *(place.time_zone for place in each.sites)):
            assert ZoneInfo(zone).key == zone


def test_a_branch_does_not_contain_its_sibling_or_its_parent() -> None:
    assert contains("nord", "hanse-altona")
    assert not contains("nord", "sued")
    assert not contains("nord", "lumen")


def test_an_unknown_key_is_an_error() -> None:
    assert site("weissenberg", "haus").name == "Haus Weißenberg"
    with pytest.raises(KeyError):
        organization("nowhere")
    with pytest.raises(KeyError):
        site("weissenberg", "nowhere")
