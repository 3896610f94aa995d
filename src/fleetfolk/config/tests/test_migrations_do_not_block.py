"""A new version's migrations keep nobody waiting who writes, however many people there are."""

from collections.abc import Iterator

import pytest
from django.db import connection
from django.db.migrations import Migration
from django.db.migrations.loader import MigrationLoader

from fleetfolk.testing.blocking import LARGE, blocking

# Before the first release; nobody has an installation that they would run on.
BEFORE: dict[str, int] = {
    "access": 6,
    "actionlog": 3,
    "api": 2,
    "assistance": 1,
    "demo": 2,
    "devices": 11,
    "gateway": 4,
    "jobs": 4,
    "messaging": 7,
    "organizations": 21,
    "segments": 2,
    "users": 11,
    "webhooks": 2,
}
MEANT: dict[tuple[str, str], str] = {}
"""Migrations that block, and why they may: (app, name) and the reason, for the guide of that version to say."""


@pytest.fixture(scope="module")
def loader() -> MigrationLoader:
    return MigrationLoader(None)


def ours(loader: MigrationLoader) -> Iterator[Migration]:
    """Every migration of ours."""
    for (_app, _name), migration in sorted(loader.disk_migrations.items()):
        if migration.__module__.startswith("fleetfolk."):
            yield migration


def is_new(migration: Migration) -> bool:
    return int(migration.name.partition("_")[0]) > BEFORE.get(migration.app_label, 0)


def told(migration: Migration) -> list[str]:
    """What the migration blocks, by the statements that it would run."""
    statements = MigrationLoader(connection).collect_sql([(migration, False)])
    return list(blocking(statements))


def test_no_new_migration_keeps_writers_of_a_large_table_waiting(db: None, loader: MigrationLoader) -> None:
    wrong = {}
    for migration in ours(loader):
        if is_new(migration) and (migration.app_label, migration.name) not in MEANT and (found := told(migration)):
            wrong[f"{migration.app_label}.{migration.name}"] = found
    assert not wrong, (
        "Build indexes with AddIndexConcurrently (atomic = False), add constraints NOT VALID and validate them in a "
        f"migration after that, fill columns in chunks by a task, and drop a version later what is not used: {wrong}"
    )


@pytest.mark.parametrize(
    ("app", "name", "expected"),
    [
        ("devices", "0010_offline", "devices_reported: an index"),
        ("users", "0008_tags_beside", "users_user: what the version before still asks for"),
        ("messaging", "0007_items_by_time", "messaging_item: an index"),
    ],
)
def test_those_of_before_would_be_found(db: None, loader: MigrationLoader, app: str, name: str, expected: str) -> None:
    assert expected in told(loader.disk_migrations[app, name])


@pytest.mark.parametrize(
    "statement",
    [
        'CREATE INDEX "one" ON "users_user" ("name");',
        "CREATE UNIQUE INDEX one ON users_user USING btree (email)",
        'ALTER TABLE "users_user" ALTER COLUMN "name" TYPE varchar(200);',
        'ALTER TABLE "users_user" ALTER COLUMN "name" SET NOT NULL;',
        'ALTER TABLE "users_user" ADD CONSTRAINT "c" CHECK (id > 0);',
        'ALTER TABLE "users_user" ADD COLUMN "n" text GENERATED ALWAYS AS (lower(name)) STORED;',
        'ALTER TABLE "users_user" ADD COLUMN "n" uuid DEFAULT gen_random_uuid() NOT NULL;',
        'ALTER TABLE "users_user" DROP COLUMN "name";',
        "SET x = 1;\nUPDATE users_user SET name = 'x'",
    ],
)
def test_what_blocks_is_found(statement: str) -> None:
    assert list(blocking([statement]))


@pytest.mark.parametrize(
    "statement",
    [
        'CREATE INDEX CONCURRENTLY "one" ON "users_user" ("name");',
        'CREATE INDEX "one" ON "organizations_plan" ("name");',
        'ALTER TABLE "users_user" ADD CONSTRAINT "c" CHECK (id > 0) NOT VALID;',
        'ALTER TABLE "users_user" ADD COLUMN "n" integer NULL;',
        'ALTER TABLE "users_user" ADD COLUMN "n" varchar(5) DEFAULT \'\' NOT NULL;',
        "-- UPDATE users_user SET name = 'x'",
    ],
)
def test_what_takes_a_moment_is_not(statement: str) -> None:
    assert not list(blocking([statement]))


def test_a_table_that_the_migration_makes_is_empty() -> None:
    made = ['CREATE TABLE "users_user" ("id" bigint);', 'CREATE INDEX "one" ON "users_user" ("id");']
    assert not list(blocking(made))


def test_large_tables_are_there(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relkind IN ('r', 'p')")
        there = {name for (name,) in cursor.fetchall()}
    assert there >= LARGE, LARGE - there
