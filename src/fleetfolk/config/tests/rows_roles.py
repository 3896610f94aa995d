"""How the URLs of roles are attacked. Those about one role are in access/tests/test_role_editing.py: Admins of branches
see roles, for they are the whole tenant's, and change none."""

from typing import Any

from fleetfolk.access.models_switches import RoleSwitches
from fleetfolk.config.tests.rows import Row
from fleetfolk.testing.cast import Cast
from fleetfolk.testing.door import staging
from fleetfolk.testing.samples_roles import installers


def differing(cast: Cast) -> list[Any]:
    """A role of the tenant's own that differs in North, and North."""
    role = installers(cast)
    with staging():
        RoleSwitches.objects.get_or_create(
            organization=cast.north, role=role, defaults={"tenant": cast.lumen, "permissions": ["users.view"]}
        )
    return [role.pk, cast.north.pk]


_ONE_ROLE = "access/tests/test_role_editing.py, whoever may not"

ROWS: list[Row] = [
    Row(name="access:create"),
    Row(name="access:changes", data={}, bob=404),
    Row(name="access:review", data={}, bob=404),
    Row(name="access:save", data={}, ada=(422,), bob=404),
    Row(name="access:places", dana=200),
    Row(name="access:above", target=differing, data={"version": ""}, ada=(302,)),
    Row(name="access:below", target=differing, data={"version": ""}, ada=(302,)),
    Row(name="roles:why", query={"who": "cleo"}, dana=200),
]
PUBLIC: dict[str, str] = {}
ELSEWHERE: dict[str, str] = {
    "access:rename": _ONE_ROLE,
    "access:move": _ONE_ROLE,
    "roles:delete": _ONE_ROLE,
    "roles:why-found": "users/tests/test_why_page.py",
}
