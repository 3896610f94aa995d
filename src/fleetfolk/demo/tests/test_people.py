"""The demo world's people could be real, and cannot be."""

import re
from collections import Counter
from zoneinfo import ZoneInfo

import phonenumbers
import pytest

from fleetfolk.demo.names import latin
from fleetfolk.demo.people import PHONE_RANGES, Person, people
from fleetfolk.demo.places import ORGANIZATIONS, TAGS, organization, site

SEEDS = (1, 2, 3, 4, 5)


@pytest.fixture(params=SEEDS)
def everybody(request: pytest.FixtureRequest) -> tuple[Person, ...]:
    seed = request.param
    assert isinstance(seed, int)
    return people(seed)


def test_the_same_seed_makes_the_same_people() -> None:
    people.cache_clear()
    first = people(1)
    people.cache_clear()
    assert people(1) == first
    assert people(2) != first


def test_there_are_four_hundred_and_nobody_shares_a_name_an_address_or_a_number(everybody: tuple[Person, ...]) -> None:
    assert len(everybody) == 400
    assert len({each.email for each in everybody}) == 400
    assert len({each.name for each in everybody}) == 400
    phones = [each.phone for each in everybody if each.phone]
    assert len(set(phones)) == len(phones) > 320


def test_every_organization_has_the_people_it_asks_for(everybody: tuple[Person, ...]) -> None:
    count = Counter((each.organization, each.role) for each in everybody)
    for each in ORGANIZATIONS:
        assert (count[each.key, "admin"], count[each.key, "staff"], count[each.key, "user"]) == (
            each.admins,
            each.staff,
            each.users,
        )
    assert 2 <= count["lumen", "admin"] <= 3


def test_names_fit_their_fields(everybody: tuple[Person, ...]) -> None:
    for each in everybody:
        for part in (each.first_name, each.last_name):
            assert part == part.strip()
            assert 0 < len(part) <= 60


def test_addresses_are_plain_and_lead_nowhere(everybody: tuple[Person, ...]) -> None:
    for each in everybody:
        assert re.fullmatch(r"[a-z0-9]+([.-][a-z0-9]+)*@[a-z0-9.-]+\.example", each.email), each.email
        if not each.private and not each.is_cast:
            assert each.email.endswith("@" + organization(each.organization).domain)


def test_phones_are_valid_where_their_owner_lives(everybody: tuple[Person, ...]) -> None:
    for each in everybody:
        if each.phone:
            number = phonenumbers.parse(each.phone)
            assert phonenumbers.is_valid_number_for_region(number, each.country), each
            assert phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) == each.phone


def test_every_range_of_numbers_is_valid_from_end_to_end() -> None:
    for country, patterns in PHONE_RANGES.items():
        for pattern in patterns:
            for digit in "0123456789":
                number = phonenumbers.parse(pattern.replace("#", digit))
                assert phonenumbers.is_valid_number_for_region(number, country), pattern


def test_zones_languages_sites_and_tags_exist(everybody: tuple[Person, ...]) -> None:
    tags = {each.key for each in TAGS}
    for each in everybody:
        assert ZoneInfo(each.time_zone).key == each.time_zone
        assert re.fullmatch(r"[a-z]{2}(-[a-z]+)?", each.language)
        assert set(each.tags) <= tags
        assert len(set(each.tags)) == len(each.tags)
        if each.site:
            site(each.organization, each.site)


def test_the_states_at_the_end_are_mixed_and_no_admin_is_missing(everybody: tuple[Person, ...]) -> None:
    count = Counter(each.ending for each in everybody)
    assert count == {"active": 326, "inactive": 36, "pending": 26, "disabled": 10, "deletion_pending": 2}
    assert all(each.ending == "active" for each in everybody if each.role == "admin")


def test_many_languages_are_spoken(everybody: tuple[Person, ...]) -> None:
    languages = {each.language for each in everybody}
    assert languages >= {"de", "fr", "es", "pt", "pl", "tr", "sv", "da", "is", "it", "nl", "ja", "zh-hans", "ko", "vi"}
    assert languages >= {"ar", "he", "el", "uk", "en", "pt-br"}


def test_the_cast_is_there_whatever_the_seed(everybody: tuple[Person, ...]) -> None:
    by_email = {each.email: each for each in everybody}
    ada = by_email["ada@lumenhome.example"]
    assert (ada.name, ada.role, ada.organization) == ("Ada Lindqvist", "admin", "lumen")
    assert everybody[0] == ada
    roles = {
        "Ingrid Bergström": ("staff", "lumen", "active"),
        "Annegret Oberhuber-Weißenberg": ("user", "weissenberg", "active"),
        "佐藤 美咲": ("user", "seeberg-sapporo", "active"),
        "Hans-Jürgen Freiherr von Reuß-Lindenau": ("user", "reuss", "inactive"),
        "Chukwuemeka Okonkwo": ("staff", "heidelberg", "active"),
        "Trần Thị Thu Lan": ("staff", "sued", "active"),
        "ليلى حداد": ("user", "west", "inactive"),
        "João Pedro Rosenberg": ("user", "casadomar", "disabled"),
        "Wojciech Königsberger": ("staff", "polska", "active"),
        "Mette Lindeberg": ("user", "norden", "deletion_pending"),
        "Ólafur Þorbergsson": ("user", "norden", "pending"),
    }
    by_name = {each.name: each for each in everybody}
    for name, expected in roles.items():
        assert (by_name[name].role, by_name[name].organization, by_name[name].ending) == expected


@pytest.mark.parametrize(
    ("text", "language", "spelled"),
    [
        ("Großmann", "de", "grossmann"),
        ("Müller", "de", "mueller"),
        ("Öztürk", "tr", "ozturk"),
        ("İbrahim", "tr", "ibrahim"),
        ("Þorbergsson", "is", "thorbergsson"),
        ("Błaszczyk", "pl", "blaszczyk"),
        ("Brøndum", "da", "brondum"),
        ("Jean-Baptiste", "fr", "jean-baptiste"),
        ("D’Angelo", "it", "dangelo"),
        ("Đặng Thị", "vi", "dangthi"),
    ],
)
def test_a_name_is_spelled_in_ascii_as_its_bearer_would(text: str, language: str, spelled: str) -> None:
    assert latin(text, language=language) == spelled
