"""How the URLs of roles are attacked. Those about one role are in access/tests/test_role_editing.py: Admins of branches
see roles, for they are the whole tenant's, and change none."""

from fleetfolk.config.tests.rows import Row

_ONE_ROLE = "access/tests/test_role_editing.py, whoever may not"

ROWS: list[Row] = [
    Row(name="access:create"),
    Row(name="access:changes", data={}, bob=404),
    Row(name="access:review", data={}, bob=404),
    Row(name="access:save", data={}, ada=(422,), bob=404),
    Row(name="roles:why", query={"who": "cleo"}, dana=200),
]
PUBLIC: dict[str, str] = {}
ELSEWHERE: dict[str, str] = {
    "access:rename": _ONE_ROLE,
    "access:move": _ONE_ROLE,
    "roles:delete": _ONE_ROLE,
    "roles:why-found": "users/tests/test_why_page.py",
}
