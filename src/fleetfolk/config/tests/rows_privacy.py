"""How the URLs of export, deactivation and erasure are attacked."""

from typing import Any

from fleetfolk.config.tests.rows import Row, cleo
from fleetfolk.kernel.perform import perform
from fleetfolk.testing.cast import Cast, actor
from fleetfolk.users.actions.deactivate_user import DeactivateUser
from fleetfolk.users.actions.no_input import ReasonInput
from fleetfolk.users.models import User


def deactivated(cast: Cast) -> list[Any]:
    if User.objects.filter(pk=cast.cleo.pk, deactivated_at=None).exists():
        perform(DeactivateUser, actor=actor(cast.ada), target_id=cast.cleo.pk, data=ReasonInput())
    return cleo(cast)


ROWS: list[Row] = [
    Row(name="users:export", target=cleo, data={}, ada=(302,)),
    Row(name="users:deactivate", target=cleo, data={"reason": ""}, ada=(302,)),
    Row(name="users:activate", target=deactivated, data={}, ada=(302,)),
    Row(name="users:erasures"),
    Row(name="account:data", dana=200, bob=200),
    Row(name="account:export-data", data={}, ada=(302,), dana=302, bob=302),
    Row(name="account:delete", dana=200, bob=200),
]
PUBLIC: dict[str, str] = {
    "users:account-gone": "says the same to everybody",
    **dict.fromkeys(("users:undo-deletion", "users:undo-form"), "by a link, tested in users/tests/test_delete_account"),
}
ELSEWHERE: dict[str, str] = {
    **dict.fromkeys(("users:take-export", "users:export-ready"), "by a link, tested in users/tests/test_export_user"),
    **dict.fromkeys(("users:erasure", "users:erasure-file"), "of a whole tenant, tested in users/tests/test_erase"),
}
