"""How a message is put into inboxes and on its ways: one statement for many people, called inside an Action."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from fleetfolk.kernel.enqueue import enqueue
from fleetfolk.messages.arrivals import MOST_TOLD, tell_arrival
from fleetfolk.messages.models import Message
from fleetfolk.messages.ways import WAYS
from fleetfolk.users.models import User

_PUT = """
WITH due AS MATERIALIZED ({due}),
items AS (
    INSERT INTO messaging_item (tenant_id, message_id, user_id, at, expires_at)
    SELECT %s, %s, due.id, %s, %s FROM due ORDER BY due.id
),
ways AS (
    INSERT INTO messaging_delivery (tenant_id, message_id, user_id, channel, state, at, due_at, tries, why)
    {ways}
)
SELECT count(*), max(id), array_agg(id ORDER BY id) FILTER (WHERE nth <= %s) FROM (
    SELECT id, row_number() OVER (ORDER BY id) AS nth FROM due
) AS told
"""
_NO_WAY = "SELECT NULL::bigint, NULL, NULL, NULL, NULL, NULL::timestamptz, NULL::timestamptz, 0, '' WHERE false"
_WAY = """
SELECT %s::bigint, %s::bigint, u.id, '{channel}',
    CASE WHEN NOT coalesce(choice.{channel}, true) THEN 'unsubscribed' ELSE 'queued' END, %s::timestamptz,
    CASE WHEN coalesce(choice.{channel}, true) THEN %s::timestamptz END, 0, ''
FROM due JOIN users_user u ON u.id = due.id LEFT JOIN messaging_choice choice ON choice.user_id = u.id
WHERE {reaches}
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Reached:
    """How many have it now who had not, and the greatest of their keys."""

    number: int = 0
    last: int = 0


def put(message: Message, *, people: QuerySet[User], now: dt.datetime) -> Reached:
    """These people, of whom none has the message, have it, and it waits on the ways that its author chose.

    Whoever does not want it on a way has a row that says so. Open pages and whoever carries hear of it with the commit.
    """
    try:
        due, due_parameters = people.values("id").query.sql_with_params()
    except EmptyResultSet:
        return Reached()
    ways = [way for channel, way in WAYS.items() if message.channels.get(channel.value)]
    each = [_WAY.format(channel=way.channel.value, reaches=way.reaches) for way in ways]
    parameters: list[Any] = [*due_parameters, message.tenant_id, message.pk, now, message.expires_at]
    for _way in ways:
        parameters += [message.tenant_id, message.pk, now, now]
    statement = _PUT.format(due=due, ways=" UNION ALL ".join(each) if each else _NO_WAY)
    with connection.cursor() as cursor:
        cursor.execute(statement, [*parameters, MOST_TOLD])
        number, last, told = cursor.fetchone()
    if not number:
        return Reached()
    tell_arrival(message.tenant_id, told if number == len(told) else None)
    for way in ways:
        enqueue(way.task)
    return Reached(number=number, last=last)
