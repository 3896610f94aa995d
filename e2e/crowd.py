"""A tenant with eighty people of many languages, for lists: read by every journey, changed by none."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from e2e.people import House, build_house, signed_in_at
from fleetfolk.demo.models import Mail
from fleetfolk.demo.views import PAGE_SIZE
from fleetfolk.organizations.models import Organization
from fleetfolk.users.models import User

FIRST = ("Anna", "Jörg", "Łucja", "Zoë", "Hanako", "Seán", "Ümit", "François", "Priya", "Olena")
LAST = ("Ångström", "Müller", "Wiśniewska", "Núñez", "O’Connor", "Şahin", "Lefèvre", "Nair")
LONG = "Maximiliane-Alexandra von Hohenstein-Pfaffenhofen zu Oettingen"
LONG_PLACE = "Donaudampfschifffahrtsgesellschaft Wärmepumpenwartung Süd"
JAPANESE = "結衣 佐藤"


@dataclass(frozen=True, kw_only=True, slots=True)
class Crowd:
    """The tenant, its branches, and the people whom journeys look for by name."""

    house: House
    north: Organization
    south: Organization
    long: User
    japanese: User
    cleo: User
    dana: User


def build_crowd() -> Crowd:
    """Everybody is there: active, inactive, pending and disabled, in three organizations and two locations."""
    house = build_house("Lumen Wärme")
    north, south = house.branch("North"), house.branch(LONG_PLACE)
    atrium = house.location("Atrium")
    places = {north: house.location("Köln Lager", at=north), south: house.location("Südhafen", at=south)}
    vip, slow = house.tag("VIP", 1), house.tag("Wartung überfällig", 4)
    now = dt.datetime.now(dt.UTC).replace(second=0, microsecond=0)
    for number, (first, last) in enumerate((first, last) for last in LAST for first in FIRST):
        at = (house.root, north, south)[number % 3]
        role = "Staff" if number % 9 == 0 else "User"
        facts: dict[str, Any] = {"at": at, "role": role, "email": f"{number:02}.{_ascii(first)}@crowd.example"}
        if number % 4 == 0:
            facts["location"] = places.get(at, atrium)
        if number % 5 == 0:
            facts["phone"] = f"+4930901820{number:02}"
        if number % 13 == 5:
            house.invited(f"{first} {last}", **facts)
            continue
        person = house.person(f"{first} {last}", **facts)
        signed_in_at(person, now - dt.timedelta(hours=18 * number, minutes=number))
        if number % 6 == 0:
            house.tagged(person, vip)
        if number % 10 == 0:
            house.tagged(person, slow)
        if number % 11 == 7:
            house.disabled(person)
    _written_to()
    long = house.person(
        LONG,
        at=south,
        role="Admin",
        location=places[south],
        email="maximiliane-alexandra.von.hohenstein-pfaffenhofen@oettingen-spielberg.example",
    )
    return Crowd(
        house=house,
        north=north,
        south=south,
        long=long,
        japanese=house.person(
            JAPANESE, at=north, email="yui.sato@crowd.example", phone="+819012345678", time_zone="Asia/Tokyo"
        ),
        cleo=house.person("Cleo Staff", at=north, role="Staff"),
        dana=house.person("Dana Petit", at=north),
    )


def _written_to() -> None:
    """More mails went out than stand on a page of them."""
    Mail.objects.bulk_create(
        Mail(to=f"guest{number:02}@crowd.example", sender="lumen@crowd.example", subject="Your keys", text="Welcome.")
        for number in range(PAGE_SIZE + 5)
    )


def _ascii(name: str) -> str:
    return "".join(letter for letter in name.lower() if letter.isascii())
