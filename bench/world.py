"""A world of N people and their devices, the same for the same N: tenants of very different sizes, with trees below.

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
import random
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

import psycopg
from psycopg import sql

from bench import fleet
from bench.names import Language, languages

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
_TAGS = ("beta", "field", "night-shift", "premium", "trainer", "vip")  # Folded and in the order of their names.
_DOMAINS = (
    *(["gmail.com"] * 6 + ["outlook.com"] * 3 + ["web.de"] * 2 + ["yahoo.com"] * 2),
    *("proton.me", "mail.ru", "icloud.com"),
)

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
        tag += len(_TAGS)
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
        _load_log(connection, people)
        _load_busy(connection, tenants[0])
        # Support may look without asking, so that it can be measured what looking costs.
        connection.execute("UPDATE organizations_organization SET assistance_rule = 'waived' WHERE parent_id IS NULL")
        if log_entries:
            _load_more_log(connection, people, log_entries)
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
            for place, name in enumerate(_TAGS):
                into.write_row((tenant.first_tag + place, tenant.id, tenant.id, name, place + 1))


def _load_people(url: str, tenants: list[Tenant], now: dt.datetime, password_hash: str) -> None:
    """The people of these tenants with their tags and invitations. Runs in a process of its own."""
    tags: list[tuple[int, int, int]] = []
    invited: list[tuple[int, int, str, int, int, dt.datetime]] = []
    with psycopg.connect(url, autocommit=True) as connection:
        cursor = connection.cursor()
        lines = itertools.chain.from_iterable(_people(tenant, now, password_hash, tags, invited) for tenant in tenants)
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


def _people(
    tenant: Tenant,
    now: dt.datetime,
    password_hash: str,
    tags: list[tuple[int, int, int]],
    invited: list[tuple[int, int, str, int, int, dt.datetime]],
) -> Iterator[str]:
    """Lines of COPY for the tenant's people; their tags and invitations are put into the lists."""
    dice = random.Random(SEED + tenant.id)
    chance, spoken = dice.random, languages()
    tongues = dice.choices(spoken, [language.share for language in spoken], k=tenant.people)
    keys = [row[0] for row in tenant.organizations]
    homes = dice.choices(keys, tenant.weights, k=tenant.people)
    homes[:3] = tenant.viewers
    seen: dict[str, int] = {}
    places = len(tenant.locations)
    busy = {1 + place for place in BUSY}  # In the largest tenant, whose people come first.
    for index, (home, language) in enumerate(zip(homes, tongues, strict=True)):
        key = tenant.first_person + index
        (first, first_plain), (last, last_plain) = _name(language, chance)
        email = _email(dice, first=first_plain, last=last_plain, key=key, domain=tenant.domain, seen=seen)
        phone = f"+{language.calling_code}{10**9 + int(chance() * 9 * 10**9)}" if chance() < 0.8 else ""
        rank = (0, 0, 0.05)[index] if index < 3 else chance()
        role = tenant.first_role + (0 if rank < 0.01 else 1 if rank < 0.06 else 2)
        location = r"\N" if chance() < 0.1 else tenant.locations[int(places * chance() ** 1.5)][0]
        created = now - dt.timedelta(minutes=int(chance() * 1_500_000))
        fate = 1.0 if index < 3 or index in BUSY else chance()
        activated = r"\N" if fate < 0.03 else created.isoformat()
        never = fate < 0.03 or chance() < 0.01
        signed_in = r"\N" if never else (now - dt.timedelta(seconds=int(17_280_000 * chance() ** 4))).isoformat()
        devices = MOST_DEVICES if key in busy else int(12 * chance() ** 36)
        if chance() < 0.08:
            chosen = sorted(dice.sample(range(len(_TAGS)), 1 + int(chance() * 3)))
            tags += [(tenant.id, key, tenant.first_tag + place) for place in chosen]
        if fate < 0.03:
            invited.append((tenant.id, key, email, role, home, now - dt.timedelta(days=chance() * 40)))
        yield (
            f"{key}\t{password_hash}\t{tenant.id}\t{home}\t{role}\t{location}\t{first}\t{last}\t{email}\t{phone}"
            f"\t\ten\t0\t{activated}"
            f"\t{now.isoformat() if 0.03 <= fate < 0.035 else r'\N'}"
            f"\t{now.isoformat() if 0.035 <= fate < 0.0355 else r'\N'}"
            f"\t{now.isoformat() if 0.0355 <= fate < 0.036 else r'\N'}"
            f"\t{signed_in}\t{created.isoformat()}\t{devices}\n"
        )


def _name(language: Language, chance: Callable[[], float]) -> tuple[tuple[str, str], tuple[str, str]]:
    return (
        language.first[int(len(language.first) * chance() ** 1.6)],
        language.last[int(len(language.last) * chance() ** 1.7)],
    )


def _email(dice: random.Random, *, first: str, last: str, key: int, domain: str, seen: dict[str, int]) -> str:
    """An address out of the name, as people have them; unique on the installation."""
    pattern = int(dice.random() * 5)
    if pattern == 0:
        name = f"{first}.{last}"
    elif pattern == 1:
        name = f"{first}{last[:1]}"
    elif pattern == 2:
        name = f"{first[:1]}.{last}"
    elif pattern == 3:
        name = f"{last}.{first}"
    else:
        name = f"{first}_{last}"
    if dice.random() < 0.5:
        return f"{name}.{key}@{dice.choice(_DOMAINS)}"
    taken = seen.get(name, 0)
    seen[name] = taken + 1
    return f"{name}-{taken}@{domain}" if taken else f"{name}@{domain}"


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


def _load_log(connection: psycopg.Connection, people: int) -> None:
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


def _load_busy(connection: psycopg.Connection, tenant: Tenant) -> None:
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


def _load_more_log(connection: psycopg.Connection, people: int, entries: int) -> None:
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
