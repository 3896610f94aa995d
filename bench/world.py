"""A world of N people and their devices, the same for the same N: tenants of very different sizes, with trees below.

`loading` writes it down.
"""

import datetime as dt
import hashlib
import random
from collections.abc import Iterable
from dataclasses import dataclass

from bench import fleet

PASSWORD = "bench of a million people"
SEED = 20_260_101
SMALLEST, LARGEST_SMALL = 20, 2_000
SHARES = (0.40, 0.20, 0.05, 0.05, 0.03, 0.03, 0.02, 0.02, 0.01, 0.01)
MOST_ORGANIZATIONS = 10_000
FIRST_TENANT = 2  # 1 is the installation's own.
BUSY = {3: 100_000, 20: 10_000}
"""Who is busy in the largest tenant, by their place in it, with how many entries of the log."""
BUSY_SESSIONS = 40
MOST_DEVICES = fleet.SLOTS - 1
"""So many devices does each of the busy own; of the others one in fifteen has some, four on average."""

_WORDS = {
    "cities": "Berlin Hamburg München Köln Paris Lyon Marseille London Manchester Leeds Madrid Sevilla Roma Milano "
    "Torino Warszawa Kraków İstanbul Ankara Москва Казань دبي الرياض 東京 大阪 北京 Mumbai Delhi Stockholm "
    "Göteborg Hanoi Boston Chicago Austin Denver Seattle Oslo Wien Zürich Praha",
    "sites": "Mitte Nord Süd West Ost Hafen Airport Depot Campus Tower Park Plaza Center Lab Werk",
    "firms": "Nordwind Helios Aqua Terra Vento Lumen Kraft Fluss Atlas Orion Polar Delta Sigma Vega Nova Astra Bora "
    "Cirrus Dune Ember",
    "trades": "Logistics Energy Water Homes Cooling Farming Retail Security Clinics Hotels Schools Transit Metering "
    "Rentals Lighting",
}
_CITIES, _SITES, _FIRMS, _TRADES = (words.split() for words in _WORDS.values())
TAGS = ("beta", "field", "night-shift", "premium", "trainer", "vip")  # Folded and in the order of their names.


@dataclass(frozen=True, kw_only=True, slots=True)
class Tenant:
    """A tenant as planned: its keys are known before anything is written. `people` are its first key and how many."""

    id: int
    name: str
    first_person: int
    people: int
    organizations: tuple[tuple[int, int | None, str, int], ...]  # key, parent, name, depth
    weights: tuple[float, ...]
    locations: tuple[tuple[int, str], ...]
    first_role: int
    first_tag: int

    @property
    def domain(self) -> str:
        return f"firm{self.id}.example"

    @property
    def busiest(self) -> int:
        """Somebody with 100,000 entries of the log, half by them, half on them, and 40 open sessions."""
        return self.first_person + 3

    @property
    def less_busy(self) -> int:
        """Somebody with a tenth of that."""
        return self.first_person + 20

    @property
    def viewers(self) -> list[int]:
        """The homes of the first three: an Admin at the root, an Admin of the large branch, Staff below it."""
        branches = [row[0] for row in self.organizations if row[3] == 2][:2]
        branch = branches[-1] if branches else self.id
        below = [row[0] for row in self.organizations if row[1] == branch]
        return [self.id, branch, below[0] if below else branch]


def sizes(people: int) -> list[int]:
    """How many people each tenant has, largest first; they add up."""
    dice = random.Random(SEED)
    wanted = [int(people * share) for share in SHARES]
    rest = people - sum(wanted)
    largest = min(LARGEST_SMALL, max(SMALLEST, people // 50))
    while rest > 0:
        size = int(SMALLEST * (largest / SMALLEST) ** dice.random())
        # What would be left must not be a tenant too small to be one.
        size = rest if rest - size < SMALLEST else size
        wanted.append(size)
        rest -= size
    return wanted


def plan(people: int) -> list[Tenant]:
    """Every tenant of a world of so many people."""
    dice = random.Random(SEED + 1)
    tenants = []
    organization, person, location, role, tag = FIRST_TENANT, 1, 1, 10, 1
    for index, size in enumerate(sizes(people)):
        tree = _tree(dice, organization, size, name=f"{dice.choice(_FIRMS)} {dice.choice(_TRADES)} {index + 1}")
        places = min(500, max(2, size // 100))
        tenants.append(
            Tenant(
                id=organization,
                name=tree[0][0][2],
                first_person=person,
                people=size,
                organizations=tuple(row for row, _weight in tree),
                weights=tuple(weight for _row, weight in tree),
                locations=tuple((location + number, _place(number)) for number in range(places)),
                first_role=role,
                first_tag=tag,
            )
        )
        organization += len(tree)
        person += size
        location += places
        role += 3
        tag += len(TAGS)
    return tenants


def _place(number: int) -> str:
    return f"{_CITIES[number % len(_CITIES)]} {_SITES[number // len(_CITIES) % len(_SITES)]} {number}"


def _tree(
    dice: random.Random, first: int, size: int, *, name: str
) -> list[tuple[tuple[int, int | None, str, int], float]]:
    """The tenant's organizations with the share of people in each: regions, areas, and the many customers below."""
    below = min(MOST_ORGANIZATIONS - 1, size // 40)
    regions = min(12, (below + 2) // 3)
    areas = min(regions * 30, max(0, (below - regions) // 4))
    tree: list[tuple[tuple[int, int | None, str, int], float]] = [((first, None, name, 1), 2.0)]
    # The second region has an eighth of the people: a branch large enough to be slow in, were it slow.
    shares = [12.5 if number == 1 else 87.5 / max(1, regions - 1) for number in range(regions)]
    for number in range(below):
        key = first + 1 + number
        if number < regions:
            row = (key, first, f"Region {_CITIES[number * 3]} {dice.choice(_TRADES)}", 2)
            weight = shares[number] * 0.02
        elif number < regions + areas:
            region = (number - regions) % regions
            row = (key, first + 1 + region, f"{dice.choice(_CITIES)} {dice.choice(_FIRMS)} {number}", 3)
            weight = shares[region] * 0.05 / max(1, areas / regions)
        else:
            leaf = number - regions - areas
            above = regions + leaf % areas if areas else leaf % regions
            region = (above - regions) % regions if areas else above
            row = (
                key,
                first + 1 + above,
                f"{dice.choice(_FIRMS)} {dice.choice(_TRADES)} {dice.choice(_SITES)} {number}",
                4 if areas else 3,
            )
            weight = shares[region] * 0.93 * dice.uniform(0.3, 1.7) / max(1, (below - regions - areas) / regions)
        tree.append((row, weight))
    return tree


def fingerprint(sources: Iterable[bytes]) -> str:
    """Names what a world is made from: the files given, and the week, since its times are counted from its making."""
    digest = hashlib.sha256(f"{dt.datetime.now(dt.UTC):%G-%V}".encode())
    for source in sources:
        digest.update(source)
    return digest.hexdigest()[:10]
