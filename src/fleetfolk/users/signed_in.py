"""The signed-in person with role and home, which every request loads: one statement, put together once."""

import functools

from fleetfolk.access.models import Role
from fleetfolk.kernel.joined import Joined
from fleetfolk.kernel.statements import planned_once
from fleetfolk.organizations.location_words import WORDS, Words
from fleetfolk.organizations.models import LocationWord, Organization
from fleetfolk.organizations.queries import location_word_of
from fleetfolk.users.models import User
from fleetfolk.users.permissions import VIEW_USERS

_LOADED = Joined(person=User, role=Role, home=Organization)

# The rule of the nearest organization upwards that says something.
_RULE = """coalesce((
        SELECT line.{rule} FROM organizations_organization line
        WHERE line.id = ANY(string_to_array(rtrim(home.path, '.'), '.')::bigint[]) AND line.{rule} IS NOT NULL
        ORDER BY length(line.path) DESC LIMIT 1
    ), false)"""

# What is asked of everybody or, of whoever sees others, of staff; and whether the person has it.
_MUST_ADD_FACTOR = f"""
    ({_RULE.format(rule="second_factor_rule")}
        OR ('{VIEW_USERS.code}' = ANY(
                CASE WHEN role.differs > 0 THEN access_held_at(role.id, person.path) ELSE role.permissions END
            ) AND {_RULE.format(rule="second_factor_staff_rule")}))
    AND NOT EXISTS (
        SELECT FROM mfa_authenticator factor WHERE factor.user_id = person.id AND factor.type IN ('totp', 'webauthn')
    )
"""

# What the organization calls its locations: the nearest one upwards that says something decides.
_LOCATION_WORD = """
    (
        SELECT line.location_word FROM organizations_organization line
        WHERE line.id = ANY(string_to_array(rtrim(home.path, '.'), '.')::bigint[])
          AND line.location_word IS NOT NULL
        ORDER BY length(line.path) DESC LIMIT 1
    )
"""


def signed_in_person(user_id: int) -> User | None:
    """The person, where they still may be signed in: disabled, deactivated or about to be deleted means out now.

    ``must_add_factor`` says whether their organization asks for a second factor that they do not have;
    ``location_word`` what it calls its locations, or None where nobody says.
    """
    with planned_once() as cursor:
        cursor.execute(_statement(), [user_id])
        row = cursor.fetchone()
    if row is None:
        return None
    person: User
    person, role, home = _LOADED.made(row)
    person.role, person.organization = role, home
    person.must_add_factor, person.location_word = row[-2:]  # type: ignore[attr-defined]
    return person


def location_words_for(person: User) -> Words:
    """What the person's organization calls its locations. Of the signed-in person that is known without asking."""
    if not hasattr(person, "location_word"):
        return WORDS[location_word_of(person.organization)]
    return WORDS[LocationWord(person.location_word or LocationWord.LOCATION)]


@functools.cache
def _statement() -> str:
    return (
        f"SELECT {_LOADED.columns}, {_MUST_ADD_FACTOR}, {_LOCATION_WORD}"  # noqa: S608
        " FROM users_user person JOIN access_role role ON role.id = person.role_id"
        " JOIN organizations_organization home ON home.id = person.organization_id"
        " WHERE person.id = %s AND person.is_active"
    )
