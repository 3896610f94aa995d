"""The slips in what the demo world's people are invited with, for somebody to correct later.

``as_invited(person, rng)``   what was typed in for this person, with one mistake; the fields of an invitation.
``as_known(person)``          the same fields without a mistake.
"""

from random import Random

from fleetfolk.demo.people import Person
from fleetfolk.demo.places import organization

type Fields = dict[str, str]


def as_known(person: Person) -> Fields:
    """What can be corrected of this person, as it is right."""
    return {
        "first_name": person.first_name,
        "last_name": person.last_name,
        "phone": person.phone,
        "site": person.site or "",
    }


def as_invited(person: Person, rng: Random) -> Fields:
    """The same fields with one mistake in them; only a person about whom nothing can be wrong has none."""
    slips = [_wrong_digit, _no_phone, _no_site, _other_site, _swapped_letters, _no_capitals]
    rng.shuffle(slips)
    right = as_known(person)
    for slip in slips:
        wrong = right | slip(person, rng)
        if wrong != right:
            return wrong
    return right


def _wrong_digit(person: Person, rng: Random) -> Fields:
    """The last digit of the number is another one."""
    if not person.phone:
        return {}
    other = rng.choice([digit for digit in "0123456789" if digit != person.phone[-1]])
    return {"phone": person.phone[:-1] + other}


def _no_phone(_: Person, __: Random) -> Fields:
    return {"phone": ""}


def _no_site(_: Person, __: Random) -> Fields:
    return {"site": ""}


def _other_site(person: Person, rng: Random) -> Fields:
    others = [each.key for each in organization(person.organization).sites if each.key != person.site]
    return {"site": rng.choice(others)} if others and person.site else {}


def _swapped_letters(person: Person, rng: Random) -> Fields:
    """Two letters in the middle of the last name have changed places."""
    name = person.last_name
    places = [at for at in range(1, len(name) - 1) if name[at : at + 2].isalpha() and name[at] != name[at + 1]]
    if not places:
        return {}
    at = rng.choice(places)
    return {"last_name": name[:at] + name[at + 1] + name[at] + name[at + 2 :]}


def _no_capitals(person: Person, _: Random) -> Fields:
    return {"first_name": person.first_name.lower(), "last_name": person.last_name.lower()}
