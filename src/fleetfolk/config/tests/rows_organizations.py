"""How the URLs of organizations are attacked."""

from typing import Any

from fleetfolk.config.tests.rows import Row
from fleetfolk.testing.cast import Cast
from fleetfolk.testing.samples_organizations import archived, empty


def north(cast: Cast) -> list[Any]:
    return [cast.north.pk]


def put_away(cast: Cast) -> list[Any]:
    return [archived(cast).pk]


def left(cast: Cast) -> list[Any]:
    return [empty(cast).pk]


_NEW = {"name": "Haus am See", "kind": "client", "time_zone": ""}
_SAID = {"name": "North", "kind": "branch", "time_zone": "Europe/Berlin", "unit_system": "metric"}
_TABS = ("detail", "users", "devices", "locations", "organizations", "log", "log-days", "menu")

ROWS: list[Row] = [
    *(Row(name=f"organizations:{name}", dana=200) for name in ("list", "count", "choices", "export")),
    Row(name="organizations:columns", data={"column": ["kind"]}, ada=(302,), dana=302),
    Row(name="organizations:create", data=_NEW, ada=(302,)),
    *(Row(name=f"organizations:{name}", target=north, dana=200) for name in _TABS),
    Row(name="organizations:create-below", target=north, data=_NEW, ada=(302,)),
    Row(name="organizations:edit", target=north, data=_SAID, ada=(302,)),
    Row(name="organizations:archive", target=north, data={}, ada=(302,)),
    Row(name="organizations:restore", target=put_away, data={}, ada=(302,)),
    Row(name="organizations:delete", target=left, data={"word": "DELETE"}, ada=(302,)),
    Row(name="organizations:transfer", target=north),
    Row(name="organizations:work", target=north, data={}, ada=(302,), dana=409),
]
PUBLIC: dict[str, str] = {}
ELSEWHERE: dict[str, str] = {}
