"""Whether somebody may do one thing to one person: asked of the gate, which reads the rights anew, and as bare SQL."""

import random
import time
from typing import Any

import psycopg
from django.db import connection

from bench.measure import Times
from bench.scenarios import World
from bench.world import SEED
from fleetfolk.access.gate import GATE
from fleetfolk.access.grants import grants_of
from fleetfolk.config.environment import PLANNER, PREPARED_FROM
from fleetfolk.kernel.actor import Actor, Client
from fleetfolk.users.models import User
from fleetfolk.users.permissions import SUSPEND_USERS

RIGHT = "Check of one permission"
TIMES = 2_000
WARM = 50


def checked(world: World, *, url: str) -> tuple[Times, Times]:
    """How long each check took, and how long what the database is asked by it took without anything around it."""
    dice = random.Random(SEED + 9)
    big = world.admin.tenant
    keys = [big.first_person + dice.randrange(big.people) for _ in range(TIMES)]
    people = User.objects.filter(is_active=True).in_bulk(keys)
    # Nothing is kept by the actor of a person who was loaded alone: the gate asks the database at every check.
    actors = [people[key].as_actor(Client.WEB) for key in keys if key in people]
    target = User.objects.select_related("role", "organization").get(pk=big.first_person)
    statements: list[tuple[bytes, Any]] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        statements.append((str(sql).encode(), params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        for actor in actors:
            grants_of(actor)
    return _times([_check(actor, target) for actor in actors]), _times(_bare(url, statements))


def _check(actor: Actor, target: User) -> float:
    began = time.perf_counter()
    GATE.decide(actor, SUSPEND_USERS, target)
    return (time.perf_counter() - began) * 1000


def _bare(url: str, statements: list[tuple[bytes, Any]]) -> list[float]:
    spent = []
    with psycopg.connect(
        url, autocommit=True, prepare_threshold=PREPARED_FROM, options=f"{PLANNER} -c timezone=UTC"
    ) as own:
        for statement, values in statements:
            began = time.perf_counter()
            own.execute(statement, values).fetchall()
            spent.append((time.perf_counter() - began) * 1000)
    return spent


def _times(milliseconds: list[float]) -> Times:
    kept = tuple(milliseconds[WARM:])
    return Times(milliseconds=kept, rate=1000 * len(kept) / sum(kept))
