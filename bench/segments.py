"""A segment of five conditions, counted as its page counts it, beside the same question as somebody would type it."""

import time
from typing import Any

import psycopg

from bench.floor import actor_of
from bench.measure import Times
from bench.scenarios import Viewer, World
from fleetfolk.organizations.models import Organization
from fleetfolk.segments.queries import count_of

COUNTING = "Counting of"
TIMES = 7

_BARE = """
SELECT count(*) FROM users_user u
WHERE u.tenant_id = %(tenant)s AND u.state <> 5
    AND u.role_id = %(role)s
    AND u.state NOT IN (3, 4)
    AND u.last_sign_in_at < now() - interval '30 days'
    AND u.device_count >= 1
    AND EXISTS (SELECT FROM users_usertag t WHERE t.user_id = u.id AND t.tag_id = ANY(%(tags)s))
"""


def counted(world: World, *, by: Viewer, url: str) -> tuple[str, Times, Times]:
    """The name of the scenario, how long each count took, and how long the bare SQL."""
    tenant = by.tenant
    ((role,),) = world.rows(
        "SELECT role_id FROM users_user WHERE tenant_id = %s GROUP BY role_id ORDER BY count(*) DESC LIMIT 1", tenant.id
    )
    tags = [tenant.first_tag, tenant.first_tag + 1]
    rules: dict[str, Any] = {
        "all": [
            {"field": "role", "op": "any_of", "value": [role]},
            {"field": "status", "op": "none_of", "value": ["disabled", "deletion"]},
            {"field": "last_sign_in", "op": "ago", "value": 30},
            {"field": "devices", "op": "at_least", "value": 1},
            {"field": "tags", "op": "any_of", "value": tags},
        ]
    }
    organization, actor = Organization.objects.get(pk=tenant.id), actor_of(by)
    ours, found = [], 0
    for _ in range(TIMES + 1):
        began = time.perf_counter()
        found = count_of(actor, rules, "users", organization)
        ours.append((time.perf_counter() - began) * 1000)
    if not found:
        raise SystemExit("Nobody was counted, so nothing was measured.")
    bare = []
    values = {"tenant": tenant.id, "role": role, "tags": tags}
    with psycopg.connect(url, autocommit=True, options="-c jit=off -c max_parallel_workers_per_gather=0") as connection:
        for _ in range(TIMES + 1):
            began = time.perf_counter()
            connection.execute(_BARE, values).fetchall()
            bare.append((time.perf_counter() - began) * 1000)
    people = world.rows("SELECT count(*) FROM users_user WHERE tenant_id = %s", tenant.id)[0][0]
    name = f"{COUNTING} five conditions over {round(people, -3):,} people"
    return name, _times(ours), _times(bare)


def _times(milliseconds: list[float]) -> Times:
    kept = tuple(milliseconds[1:])  # The first count warms the caches.
    return Times(milliseconds=kept, rate=1000 * len(kept) / sum(kept))
