"""A message to a segment of many people, brought as the worker does it; and the same rows written by bare SQL."""

import time
from collections.abc import Sequence

import psycopg

from bench.floor import actor_of
from bench.scenarios import Viewer
from fleetfolk.kernel.perform import perform
from fleetfolk.messages.actions.create_message import CreateMessage
from fleetfolk.messages.actions.send_message import SendMessage, SendMessageInput
from fleetfolk.messages.content import MessageInput
from fleetfolk.messages.models import Channel, Item, Message
from fleetfolk.messages.sending import deliver

MESSAGE = "Message to"

_SEGMENT = """
WITH made AS (
    INSERT INTO segments_segment (tenant_id, organization_id, name, "of", kind, position, created_at, created_by_id,
        created_by_label)
    VALUES (%(tenant)s, %(tenant)s, %(name)s, 'users', 'static', 0, now(), 0, 'bench') RETURNING id
), members AS (
    INSERT INTO segments_member (tenant_id, segment_id, target_id, since)
    SELECT %(tenant)s, made.id, person, now() FROM made, unnest(%(people)s::bigint[]) AS person
)
SELECT id FROM made
"""
_BARE = """
WITH items AS (
    INSERT INTO messaging_item (tenant_id, message_id, user_id, at)
    SELECT tenant_id, %(message)s, id, now() FROM users_user WHERE id = ANY(%(people)s) AND is_active
)
INSERT INTO messaging_delivery (tenant_id, message_id, user_id, channel, state, at, due_at, tries, why)
SELECT tenant_id, %(message)s, id, 'email', 'queued', now(), now(), 0, ''
FROM users_user WHERE id = ANY(%(people)s) AND is_active
"""


def chosen(url: str, people: Sequence[int], *, by: Viewer) -> int:
    """A segment that holds these people."""
    values = {"tenant": by.tenant.id, "people": list(people), "name": f"bench {time.time_ns()}"}
    with psycopg.connect(url) as connection:
        (key,) = connection.execute(_SEGMENT, values).fetchone() or (0,)
    return int(key)


def written(segment: int, *, by: Viewer) -> int:
    """A draft for the segment, which goes by mail, too."""
    data = MessageInput(
        subject="Maintenance", body="We come.", audience={"segment": segment}, channels=(Channel.EMAIL,)
    )
    return int(perform(CreateMessage, actor=actor_of(by), target_id=by.tenant.id, data=data).target.pk)


def brought(message: int, number: int, *, by: Viewer) -> float:
    """Everybody has it, and a mail waits for each. Returns the seconds."""
    began = time.perf_counter()
    perform(SendMessage, actor=actor_of(by), target_id=message, data=SendMessageInput())
    deliver(message)
    spent = time.perf_counter() - began
    have = Item.objects.filter(message=message).count()
    if have < number * 0.9 or have != Message.objects.get(pk=message).recipients:
        raise SystemExit(f"{have:,} of {number:,} people have the message.")
    return spent


def written_by_sql(url: str, message: int, people: Sequence[int]) -> float:
    """The same rows are there for another message, by one statement. Returns the seconds."""
    with psycopg.connect(url) as connection:
        began = time.perf_counter()
        connection.execute(_BARE, {"message": message, "people": list(people)})
        connection.commit()
        return time.perf_counter() - began
