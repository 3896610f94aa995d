"""The action log of the world: three months of it, and some who were very busy."""

# ruff: noqa: S608 - identifiers come from the catalogue of the database

import psycopg

from bench.world import BUSY, BUSY_SESSIONS, Tenant

_CODES = (
    "ARRAY['user.session.start', 'user.session.start', 'user.session.start', 'user.edit', 'user.invite',"
    " 'user.disable', 'user.password.reset', 'user.enable']"
)


_ENTRY = """
    INSERT INTO actionlog_entry (
        tenant_id, at, code, result, reason, client, actor_kind, actor_id, actor_label, target_type, target_id,
        target_label, organization_id, organization_label, path, changes, facts, address, request_id
    )
"""


def load_log(connection: psycopg.Connection, people: int) -> None:
    """An action log of three months, with one entry for every other person."""
    connection.execute(
        "SELECT actionlog_ensure_month((now() - make_interval(months => n))::date) FROM generate_series(0, 4) n"
    )
    connection.execute(
        f"""{_ENTRY}
        SELECT tenant_id, now() - make_interval(secs => (hash % 7776000)),
            ({_CODES})[1 + hash % 8],
            CASE hash % 500 WHEN 1 THEN 'denied' WHEN 2 THEN 'refused' ELSE 'done' END, '',
            CASE WHEN hash % 10 < 8 THEN 'web' WHEN hash % 10 = 8 THEN 'ios' ELSE 'https_api' END,
            'user', (id - hash % 50)::text, 'Person ' || (id - hash % 50), 'users.User', id, name, organization_id,
            organization_key, path, '[]', '{{}}', '192.0.2.1', 'bench-' || id
        FROM (SELECT *, abs(hashint8(id)::bigint) AS hash FROM users_user WHERE id % 2 = 0) people
        """.encode()
    )


def load_busy(connection: psycopg.Connection, tenant: Tenant) -> None:
    """Some have been very busy, and others with them, from many browsers."""
    for place, entries in BUSY.items():
        person = tenant.first_person + place
        connection.execute(
            f"""{_ENTRY}
            SELECT busy.tenant_id, now() - make_interval(secs => n * 7776000.0 / {entries}),
                ({_CODES})[1 + n % 8], CASE n % 500 WHEN 1 THEN 'refused' ELSE 'done' END, '',
                CASE n % 10 WHEN 1 THEN 'ios' ELSE 'web' END, 'user',
                CASE n % 2 WHEN 0 THEN busy.id ELSE other.id END, CASE n % 2 WHEN 0 THEN busy.name ELSE other.name END,
                'users.User', CASE n % 2 WHEN 1 THEN busy.id ELSE other.id END,
                CASE n % 2 WHEN 1 THEN busy.name ELSE other.name END,
                busy.organization_id, busy.organization_key, busy.path, '[]', '{{}}', '192.0.2.1', 'busy-' || n
            FROM generate_series(1, {entries}) AS n
            JOIN users_user AS busy ON busy.id = {person}
            JOIN users_user AS other ON other.id = {tenant.first_person} + 4 + n % 10
            """.encode()
        )
        connection.execute(
            f"""
            INSERT INTO usersessions_usersession (user_id, session_key, created_at, last_seen_at, ip, user_agent, data)
            SELECT {person}, 'bench-{place}-' || n, now() - make_interval(days => n), now() - make_interval(hours => n),
                '192.0.2.1', 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0', '{{}}'
            FROM generate_series(1, {BUSY_SESSIONS}) AS n
            """.encode()
        )


def load_more_log(connection: psycopg.Connection, people: int, entries: int) -> None:
    """So many entries more, of everybody, over the same three months."""
    indexes = connection.execute(
        "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index"
        " WHERE indrelid = 'actionlog_entry'::regclass AND NOT indisprimary"
    ).fetchall()
    for name, _definition in indexes:
        connection.execute(f"DROP INDEX {name}".encode())
    # Nobody is told of it: the rows need not be kept a second time for whom to tell.
    connection.execute("ALTER TABLE actionlog_entry DISABLE TRIGGER webhooks_note_entries")
    connection.execute(
        f"""{_ENTRY}
        SELECT who.tenant_id, now() - make_interval(secs => (n * 7919) % 7776000 + 0.001 * (n % 997)),
            ({_CODES})[1 + n % 8],
            CASE n % 500 WHEN 1 THEN 'denied' WHEN 2 THEN 'refused' ELSE 'done' END, '',
            CASE WHEN n % 10 < 8 THEN 'web' WHEN n % 10 = 8 THEN 'ios' ELSE 'https_api' END,
            'user', who.id, who.name, 'users.User', who.id, who.name, who.organization_id, who.organization_key,
            who.path, '[]', '{{}}', '192.0.2.1', 'more-' || n
        FROM generate_series(1, {entries}::bigint) AS n
        JOIN users_user AS who ON who.id = 1 + abs(hashint8(n)::bigint) % {people}
        """.encode()
    )
    connection.execute("ALTER TABLE actionlog_entry ENABLE TRIGGER webhooks_note_entries")
    connection.execute("SET maintenance_work_mem = '1GB'")
    for _name, definition in indexes:
        # Said of a partitioned table alone, an index would hold nothing.
        connection.execute(definition.replace(" ON ONLY ", " ON ").encode())
    connection.execute("ANALYZE actionlog_entry")
