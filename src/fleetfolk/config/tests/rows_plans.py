"""How the URLs of plans are attacked: they exist for the installation's operator alone (users/tests/test_plans.py)."""

from fleetfolk.config.tests.rows import Row

_SAID = {"name": "Huge", "roles": "custom"}

ROWS: list[Row] = [
    Row(name="plans:list", ada=(404,), dana=404, bob=404),
    Row(name="plans:create", data=_SAID, ada=(404,), dana=404, bob=404),
    Row(name="settings:usage"),
]
PUBLIC: dict[str, str] = {}
ELSEWHERE: dict[str, str] = dict.fromkeys(
    ("plans:edit", "plans:delete", "plans:assign"), "nobody of a tenant: users/tests/test_plans.py"
)
