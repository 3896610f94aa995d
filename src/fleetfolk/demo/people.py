"""The 400 people of the demo world, as they are at the end of its story.

``people(seed=1)``   everybody, by organization (parents first), admins first; the same for the same seed.
``CAST``             those of them whom everybody knows by name.
``PHONE_RANGES``     by country, numbers that are valid but fictional or at least look unassigned.

A ``Person`` is known by the e-mail address, which never changes. ``ending`` is the state in which the story leaves
somebody; how it comes to that is told by ``fleetfolk.demo.story``. The cast is the same whatever the seed: tutorials,
tests and pictures speak of it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from itertools import batched
from random import Random
from typing import Literal, cast

from fleetfolk.demo.names import LONG_NAMES, MIXES, POOLS, Name, latin
from fleetfolk.demo.places import ORGANIZATIONS, Organization, Site, organization

type Role = Literal["admin", "staff", "user"]
type Ending = Literal["active", "inactive", "pending", "disabled", "deletion_pending"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Person:
    """Somebody with an account; organization, site and tags are keys in ``fleetfolk.demo.places``.

    The first and last name stand in the order in which the person writes them. The phone is E.164, or empty.
    ``private`` people are customers of a branch with an address of their own.
    """

    email: str
    first_name: str
    last_name: str
    phone: str
    time_zone: str
    language: str
    country: str
    role: Role
    organization: str
    site: str | None
    tags: tuple[str, ...]
    ending: Ending
    private: bool = False
    is_cast: bool = False

    @property
    def name(self) -> str:
        """The whole name, as its bearer writes it."""
        return f"{self.first_name} {self.last_name}"


# A "#" stands for any digit. Ranges kept free for films and books where a country has them (Germany, France, the United
# Kingdom, Sweden, the United States), a block of zeros elsewhere.
PHONE_RANGES: dict[str, tuple[str, ...]] = {
    "BR": ("+5511900000###", "+5541990000###"),
    "CN": ("+8613900000###", "+8613000000###"),
    "DE": ("+4917139200##", "+4915228817###", "+493023125###", "+494066969###", "+498999998###", "+492214710###"),
    "DK": ("+452600####", "+452800####"),
    "ES": ("+34600000###", "+34611000###"),
    "FR": ("+3319900####", "+3346571####", "+3326191####"),
    "GB": ("+442079460###", "+441144960###", "+441614960###"),
    "GR": ("+306900000###", "+306940000###"),
    "IL": ("+972500000###", "+972520000###"),
    "IN": ("+919000000###", "+919900000###"),
    "IS": ("+3546110###", "+3546600###"),
    "IT": ("+393200000###", "+393330000###"),
    "JP": ("+819010000###", "+818010000###"),
    "KR": ("+821020000###", "+821050000###"),
    "NG": ("+2348030000###", "+2348020000###"),
    "NL": ("+31610000###", "+31650000###"),
    "NO": ("+4790000###",),
    "PL": ("+48500000###", "+48600000###"),
    "PT": ("+351910000###", "+351930000###"),
    "SE": ("+467017406##", "+464062804##", "+4684650040#"),
    "TR": ("+905320000###", "+905010000###"),
    "UA": ("+380500000###", "+380670000###"),
    "US": ("+161755501##", "+130355501##", "+180255501##", "+150855501##"),
    "VN": ("+84900000###", "+84980000###"),
}

# How many of the 400 end otherwise than active, the cast included.
_ENDINGS: dict[Ending, int] = {"inactive": 36, "pending": 26, "disabled": 10, "deletion_pending": 2}

# Where private customers of a country keep their mail.
_MAIL = {
    "BR": "caixapostal.example",
    "DE": "postfach.example",
    "DK": "postkasse.example",
    "ES": "correo.example",
    "FR": "courriel.example",
    "GB": "letterbox.example",
    "IS": "postholf.example",
    "JP": "yubin.example",
    "NL": "brievenbus.example",
    "NO": "postkasse.example",
    "PL": "poczta.example",
    "PT": "correio.example",
    "SE": "brevlada.example",
    "US": "inbox.example",
}

_FAMILY_NAMES = {"petersen": "Petersen", "devries": "de Vries", "weissenberg": "Weißenberg"}

_TRAVELLERS = ("Europe/Lisbon", "Asia/Dubai", "America/Chicago", "Pacific/Auckland", "Atlantic/Canary")


# Somebody in two lines: organization, role, first and last name, e-mail;
# phone, country, time zone, language, site, tags, ending.
_CAST = """
lumen | admin | Ada | Lindqvist | ada@lumenhome.example
    +46701740601 | SE | Europe/Stockholm | en | malmo | support | active
lumen | staff | Ingrid | Bergström | ingrid.bergstrom@lumenhome.example
    +46406280412 | SE | Europe/Stockholm | sv | malmo | support | active
weissenberg | user | Annegret | Oberhuber-Weißenberg | a.oberhuber@weissenberg.example
    +498999998241 | DE | Europe/Berlin | de | haus | heat-pump vip | active
seeberg-sapporo | user | 佐藤 | 美咲 | m.sato@hotel-seeberg.example
    +819010000731 | JP | Asia/Tokyo | ja | hotel | heat-pump | active
reuss | user | Hans-Jürgen | Freiherr von Reuß-Lindenau | hj@bergblick-verwaltung.example
    +491713920007 | DE | Europe/Berlin | de | lindenau | heat-pump vip | inactive
heidelberg | staff | Chukwuemeka | Okonkwo | c.okonkwo@heidelberg-waerme.example
    +4915228817386 | DE | Europe/Berlin | en | depot | certified | active
norden | user | Ólafur | Þorbergsson | olafur@thorbergsson.example
    +3546110482 | IS | Atlantic/Reykjavik | is | bergstadastraeti | - | pending
norden | user | Mette | Lindeberg | mette@lindeberg.example
    +4790000264 | NO | Europe/Oslo | nb | bergen | - | deletion_pending
norden | admin | Søren | Møller-Kristiansen | soren.moller@lumenhome.example
    +4526001418 | DK | Europe/Copenhagen | da | koebenhavn | - | active
sued | staff | Trần Thị Thu | Lan | lan.tran@lumenhome.example
    +491713920064 | DE | Europe/Berlin | de | nuernberg | support night-shift | active
casadomar | user | João Pedro | Rosenberg | jp.rosenberg@casadomar.example
    +351910000377 | PT | Europe/Lisbon | pt | cascais | chargeback | disabled
polska | staff | Wojciech | Königsberger | w.koenigsberger@lumenhome.example
    +48500000815 | PL | Europe/Warsaw | pl | poznan | - | active
west | user | ليلى | حداد | layla.haddad@bergheim.example
    +492214710552 | DE | Europe/Berlin | ar | bergheim | winter-check | inactive
bergerac | admin | Fatima Zahra | El Amrani | fz.elamrani@bergerac-hlm.example
    +33199004126 | FR | Europe/Paris | fr | bergerac | vip | active
brandstaetter | admin | Zoë | Brandstätter | zoe@brandstaetter.example
    +498999998060 | DE | Europe/Berlin | de | hof | certified | active
nihon | admin | 小笠原 | 健太郎 | k.ogasawara@lumenhome.example
    +818010000219 | JP | Asia/Tokyo | ja | sapporo | - | active
"""


def _read_cast(table: str) -> Iterator[Person]:
    """The people whom the tutorials know by name."""
    for lines in batched(table.strip().splitlines(), 2):
        organization_key, role, first_name, last_name, email = lines[0].split(" | ")
        phone, country, time_zone, language, site, tags, ending = lines[1].strip().split(" | ")
        yield Person(
            email=email,
            first_name=first_name,
            last_name=last_name,
            phone=phone,
            time_zone=time_zone,
            language=language,
            country=country,
            role=cast("Role", role),
            organization=organization_key,
            site=site,
            tags=() if tags == "-" else tuple(tags.split(" ")),
            ending=cast("Ending", ending),
            private=role == "user" and organization(organization_key).kind == "branch",
            is_cast=True,
        )


CAST: tuple[Person, ...] = tuple(_read_cast(_CAST))


@cache
def people(seed: int = 1) -> tuple[Person, ...]:
    """Everybody in the demo world: the same 400 for the same seed."""
    rng = Random(f"people {seed}")  # noqa: S311 - a believable world, not a secret
    crowd = _Crowd(rng)
    everybody = [crowd.join(each, role) for each in ORGANIZATIONS for role in _roles(each)]
    return tuple(_with_endings(everybody, rng))


def _roles(organization: Organization) -> Iterator[Role]:
    """The role of every place in that organization, admins first."""
    counts: tuple[tuple[Role, int], ...] = (
        ("admin", organization.admins),
        ("staff", organization.staff),
        ("user", organization.users),
    )
    for role, count in counts:
        for _ in range(count):
            yield role


class _Crowd:
    """People made so far, so that nobody shares an address, a name or a number with somebody else."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._waiting = list(CAST)
        self._long_names = {language: list(names) for language, names in LONG_NAMES.items()}
        self._emails = {each.email for each in CAST}
        self._names = {each.name for each in CAST}
        self._phones = {each.phone for each in CAST}

    def join(self, organization: Organization, role: Role) -> Person:
        """The next person of that role there: one of the cast while one waits for the place, else somebody new."""
        for each in self._waiting:
            if each.organization == organization.key and each.role == role:
                self._waiting.remove(each)
                return each
        return self._somebody(organization, role)

    def _somebody(self, organization: Organization, role: Role) -> Person:
        rng = self._rng
        where = _site(organization, role, rng)
        at_home = organization.sector != "company" or where is None
        country = organization.country if at_home or where is None else where.country
        language, first, last = self._name(organization, country)
        private = organization.kind == "branch" and role == "user"
        time_zone = where.time_zone if where else organization.time_zone
        return Person(
            email=self._email(organization, first, last, country=country if private else ""),
            first_name=first.text,
            last_name=last.text,
            phone="" if rng.random() < 0.12 else self._phone(country),
            time_zone=rng.choice(_TRAVELLERS) if rng.random() < 0.02 else time_zone,
            language=language.split("-")[0] if language.startswith("en") else language,
            country=country,
            role=role,
            organization=organization.key,
            site=where.key if where else None,
            tags=_tags(organization, role, rng),
            ending="active",
            private=private,
        )

    def _name(self, organization: Organization, country: str) -> tuple[str, Name, Name]:
        """A name that nobody has yet, and the language it is written in."""
        mix = MIXES[country]
        for _ in range(1000):
            (language,) = self._rng.choices(list(mix), weights=list(mix.values()))
            if organization.key in _FAMILY_NAMES:
                language = next(iter(mix))
            first, last = self._draw(organization, language)
            if f"{first.text} {last.text}" not in self._names:
                self._names.add(f"{first.text} {last.text}")
                return language, first, last
        raise RuntimeError(f"The names of {country} are used up.")

    def _draw(self, organization: Organization, language: str) -> tuple[Name, Name]:
        """Any name of that language; the long ones are rare, and each is used once."""
        family_name = _FAMILY_NAMES.get(organization.key)
        long_names = self._long_names.get(language)
        if long_names and not family_name and self._rng.random() < 0.15:
            first_text, last_text = long_names.pop(0)
            return Name(text=first_text, latin=latin(first_text.split(" ")[-1])), _last_word(last_text)
        pool = self._rng.choice(POOLS[language])
        first = self._rng.choice(pool.first)
        if family_name:
            return first, Name(text=family_name, latin=latin(family_name))
        return first, self._rng.choice(pool.last)

    def _email(self, organization: Organization, first: Name, last: Name, *, country: str) -> str:
        """A free address: at the organization, or for a private customer (who has a country) at home."""
        if country:
            own = self._rng.random() < 0.35
            local, domain = (
                (first.latin, f"{last.latin}.example") if own else (f"{first.latin}.{last.latin}", _MAIL[country])
            )
        elif organization.sector == "family":
            local, domain = first.latin, organization.domain
        elif organization.sector in {"hotel", "company"} and organization.kind == "client":
            local, domain = f"{first.latin[0]}.{last.latin}", organization.domain
        else:
            local, domain = f"{first.latin}.{last.latin}", organization.domain
        return self._free(lambda n: f"{local}{n or ''}@{domain}", self._emails)

    def _phone(self, country: str) -> str:
        """A free number of that country."""

        def number(_: int) -> str:
            pattern = self._rng.choice(PHONE_RANGES[country])
            return "".join(str(self._rng.randrange(10)) if sign == "#" else sign for sign in pattern)

        return self._free(number, self._phones)

    @staticmethod
    def _free(make: Callable[[int], str], taken: set[str]) -> str:
        """The first of what ``make`` offers that is not taken; it is taken from now on."""
        for attempt in range(1000):
            offer = make(0 if attempt == 0 else attempt + 1)
            if offer not in taken:
                taken.add(offer)
                return offer
        raise RuntimeError("Nothing is free any more.")


def _last_word(text: str) -> Name:
    """A long last name, in an address only its last word: nobody writes all of it."""
    return Name(text=text, latin=latin(text.replace("-", " ").split(" ")[-1]))


def _site(organization: Organization, role: Role, rng: Random) -> Site | None:
    """Where somebody of that role works or lives, if it is known."""
    known = 0.9 if organization.sector == "company" and role != "user" else 0.75
    return rng.choice(organization.sites) if rng.random() < known else None


def _tags(organization: Organization, role: Role, rng: Random) -> tuple[str, ...]:
    """What the operator notes about somebody of that role, in the order of the tags."""
    if organization.kind == "installer":
        chances = {"night-shift": 0.2, "certified": 0.7}
    elif role != "user" and organization.kind != "client":
        chances = {"support": 0.4, "night-shift": 0.15}
    elif role == "user":
        chances = {"heat-pump": 0.45, "vip": 0.06, "winter-check": 0.25, "newsletter": 0.2}
    else:
        chances = {"vip": 0.15, "winter-check": 0.1, "newsletter": 0.15}
    return tuple(tag for tag, chance in chances.items() if rng.random() < chance)


def _with_endings(everybody: list[Person], rng: Random) -> list[Person]:
    """The same people, some of whom end inactive, pending, disabled or deleted: no admin, nobody of the operator."""
    candidates = [
        at
        for at, each in enumerate(everybody)
        if not each.is_cast and each.role != "admin" and each.organization != "lumen"
    ]
    rng.shuffle(candidates)
    for ending, total in _ENDINGS.items():
        missing = total - sum(each.ending == ending for each in CAST)
        for _ in range(missing):
            at = candidates.pop()
            tags = everybody[at].tags
            if ending == "disabled" and everybody[at].role == "user" and rng.random() < 0.5:
                tags = (*tags, "chargeback")
            everybody[at] = replace(everybody[at], ending=ending, tags=tags)
    return everybody
