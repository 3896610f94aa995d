"""The planned world is written into a migrated, empty database.

It is the one place that writes rows of ours without Actions: a million of them would take hours, and the log of how
they came to be is not what is measured. Triggers stay on where they make what is searched and sorted; constraints and
indexes are taken away for the load and made again after it, by their own definitions, so nothing unchecked stays.
"""

# ruff: noqa: S608 - identifiers come from the catalogue of the database

import datetime as dt
import hashlib
import itertools
import multiprocessing
import os
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

import psycopg
from psycopg import sql

from bench import fleet
from bench.crowd import people_of
from bench.log import load_busy, load_log, load_more_log
from bench.world import TAGS, Tenant, plan

_ORGANIZATION = ("id", "tenant_id", "parent_id", "name", "kind", "path", "country", "time_zone")
_PERSON = (
    *("id", "password", "tenant_id", "organization_id", "role_id", "location_id", "first_name", "last_name", "email"),
    *("phone", "time_zone", "language", "session_epoch", "activated_at", "disabled_at", "deactivated_at"),
    *("deletion_requested_at", "last_sign_in_at", "created_at", "device_count"),
)


_SORTED_BY_TAGS = """
INSERT INTO users_tagskey (user_id, tenant_id, tags_key)
SELECT u.id, u.tenant_id, coalesce(tags.key, '') FROM users_user u LEFT JOIN (
    SELECT ut.user_id, string_agg(fold(t.name), ' ' ORDER BY fold(t.name) COLLATE "C", t.id) AS key
    FROM users_usertag ut JOIN organizations_tag t ON t.id = ut.tag_id GROUP BY ut.user_id
) tags ON tags.user_id = u.id
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class RoleSeed:
    """One of the roles that every tenant gets."""

    name: str
    builtin: str
    permissions: list[str]


def load(url: str, people: int, *, roles: list[RoleSeed], password_hash: str, log_entries: int = 0) -> None:
    """The migrated, empty database at the address holds the world, indexed, analysed and vacuumed.

    The log gets so many entries on top of its own few, for which its indexes are made anew.
    """
    tenants = plan(people)
    with psycopg.connect(url, autocommit=True) as connection:
        _load_places(connection, tenants, roles)
        fleet.load_templates(connection, [tenant.id for tenant in tenants])
        kept = _take_away(connection)
        now = dt.datetime.now(dt.UTC)
        # The largest tenant has nearly half of all people, so two processes share the work evenly.
        halves = [tenants[::2], tenants[1::2]]
        words = [definition for definition in kept.indexes if " USING gin " in definition]
        others = [definition for definition in kept.indexes if definition not in words]
        context = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(min(2, os.cpu_count() or 1), mp_context=context) as pool:
            for loading in [pool.submit(_load_people, url, half, now, password_hash) for half in halves if half]:
                loading.result()
            connection.execute("ANALYZE users_user")
            keys = [[tenant.id for tenant in half] for half in halves if half]
            for loading in [pool.submit(fleet.load_devices, url, half) for half in keys]:
                loading.result()
            _set_sequences(connection)
            for making in [pool.submit(_run, url, statements) for statements in (words, others)]:
                making.result()
        connection.execute(_SORTED_BY_TAGS)
        _run(url, kept.constraints)
        _run(url, ["ANALYZE users_user"])
        load_log(connection, people)
        load_busy(connection, tenants[0])
        # Support may look without asking, so that it can be measured what looking costs.
        connection.execute("UPDATE organizations_organization SET assistance_rule = 'waived' WHERE parent_id IS NULL")
        if log_entries:
            load_more_log(connection, people, log_entries)
        connection.execute("ALTER TABLE users_usertag ENABLE TRIGGER users_usertag_added")
        connection.execute("ALTER TABLE users_user ENABLE TRIGGER users_place_by_tags")
        connection.execute("ALTER TABLE devices_device ENABLE TRIGGER devices_device_counted_in")
        connection.execute("VACUUM ANALYZE")


def _load_places(connection: psycopg.Connection, tenants: list[Tenant], roles: list[RoleSeed]) -> None:
    """Organizations, roles, locations and tags. Their own triggers run: paths are the database's."""
    cursor = connection.cursor()
    with cursor.copy(_copy("organizations_organization", _ORGANIZATION)) as into:
        for tenant in tenants:
            for key, parent, name, depth in tenant.organizations:
                kind = ("root", "branch", "distributor", "client")[depth - 1]
                into.write_row((key, tenant.id, parent, name, kind, "", "DE", "Europe/Berlin"))
    with cursor.copy(_copy("access_role", ("id", "tenant_id", "name", "builtin", "permissions", "position"))) as into:
        for tenant in tenants:
            for place, role in enumerate(roles):
                into.write_row((tenant.first_role + place, tenant.id, role.name, role.builtin, role.permissions, place))
    with cursor.copy(
        _copy("organizations_location", ("id", "tenant_id", "organization_id", "name", "address"))
    ) as into:
        for tenant in tenants:
            for key, name in tenant.locations:
                into.write_row((key, tenant.id, tenant.id, name, ""))
    with cursor.copy(_copy("organizations_tag", ("id", "tenant_id", "organization_id", "name", "colour"))) as into:
        for tenant in tenants:
            for place, name in enumerate(TAGS):
                into.write_row((tenant.first_tag + place, tenant.id, tenant.id, name, place + 1))


def _load_people(url: str, tenants: list[Tenant], now: dt.datetime, password_hash: str) -> None:
    """The people of these tenants with their tags and invitations. Runs in a process of its own."""
    tags: list[tuple[int, int, int]] = []
    invited: list[tuple[int, int, str, int, int, dt.datetime]] = []
    with psycopg.connect(url, autocommit=True) as connection:
        cursor = connection.cursor()
        lines = itertools.chain.from_iterable(
            people_of(tenant, now, password_hash, tags, invited) for tenant in tenants
        )
        with cursor.copy(_copy("users_user", _PERSON)) as into:
            for chunk in itertools.batched(lines, 500):
                into.write("".join(chunk))
        with cursor.copy(_copy("users_usertag", ("tenant_id", "user_id", "tag_id"))) as into:
            for tagged in tags:
                into.write_row(tagged)
        columns = (
            *("tenant_id", "user_id", "email", "role_id_bound", "organization_id_bound", "secret_hash"),
            *("invited_by_id", "invited_by_label", "created_at", "expires_at", "sent_at", "opened_at"),
        )
        with cursor.copy(_copy("users_invitation", columns)) as into:
            for tenant_id, user_id, email, role_id, organization_id, at in invited:
                secret_hash = hashlib.sha256(str(user_id).encode()).hexdigest()
                opened = at + dt.timedelta(hours=3) if user_id % 3 == 0 else None
                into.write_row(
                    (
                        *(tenant_id, user_id, email, role_id, organization_id, secret_hash, "1", "Bench"),
                        *(at, at + dt.timedelta(days=30), at, opened),
                    )
                )


@dataclass(frozen=True, kw_only=True, slots=True)
class Kept:
    """How to make again what was taken away for the load."""

    indexes: list[str]
    constraints: list[str]


def _take_away(connection: psycopg.Connection) -> Kept:
    """The tables of people and devices have no indexes and no constraints but their keys."""
    kept = Kept(indexes=[], constraints=[])
    for table in ("users_user", "users_usertag", "users_invitation", *fleet.TABLES):
        constraints = connection.execute(
            "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE conrelid = %s::regclass AND contype IN ('f', 'u', 'c') ORDER BY contype = 'f', conname",
            [table],
        ).fetchall()
        # Foreign keys from elsewhere lean on the primary key, which stays.
        indexes = connection.execute(
            "SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i"
            " WHERE i.indrelid = %s::regclass AND NOT i.indisprimary"
            " AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid AND c.conrelid = i.indrelid)",
            [table],
        ).fetchall()
        for name, definition in constraints:
            connection.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"'.encode())
            kept.constraints.append(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}')
        for name, definition in indexes:
            connection.execute(f"DROP INDEX {name}".encode())
            kept.indexes.append(definition)
    connection.execute("ALTER TABLE users_usertag DISABLE TRIGGER users_usertag_added")
    connection.execute("ALTER TABLE users_user DISABLE TRIGGER users_place_by_tags")
    # How many devices each person owns is written with the person.
    connection.execute("ALTER TABLE devices_device DISABLE TRIGGER devices_device_counted_in")
    return kept


def _run(url: str, statements: list[str]) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET maintenance_work_mem = '1GB'")
        connection.execute("SET max_parallel_maintenance_workers = 0")
        for statement in statements:
            connection.execute(statement.encode())


def _set_sequences(connection: psycopg.Connection) -> None:
    """New rows get keys after the loaded ones."""
    for table in (
        "organizations_organization",
        "organizations_location",
        "organizations_tag",
        "access_role",
        "users_user",
        "devices_device",
    ):
        connection.execute(
            f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))".encode()
        )


def _copy(table: str, columns: Iterable[str]) -> sql.Composed:
    return sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
