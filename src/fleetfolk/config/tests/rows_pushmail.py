"""How the URLs of Push Mail are attacked."""

from typing import Any

from fleetfolk.config.tests.rows import Row, cleo
from fleetfolk.testing.cast import Cast
from fleetfolk.testing.samples_pushmail import held_mail, push_address


def address(cast: Cast) -> list[Any]:
    return [cast.cleo.pk, push_address(cast.cleo).pk]


def held(cast: Cast) -> list[Any]:
    return [held_mail(cast).pk]


def north(cast: Cast) -> list[Any]:
    return [cast.north.pk]


_SAID = {"name": "Bank", "ends": "", "senders": "bank.example"}

ROWS: list[Row] = [
    Row(name="pushmail:card", target=cleo),
    Row(name="pushmail:create", target=cleo, data=_SAID),
    Row(name="pushmail:edit", target=address, data=_SAID, ada=(302,)),
    Row(name="pushmail:rotate", target=address, data={}),
    Row(name="pushmail:revoke", target=address, data={}, ada=(302,)),
    Row(name="pushmail:accept", target=held, data={}, ada=(302,)),
    Row(name="pushmail:delete", target=held, data={}, ada=(302,)),
    Row(name="pushmail:rule", data={"forged": "hold"}, ada=(302,)),
    Row(name="pushmail:rule-of", target=north, data={"forged": "hold"}, ada=(302,)),
]
PUBLIC: dict[str, str] = {}
ELSEWHERE: dict[str, str] = {}
