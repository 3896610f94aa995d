"""How the URLs of plans are attacked: they exist for the installation's operator alone (users/tests/test_plans.py)."""

from typing import Any

from fleetfolk.config.tests.rows import Row
from fleetfolk.testing.cast import Cast
from fleetfolk.testing.samples_plans import switched


def finn_off(cast: Cast) -> list[Any]:
    return [switched(cast, on=True).target_id]


def finn_on(cast: Cast) -> list[Any]:
    return [switched(cast, on=False).target_id]


_SAID = {"name": "Huge", "roles": "custom"}

ROWS: list[Row] = [
    Row(name="plans:list", ada=(404,), dana=404, bob=404),
    Row(name="plans:create", data=_SAID, ada=(404,), dana=404, bob=404),
    Row(name="settings:usage"),
    Row(name="users:developer-on", target=finn_off, data={}, ada=(302,)),
    Row(name="users:developer-off", target=finn_on, data={}, ada=(302,)),
    Row(name="account:developer-on", data={}, ada=(409,), bob=404),
    Row(name="account:developer-off", data={}, ada=(302,), bob=404),
]
PUBLIC: dict[str, str] = {}
ELSEWHERE: dict[str, str] = dict.fromkeys(
    ("plans:edit", "plans:delete", "plans:assign"), "nobody of a tenant: users/tests/test_plans.py"
)
