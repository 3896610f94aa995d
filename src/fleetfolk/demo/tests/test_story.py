"""The demo world's story could have happened, and ends as it should."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from functools import cache
from ipaddress import ip_address, ip_network

import phonenumbers
import pytest

from fleetfolk.demo.events import SETUP, Event, Kind
from fleetfolk.demo.hours import is_within
from fleetfolk.demo.people import people
from fleetfolk.demo.places import ORGANIZATIONS, organization
from fleetfolk.demo.story import story
from fleetfolk.demo.tests.replay import Account, World

# A Saturday evening, a Monday morning after the clocks changed, a leap day, the turn of a year; and other seeds.
WHEN = (
    (datetime(2026, 11, 21, 20, 41, tzinfo=UTC), 1),
    (datetime(2027, 3, 29, 6, 0, tzinfo=UTC), 2),
    (datetime(2028, 2, 29, 12, 0, tzinfo=UTC), 3),
    (datetime(2027, 1, 1, 0, 0, 30, tzinfo=UTC), 1),
)
# What RFC 5737 keeps for documentation.
TEST_NETWORKS = [ip_network(net) for net in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24")]

type Told = tuple[datetime, int, tuple[Event, ...]]


@cache
def _told(now: datetime, seed: int) -> tuple[Event, ...]:
    return story(now, seed)


@pytest.fixture(params=WHEN, ids=lambda when: f"{when[0]:%Y-%m-%d}-seed{when[1]}")
def told(request: pytest.FixtureRequest) -> Told:
    now, seed = request.param
    return now, seed, _told(now, seed)


def _lived(events: tuple[Event, ...]) -> dict[str, Account]:
    world = World()
    world.live_through(events)
    return world.accounts


def test_every_event_could_have_happened_when_it_did(told: Told) -> None:
    _, __, events = told
    world = World()
    world.live_through(events)
    assert world.refusals == sum(event.expected != "done" for event in events) >= 15


def test_it_lasts_three_months_and_ends_before_now(told: Told) -> None:
    now, _, events = told
    assert now - timedelta(days=92) <= events[0].at <= now - timedelta(days=86)
    assert events[-1].at <= now
    assert all(event.at.utcoffset() == timedelta(0) for event in events)


def test_it_begins_with_the_first_admin_and_has_some_thousands_of_events(told: Told) -> None:
    _, __, events = told
    first = events[0]
    assert (first.actor, first.kind, first.target) == (SETUP, Kind.INVITE, "ada@lumenhome.example")
    assert 3000 <= len(events) <= 4300


def test_everybody_ends_as_people_says(told: Told) -> None:
    now, seed, events = told
    accounts = _lived(events)
    assert set(accounts) == {each.email for each in people(seed)}
    for person in people(seed):
        account = accounts[person.email]
        assert account.state(now) == person.ending, person
        assert (account.role, account.organization) == (person.role, person.organization)
        assert account.fields == {
            "first_name": person.first_name,
            "last_name": person.last_name,
            "phone": person.phone,
            "site": person.site or "",
        }
        assert set(account.tags) == set(person.tags)
        if person.ending != "pending":
            assert account.settings == {"time_zone": person.time_zone, "language": person.language}


def test_nobody_is_near_the_border_between_active_and_inactive(told: Told) -> None:
    now, _, events = told
    for account in _lived(events).values():
        if account.seen and account.state(now) in {"active", "inactive"}:
            assert not timedelta(days=27) < now - account.seen < timedelta(days=32)


def test_some_of_the_pending_have_opened_the_mail_and_one_invitation_has_expired(told: Told) -> None:
    now, _, events = told
    pending = [each for each in _lived(events).values() if each.state(now) == "pending"]
    assert sum(each.opened for each in pending) >= 8
    assert sum(now - each.invited > timedelta(days=30) for each in pending) == 1


def test_somebody_deleted_can_still_be_restored(told: Told) -> None:
    now, _, events = told
    deleted = [each.deleted for each in _lived(events).values() if each.deleted]
    assert len(deleted) == 2
    assert all(now - at < timedelta(days=6) for at in deleted)


def test_every_kind_of_event_happens_and_attempts_fail_both_ways(told: Told) -> None:
    _, __, events = told
    assert {event.kind for event in events} == set(Kind)
    count = Counter(event.expected for event in events)
    assert count["denied"] >= 5
    assert count["refused"] >= 3
    assert count["not_found"] >= 5


def test_the_first_of_an_organization_is_an_admin_and_nobody_else_is_invited_before_that_one_came(told: Told) -> None:
    _, __, events = told
    settled: set[str] = set()
    first: dict[str, str] = {}
    for event in events:
        if event.kind is Kind.INVITE and event.expected == "done":
            key = event.data["organization"]
            assert key in settled or (key not in first and event.data["role"] == "admin"), event
            first.setdefault(key, event.target)
        if event.kind is Kind.IMPORT:
            assert event.data["organization"] in settled, event
        if event.kind is Kind.ACCEPT:
            settled |= {key for key, email in first.items() if email == event.target}
    assert settled == {each.key for each in ORGANIZATIONS}


def test_people_sign_in_while_they_are_awake(told: Told) -> None:
    _, seed, events = told
    zones = {each.email: each.time_zone for each in people(seed)}
    visits = [event for event in events if event.kind in {Kind.SIGN_IN, Kind.ACCEPT}]
    by_day = sum(is_within(event.at, zones[event.target], (5, 24)) for event in visits)
    assert by_day / len(visits) > 0.97


def test_all_three_clients_are_used_from_addresses_of_nobody(told: Told) -> None:
    _, __, events = told
    count = Counter(event.device.client for event in events)
    assert min(count["Web"], count["Android"], count["iOS"]) > 100
    for event in events[1:]:
        assert any(ip_address(event.device.address) in net for net in TEST_NETWORKS)
        assert event.device.user_agent


def test_even_a_mistyped_number_is_one_that_a_form_accepts(told: Told) -> None:
    _, __, events = told
    typed = [each for event in events for each in (event.data, *event.rows) if each.get("phone")]
    assert all(phonenumbers.is_valid_number(phonenumbers.parse(each["phone"])) for each in typed)


def test_transfers_stay_inside_the_operator(told: Told) -> None:
    _, __, events = told
    transfers = [event for event in events if event.kind is Kind.TRANSFER]
    assert len(transfers) == 10
    assert {organization(event.data["organization"]).kind for event in transfers} == {"branch", "client"}


def test_the_same_moment_and_seed_tell_the_same_story() -> None:
    now, seed = WHEN[0]
    assert story(now, seed) == _told(now, seed)
    assert story(now, seed + 1) != _told(now, seed)


def test_a_moment_without_a_zone_is_an_error() -> None:
    with pytest.raises(ValueError, match="time zone"):
        story(datetime(2026, 11, 21))  # noqa: DTZ001 - the point of the test
