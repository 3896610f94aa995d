"""The world of the benchmark, and who of it uses the installation."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import psycopg
from django.contrib.auth.hashers import make_password
from django.core.management import call_command

from bench import loading
from bench.browser import Browser
from bench.faults.installation import Installation, sure
from bench.roles import role_seeds
from bench.scenarios import World
from bench.soak.beside import OpenPage, Program, Reporter
from bench.soak.habits import ADMIN, AGENT, FOR_BULK, of_a_customer, places_in_lists
from bench.soak.people import Person
from bench.soak.tally import Tally
from bench.world import PASSWORD, SEED, TAGS, Tenant, plan
from fleetfolk.api.scopes import scopes_there_are
from fleetfolk.devices.models import Datastream
from fleetfolk.organizations.models import Organization
from fleetfolk.testing.cast import fresh
from fleetfolk.testing.devices import device_of, template_of
from fleetfolk.testing.samples_api import key_of
from fleetfolk.users.models import User

ADMINS, AGENTS = 0.3, 0.3
"""Of everybody; the others are customers."""
TARGETS = 24
REPORTS_EVERY, ASKS_EVERY = 4.0, 2.0

_AGENTS = """
    SELECT u.id, u.email, u.organization_id, u.path, count(*) AS below FROM users_user u
    JOIN users_user o ON o.tenant_id = u.tenant_id AND o.path LIKE u.path || '%%'
    WHERE u.tenant_id = %s AND u.role_id = %s AND u.state = 1 GROUP BY u.id ORDER BY below DESC, u.id LIMIT %s
"""
_TARGETS = """
    SELECT id FROM users_user WHERE tenant_id = %s AND role_id = %s AND state = 1 AND path LIKE %s || '%%'
    AND id <> ALL(%s) AND NOT EXISTS (SELECT FROM users_usertag t WHERE t.user_id = users_user.id)
    ORDER BY hashint8(id) LIMIT %s
"""
_CUSTOMERS = """
    SELECT id, email, organization_id FROM users_user WHERE tenant_id = %s AND role_id = %s AND state = 1
    ORDER BY id DESC LIMIT %s
"""


@dataclass(frozen=True, kw_only=True)
class Settled:
    """Who uses it, their devices, a program, and the pages that stay open."""

    people: list[Person]
    reporters: list[Reporter]
    programs: list[Program]
    pages: list[OpenPage]


def build(installation: Installation, people: int) -> None:
    """The empty database holds the world."""
    call_command("migrate", verbosity=0)
    loading.load(installation.url, people, roles=role_seeds(), password_hash=make_password(PASSWORD))


def settle(installation: Installation, tally: Tally, *, people: int, users: int) -> Settled:
    """So many people of the largest tenant have habits, a browser each, and those whom they work on to themselves."""
    with psycopg.connect(installation.url, autocommit=True) as connection:
        world = World(connection, plan(people))
        tenant = world.admin.tenant
        admins = world.rows(_AGENTS, tenant.id, tenant.first_role, round(users * ADMINS))
        agents = world.rows(_AGENTS, tenant.id, tenant.first_role + 1, round(users * AGENTS))
        rest = users - len(admins) - len(agents)
        customers = world.rows(_CUSTOMERS, tenant.id, tenant.first_role + 2, rest)
        sure(len(customers) == rest, "there are so many people")
        pages = places_in_lists(world, 200)
        targets = _shared_out(world, tenant, [*admins, *agents], [row[0] for row in customers])
    settled: list[Person] = []
    for number, (key, email, home, _path, _below) in enumerate([*admins, *agents]):
        admin = number < len(admins)
        settled.append(
            Person(
                **_known(installation, tally, key, email, home),
                kind="admin" if admin else "agent",
                tenant=tenant,
                tag=tenant.first_tag + number % len(TAGS),
                habits=ADMIN if admin else AGENT,
                pages=pages,
                targets=targets[key],
            )
        )
    reporters: list[Reporter] = []
    root = Organization.objects.get(pk=tenant.id)
    template = template_of(root, "Soak")
    streams = {stream.pin: stream.pk for stream in Datastream.objects.filter(template=template)}
    for key, email, home in customers:
        owner = User.objects.get(pk=key)
        place = Organization.objects.get(pk=home)
        device, token = device_of(place, f"Soak {key}", owner=owner, template=template)
        settled.append(
            Person(
                **_known(installation, tally, key, email, home),
                kind="customer",
                tenant=tenant,
                tag=0,
                habits=of_a_customer(device.pk, streams[0], streams[2]),
                targets=[device.pk],
            )
        )
        gateway: dict[str, Any] = {
            "tally": tally,
            "port": installation.port,
            "every": REPORTS_EVERY,
            "dice": random.Random(key),
        }
        reporters.append(Reporter(device=device.pk, token=token, **gateway))
    web: dict[str, Any] = {
        "tally": tally,
        "port": installation.ports["web"],
        "every": ASKS_EVERY,
        "organization": tenant.id,
    }
    program = Program(key=_key(tenant), name="Soak", **web)
    live: dict[str, Any] = {
        "tally": tally,
        "port": installation.ports["live"],
        "host": f"localhost:{installation.ports['web']}",
    }
    pages_open = [
        OpenPage(browser=person.browser, device=person.targets[0], **live)
        for person in settled
        if person.kind == "customer"
    ][::2]
    return Settled(people=settled, reporters=reporters, programs=[program], pages=pages_open)


def sign_in(settled: Settled) -> None:
    """Everybody has a session, by way of the sign-in page."""
    for person in settled.people:
        person.browser.sign_in(person.email, PASSWORD)
        person.browser.close()  # Until all are there, the server would have closed it.


def _key(tenant: Tenant) -> str:
    """With it a program does all that an Admin of all may."""
    admin = fresh(User.objects.get(pk=tenant.first_person))
    return key_of(admin, scopes=[one.code for one in scopes_there_are()], sensitive=True)


def _shared_out(
    world: World, tenant: Tenant, agents: Sequence[tuple[Any, ...]], taken: list[int]
) -> dict[int, list[int]]:
    """People without tags for each, nobody for two; those with few below them choose first."""
    targets: dict[int, list[int]] = {}
    for key, _email, _home, path, _below in sorted(agents, key=lambda row: row[4]):
        found = world.rows(_TARGETS, tenant.id, tenant.first_role + 2, path, taken, TARGETS)
        targets[key] = [row[0] for row in found]
        sure(len(found) > FOR_BULK, f"there are people below {path}")
        taken = [*taken, *targets[key]]
    return targets


def _known(installation: Installation, tally: Tally, key: int, email: str, home: int) -> dict[str, Any]:
    """What is said of everybody alike."""
    browser, dice = Browser(port=installation.ports["web"]), random.Random(SEED + key)
    return {"id": key, "email": email, "home": home, "browser": browser, "tally": tally, "dice": dice}
