"""Searching and paging people, against a slow, obvious answer: every sort, direction, page size, reach and word."""

import itertools
import random
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection

from fleetfolk.console.directory import limits as machinery
from fleetfolk.console.directory.matching import _pieces
from fleetfolk.console.directory.words import _folded
from fleetfolk.console.sql import Sql
from fleetfolk.testing.door import staging
from fleetfolk.users import directory
from fleetfolk.users.directory import SORTS, Listing, Page
from fleetfolk.users.models import User
from fleetfolk.users.tests.directory_world import TYPED, World, build, expected

LIMITS = {
    "as they are": (500, 3000, 400, 0.1, 1000, 2500),
    "small": (7, 20, 40, 0.1, 50, 10),
    "tiny, nearly all is dense": (3, 9, 10, 0.9, 5, 0),
    "middling": (30, 60, 40, 0.5, 100, 40),
}
"""Small limits make a small world take every route."""

CASES = 40
"""So many at least, and on until every route was taken."""


@pytest.fixture
def world(db: None) -> World:
    return build(500)


def listings(world: World, chance: random.Random) -> list[Listing]:
    scopes: list[dict[str, Any]] = [
        {},
        {"branches": (world.branches[0],)},
        {"branches": tuple(world.branches[:3])},
        {"homes": (world.tenant_id,)},
        {"homes": tuple(world.organization_ids[2:5])},
        {"branches": ()},
        {"homes": ()},
    ]
    filters: list[dict[str, Any]] = [
        {},
        {},
        {"role_ids": (world.role_ids[2],)},
        {"role_ids": tuple(world.role_ids[:2])},
        {"location_ids": (world.location_ids[0], world.location_ids[3])},
        {"organization_ids": tuple(world.organization_ids[:4])},
        {"statuses": ("active",)},
        {"statuses": ("inactive",)},
        {"statuses": ("pending", "inactive")},
        {"statuses": ("disabled", "deactivated", "deletion"), "role_ids": (world.role_ids[2],)},
        {"types": ("developer",)},
        {"types": ("partner", "guest"), "statuses": ("active", "pending")},
        {"types": ("client",), "role_ids": (world.role_ids[0],)},
    ]
    every = [
        Listing(tenant_id=world.tenant_id, sort=sort, descending=falling, size=size, typed=typed, **scope, **only)
        for sort in SORTS
        for falling in (False, True)
        for size in (1, 5, 16, 100)
        for typed in chance.sample(TYPED, 4)
        for scope in chance.sample(scopes, 2)
        for only in chance.sample(filters, 2)
    ]
    chance.shuffle(every)
    return every


@pytest.mark.parametrize("limits", LIMITS)
def test_pages_there_and_back_are_the_slow_answers(world: World, monkeypatch: pytest.MonkeyPatch, limits: str) -> None:
    for name, value in zip(("WALK", "WALK_ON", "SAMPLE", "DENSE", "COUNT_CAP", "FEW"), LIMITS[limits], strict=True):
        monkeypatch.setattr(machinery, name, value)
    small = {"gather", "gather to a bound", "gather beyond a bound"}
    wanted, routes = {"walk"} | (small if limits != "as they are" else set()), set[str]()
    for number, listing in enumerate(listings(world, random.Random(limits))):
        if number >= CASES and wanted <= routes:
            break
        routes |= check(listing)
    assert wanted <= routes


def check(listing: Listing) -> set[str]:
    """All pages there and back again, and the count, are exactly the slow answer's; the routes they took."""
    everything = expected(listing)
    with connection.cursor() as cursor:
        number, capped = directory.count(cursor, listing)
        assert number == min(len(everything), machinery.COUNT_CAP), listing
        assert capped == (len(everything) > machinery.COUNT_CAP), listing
        pages: list[Page] = []
        at, after = 0, None
        while len(pages) < 8:
            got = directory.page(cursor, replace(listing, after=after))
            assert list(got.keys) == everything[at : at + listing.size], (listing, got.route)
            assert got.has_next == (at + listing.size < len(everything)), listing
            assert got.has_previous == (after is not None), listing
            assert got.total in (None, len(everything)), (listing, got.route)
            pages.append(got)
            at += listing.size
            if not got.has_next:
                break
            after = got.keys[-1]
        for later, earlier in itertools.pairwise(reversed(pages)):
            back = directory.page(cursor, replace(listing, after=later.keys[0], backward=True))
            assert back.keys == earlier.keys, (listing, back.route)
            assert back.has_previous == (earlier is not pages[0]), listing
    return {page.route for page in pages}


@pytest.mark.parametrize("limits", LIMITS)
def test_words_of_tags_find_who_carries_them(world: World, monkeypatch: pytest.MonkeyPatch, limits: str) -> None:
    for name, value in zip(("WALK", "WALK_ON", "SAMPLE", "DENSE", "COUNT_CAP", "FEW"), LIMITS[limits], strict=True):
        monkeypatch.setattr(machinery, name, value)
    chance = random.Random(limits)
    found = 0
    for typed in ("zet", "zeta alter", "beta", "alt berlin", "ann night", "12345", "zeta 12345 maria", "night user"):
        for scope in ({}, {"branches": (world.branches[0],)}, {"homes": tuple(world.organization_ids[2:7])}):
            sort = chance.choice(list(SORTS))
            listing = Listing(tenant_id=world.tenant_id, typed=typed, sort=sort, size=5, **scope)
            check(listing)
            everything = expected(listing)
            found += len(everything)
            with connection.cursor() as cursor:
                where = directory.condition(cursor, listing)
                cursor.execute(f"SELECT id FROM users_user WHERE {where.text}", where.params)  # noqa: S608
                assert {key for (key,) in cursor.fetchall()} == {key[-1] for key in everything}, typed
    assert found > 100


def test_the_copies_follow_a_renamed_role_place_organization_and_tag(world: World) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM users_user u JOIN organizations_organization o ON o.id = u.organization_id"
            " JOIN users_tagskey k ON k.user_id = u.id"
            " JOIN access_role r ON r.id = u.role_id LEFT JOIN organizations_location l ON l.id = u.location_id"
            " WHERE u.path <> o.path OR u.organization_key <> fold(o.name) OR u.role_key <> fold(r.name)"
            " OR u.location_key <> coalesce(fold(l.name), '')"
            " OR k.tags_key <> coalesce((SELECT string_agg(fold(t.name),"
            " ' ' ORDER BY fold(t.name) COLLATE \"C\", t.id) FROM users_usertag x JOIN organizations_tag t"
            " ON t.id = x.tag_id WHERE x.user_id = u.id), '')"
        )
        assert cursor.fetchall() == [(0,)]


def test_people_who_arrive_meanwhile_shift_no_page(world: World) -> None:
    listing = Listing(tenant_id=world.tenant_id, sort="name", size=5)
    with connection.cursor() as cursor:
        first = directory.page(cursor, listing)
        second = directory.page(cursor, replace(listing, after=first.keys[-1]))
        newcomer = User.objects.get(pk=first.ids[0])
        with staging():
            newcomer.pk, newcomer.email, newcomer._state.adding = None, "newcomer@x.example", True
            newcomer.first_name = newcomer.last_name = "0"
            newcomer.save(force_insert=True)
        again = directory.page(cursor, replace(listing, after=first.keys[-1]))
    assert again.ids == second.ids


def test_the_parts_of_a_long_word_are_found_together_or_not_at_all(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (("WALK", 3), ("WALK_ON", 3), ("DENSE", 2), ("FEW", 0)):
        monkeypatch.setattr(machinery, name, value)
    routes: set[str] = set()
    for text in User.objects.filter(tenant_id=world.tenant_id).order_by("id").values_list("search_text", flat=True)[:4]:
        words = [word for word in text.split() if len(word) > 2]
        for typed in (".".join(words[:3]), ".".join((words[0], words[2])), words[-1][1:] + "." + words[0]):
            routes |= check(Listing(tenant_id=world.tenant_id, typed=typed, sort="created", size=5))
    assert "gather" in routes
    said = [piece.params[0] for piece in _pieces(Sql("search_text LIKE %s", ("%ana niederstein%",)))]
    assert said == ["%ana %", "% nieder%", "%erstein%", "%ana niederstein%"]


def test_ascii_is_folded_here_as_in_the_database(db: None) -> None:
    chance = random.Random(7)
    letters = [chr(code) for code in range(1, 128)]
    tokens = [*letters, *("".join(chance.choices(letters, k=12)) for _ in range(500))]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT fold(t) FROM unnest(%s::text[]) WITH ORDINALITY AS u (t, place) ORDER BY place", [tokens]
        )
        assert _folded(tokens) == [folded for (folded,) in cursor.fetchall()]
