"""Somebody who is a guest in a thousand organizations: their pages, at home, and the list of where they can work."""

from collections.abc import Iterator

from bench.browser import Ask
from bench.scenarios import Request, Scenario, Viewer, World

GUEST = "Pages of somebody who is in 1,000 organizations"
MANY = 1_000

# Of the tenant's organizations those without others below: customers, as a service firm has them.
_GUEST = """
    INSERT INTO access_membership (tenant_id, organization_id, user_id, email, role_id, accepted_at, invited_by_id,
        invited_by_label)
    SELECT person.tenant_id, place.id, person.id, person.email, person.role_id, now(), 0, 'bench'
    FROM users_user AS person, LATERAL (
        SELECT id FROM organizations_organization AS one
        WHERE one.tenant_id = person.tenant_id AND one.id <> person.organization_id AND one.parent_id IS NOT NULL
        ORDER BY one.id DESC LIMIT %s
    ) AS place
    WHERE person.email = %s
    ON CONFLICT DO NOTHING RETURNING id
"""


_SOMEBODY = """
    SELECT person.email FROM users_user AS person JOIN access_role AS role ON role.id = person.role_id
    WHERE person.tenant_id = %s AND role.builtin = 'staff' AND person.is_active AND person.email <> %s
    ORDER BY person.id LIMIT 1
"""


def of_many_places(world: World) -> list[Scenario]:
    """Somebody of the staff of the big tenant is a guest in so many of its organizations; what they look at then."""
    big = world.admin.tenant
    ((email,),) = world.rows(_SOMEBODY, big.id, world.staff.email)
    world.rows(_GUEST, MANY, email)
    guest = Viewer(name="Guest of many", email=email, tenant=big)
    return [Scenario(name=GUEST, requests=tuple(_asked(guest)))]


def _asked(guest: Viewer) -> Iterator[Request]:
    for path in ("/users/", "/devices/", "/place/choose/", "/place/choose/?find=park", "/account/organizations/"):
        yield Request(viewer=guest, ask=Ask(path=path))
