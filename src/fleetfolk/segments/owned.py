"""What rules say of the devices that a person owns, or that are shared with them: of those here, and no others."""

from collections.abc import Callable
from typing import Final

from fleetfolk.console.sql import Sql
from fleetfolk.segments.conditions import Line
from fleetfolk.segments.fields import Scope
from fleetfolk.segments.sql import within


def one_owned(condition: Sql, line: Line, scope: Scope) -> Sql:
    """One of the devices here that the person owns."""
    return _owners(scope, Sql(f" AND {condition.text}", condition.params))


def one_reported(condition: Sql, line: Line, scope: Scope) -> Sql:
    """What one of the devices here that the person owns last said."""
    return _owners(scope, Sql(f" AND {condition.text}", condition.params), reports=True)


def latest_reported(condition: Sql, line: Line, scope: Scope) -> Sql:
    """When the last of all of them said something."""
    return _owners(scope, Sql(f" GROUP BY x.owner_id HAVING {condition.text}", condition.params), reports=True)


def any_online(condition: Sql, line: Line, scope: Scope) -> Sql:
    """Whether one of them is online: not whether one is that is not."""
    online = _owners(scope, Sql(" AND r.online"), reports=True)
    return online if line.value else Sql(f"NOT ({online.text})", online.params)


_REPORTS: Final = " JOIN devices_reported r ON r.device_id = x.id"


def _owners(scope: Scope, more: Sql, *, reports: bool = False) -> Sql:
    """Being the owner of such devices of the organization and those below it."""
    here = within("x", scope)
    return Sql(
        f"u.id IN (SELECT x.owner_id FROM devices_device x{_REPORTS if reports else ''}"
        f" WHERE {here.text} AND x.state < 4 AND x.owner_id IS NOT NULL{more.text})",
        (*here.params, *more.params),
    )


def told_of_owned(told: str, *, reports: bool = False, also: str = "") -> Callable[[Line, Scope], Sql]:
    """What it is of all of them together: ``told`` is an aggregate, ``also`` what more is asked of each."""
    joined = _REPORTS if reports else ""

    def tell(line: Line, scope: Scope) -> Sql:
        here = within("x", scope)
        return Sql(
            f"(SELECT ({told})::text FROM devices_device x"
            f" JOIN devices_template template ON template.id = x.template_id{joined}"
            f" WHERE x.owner_id = u.id AND {here.text} AND x.state < 4{also})",
            here.params,
        )

    return tell


def shared_now(scope: Scope) -> Sql:
    """The shares ``s`` of devices here that have not ended: tables and condition."""
    here = within("x", scope)
    return Sql(
        f"devices_share s JOIN devices_device x ON x.id = s.device_id WHERE {here.text} AND x.state < 4"
        " AND (s.ends_at IS NULL OR s.ends_at > %s)",
        (*here.params, scope.moments.now),
    )
