"""Many people at once: a tag on them, a chunk at a time as a job does it, beside bare SQL; and the file of a list."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import uuid4

import psycopg
from psycopg import sql

from bench.browser import Ask, Browser, opened
from bench.floor import actor_of
from bench.scenarios import Viewer, World
from bench.world import PASSWORD, Tenant
from fleetfolk.kernel.each import perform_each
from fleetfolk.users.actions.assign_tag import AssignTag, AssignTagInput

TAGGING = "Tagging of"
FILE = "CSV of"
CHUNK = 1_000
"""People of one transaction, as in a job."""

_LINKS = """
INSERT INTO users_usertag (tenant_id, tag_id, user_id)
SELECT %(tenant)s, %(tag)s, unnest(%(people)s::bigint[]) ON CONFLICT DO NOTHING
"""
_ENTRIES = """
INSERT INTO actionlog_entry (tenant_id, at, code, result, client, actor_kind, actor_id, actor_label, target_type,
    target_id, target_label, organization_id, organization_label, path, facts, batch_id)
SELECT u.tenant_id, now(), 'user.tag.assign', 'done', 'web', 'user', %(actor)s, %(label)s, 'users.User',
    u.id, u.name, o.id, o.name, o.path, jsonb_build_object('tag', %(name)s::text), %(batch)s
FROM users_user u JOIN organizations_organization o ON o.id = u.organization_id WHERE u.id = ANY(%(people)s)
"""

_KEPT_IN_STEP = """
SELECT conname FROM pg_constraint WHERE conrelid = 'users_user'::regclass AND contype IN ('f', 'u')
"""
_SEARCHED_BY = """
SELECT indexrelid::regclass::text FROM pg_index
WHERE indrelid = 'users_user'::regclass AND NOT indisprimary
    AND indexrelid NOT IN ('users_user_by_sign_in'::regclass, 'users_user_by_created'::regclass)
"""
_GATHERED = """
UPDATE users_user SET tenant_id = %(tenant)s, organization_id = %(tenant)s, role_id = %(role)s, location_id = NULL,
    path = %(tenant)s || '.', reach = ARRAY[%(tenant)s]::bigint[]
WHERE tenant_id <> %(tenant)s
"""


def many(world: World, count: int) -> list[int]:
    """So many people of the largest tenant, from all over its table."""
    chosen = world.rows(
        "SELECT id FROM users_user WHERE tenant_id = %s AND state < 5 ORDER BY hashint8(id) LIMIT %s",
        *(world.admin.tenant.id, count),
    )
    return [key for (key,) in chosen]


def tagged(people: Sequence[int], *, by: Viewer, tag: int) -> float:
    """Everybody has the tag and an entry. Returns the seconds."""
    actor = actor_of(by).in_batch(uuid4())
    began = time.perf_counter()
    for first in range(0, len(people), CHUNK):
        chunk = people[first : first + CHUNK]
        outcome = perform_each(AssignTag, actor=actor, target_ids=chunk, data=AssignTagInput(tag_id=tag))
        if len(outcome.done) != len(chunk):
            raise SystemExit(f"{len(outcome.refused)} people were not tagged: {next(iter(outcome.refused.values()))}.")
    return time.perf_counter() - began


def tagged_by_sql(url: str, people: Sequence[int], *, by: Viewer, tag: int) -> float:
    """The same rows are there, each sort by one statement for everybody. Returns the seconds."""
    values = {
        "tenant": by.tenant.id,
        "tag": tag,
        "people": list(people),
        "actor": str(by.tenant.first_person),
        "label": by.name,
        "name": "field",
        "batch": uuid4(),
    }
    with psycopg.connect(url) as connection:
        began = time.perf_counter()
        connection.execute(_LINKS, values)
        connection.execute(_ENTRIES, values)
        connection.commit()
        return time.perf_counter() - began


def gathered(url: str, into: Tenant) -> None:
    """Everybody of the world is in one tenant, which has the longest list that there can be then.

    The world is of no use for anything else afterwards: what keeps its rows in step is gone, or it would take hours.
    """
    with psycopg.connect(url, autocommit=True) as connection:
        for (name,) in connection.execute(_KEPT_IN_STEP).fetchall():
            connection.execute(sql.SQL("ALTER TABLE users_user DROP CONSTRAINT {}").format(sql.Identifier(name)))
        for (name,) in connection.execute(_SEARCHED_BY).fetchall():
            connection.execute(sql.SQL("DROP INDEX {}").format(sql.Identifier(name)))
        connection.execute("ALTER TABLE users_user DISABLE TRIGGER USER")
        connection.execute(_GATHERED, {"tenant": into.id, "role": into.first_role + 2})
        connection.execute("UPDATE users_usertag SET tenant_id = %s WHERE tenant_id <> %s", [into.id, into.id])
        connection.execute("ALTER TABLE users_user ENABLE TRIGGER USER")
        connection.execute("VACUUM ANALYZE users_user, users_usertag")


@dataclass(frozen=True, kw_only=True, slots=True)
class Filed:
    """How a file was: how many people are in it, and the seconds from the click to its end."""

    people: int
    seconds: float


def filed(port: int, viewer: Viewer) -> Filed:
    """The whole list of the viewer, with every column, as their browser takes it."""
    browser = Browser(port=port)
    browser.sign_in(viewer.email, PASSWORD)
    began = time.perf_counter()
    content = browser.ask(Ask(path="/users/export/file/"))
    seconds = time.perf_counter() - began
    return Filed(people=opened(content).count(b"\r\n") - 1, seconds=seconds)
