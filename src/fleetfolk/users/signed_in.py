"""The signed-in person with role and home, which every request loads: one statement, put together once."""

import functools
from typing import Any

from django.db import connection
from django.db.models import Model

from fleetfolk.access.models import Role
from fleetfolk.organizations.models import Organization
from fleetfolk.users.models import User

_LOADED: tuple[tuple[str, type[Model]], ...] = (("person", User), ("role", Role), ("home", Organization))


def signed_in_person(user_id: int) -> User | None:
    """The person, where they still may be signed in: disabled, deactivated or about to be deleted means out now."""
    with connection.cursor() as cursor:
        cursor.execute(_statement(), [user_id])
        row = cursor.fetchone()
    if row is None:
        return None
    person: User
    person, role, home = _made(row)
    person.role, person.organization = role, home
    return person


@functools.cache
def _columns(model: type[Model]) -> tuple[str, ...]:
    return tuple(field.attname for field in model._meta.concrete_fields)


@functools.cache
def _statement() -> str:
    wanted = ", ".join(f'{alias}."{column}"' for alias, model in _LOADED for column in _columns(model))
    return (
        f"SELECT {wanted} FROM users_user person JOIN access_role role ON role.id = person.role_id"  # noqa: S608
        " JOIN organizations_organization home ON home.id = person.organization_id"
        " WHERE person.id = %s AND person.is_active"
    )


def _made(row: tuple[Any, ...]) -> list[Any]:
    """One object of each model from the columns that are its."""
    made, at = [], 0
    for _alias, model in _LOADED:
        columns = _columns(model)
        made.append(model.from_db(connection.alias, columns, row[at : at + len(columns)]))
        at += len(columns)
    return made
