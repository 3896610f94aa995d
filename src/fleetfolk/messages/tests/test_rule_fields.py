"""Rules about messages: how many somebody got and read, compared with a slow and obvious reading."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fleetfolk.kernel import clock
from fleetfolk.kernel.errors import Denied
from fleetfolk.messages.models import Item, Message
from fleetfolk.messages.tests.scenes import sent
from fleetfolk.segments.fields import FAMILIES, FIELDS
from fleetfolk.segments.queries import count_of
from fleetfolk.segments.tests.scenes import created, in_it
from fleetfolk.segments.tests.story import Story, compare
from fleetfolk.testing.cast import Cast, actor
from fleetfolk.testing.door import staging
from fleetfolk.users.models import User


class Correspondence(Story):
    """A world in which people got messages, too."""

    counted = (*Story.counted, "messages_sent", "messages_read")

    def happen(self) -> None:
        """Some have a message, and some of those read it."""
        people = list(User.objects.filter(tenant=self.tenant))
        for _number in range(8):
            message = Message.objects.create(
                tenant=self.tenant, organization=self.chance.choice(self.places), created_by_id=0, created_by_label="x"
            )
            for person in self.chance.sample(people, len(people) // 2):
                read_at = self.chance.choice((None, self.moment()))
                Item.objects.create(tenant=self.tenant, message=message, user=person, at=self.moment(), read_at=read_at)

    def happened(self, person: User) -> dict[str, list[dt.datetime]]:
        """When they got messages, and when they read some."""
        items = list(Item.objects.filter(user=person))
        return {
            "messages_sent": [item.at for item in items],
            "messages_read": [item.read_at for item in items if item.read_at],
        }

    def askable(self, of: str) -> dict[str, Any]:
        """With the fields about messages."""
        asked = super().askable(of)
        if of == "users":
            asked |= dict.fromkeys(("messages_sent", "messages_read"), lambda: self.number((0, 1, 2, 3), ()))
        return asked


@pytest.mark.django_db
def test_rules_name_whom_a_slow_reading_names() -> None:
    story = Correspondence(5)
    story.add_segments()
    compare(story)


@pytest.mark.django_db
def test_the_random_rules_ask_about_every_field_there_is() -> None:
    story = Correspondence(5)
    while {segment.of for segment in story.segments.values()} != {"users", "devices"}:
        story.add_segments()
    for of in ("users", "devices"):
        asked = set(story.askable(of))
        assert asked == {name for kind, name in FIELDS if kind == of} | {name for name in asked if "." in name}
        assert {name.split(".")[0] for name in asked if "." in name} == {name for kind, name in FAMILIES if kind == of}


def test_who_read_little_is_found(cast: Cast) -> None:
    sent(cast, cast.bob, cast.bea)
    sent(cast, cast.bob)
    with staging():
        Item.objects.filter(user=cast.bea).update(read_at=clock.now())
    by, month = actor(cast.ada), {"about": {"days": 30}}
    twice = {"field": "messages_sent", "op": "at_least", "value": 2, **month}
    unread = {"field": "messages_read", "op": "equals", "value": 0, **month}
    assert in_it(created(by, cast.north, "Twice", twice)) == {"Bob"}
    assert in_it(created(by, cast.north, "Got, and read none", {"all": [{**twice, "value": 1}, unread]})) == {"Bob"}
    with staging():
        Item.objects.update(at=clock.now() - dt.timedelta(days=40))
    assert count_of(by, twice, "users", cast.lumen) == 0


def test_who_may_not_see_messages_does_not_ask_about_them(cast: Cast) -> None:
    rules = {"field": "messages_sent", "op": "at_least", "value": 1, "about": {"days": 1}}
    count_of(actor(cast.finn), rules, "users", cast.north)
    role = cast.finn.role
    with staging():
        left = [code for code in role.permissions if not code.startswith("messages.")]
        type(role).objects.filter(pk=role.pk).update(permissions=left)
    with pytest.raises(Denied, match="segment_field_denied"):
        count_of(actor(cast.finn), rules, "users", cast.north)


_LONG_AGO = """
    INSERT INTO messaging_item (tenant_id, message_id, user_id, at, read_at)
    SELECT %s, 1000000 + n, %s, now() - make_interval(days => 100 + n), now() - make_interval(days => 90 + n)
    FROM generate_series(1, 5000) AS n
"""


@pytest.mark.parametrize(
    ("field", "index"), [("messages_sent", "items_by_time"), ("messages_read", "items_by_reading")]
)
def test_of_all_messages_only_those_of_the_period_are_read(cast: Cast, field: str, index: str) -> None:
    sent(cast, cast.bob, cast.bea)
    with staging(), connection.cursor() as cursor:
        Item.objects.update(read_at=clock.now())
        cursor.execute(_LONG_AGO, [cast.lumen.pk, cast.bob.pk])
        cursor.execute("ANALYZE messaging_item")
    rules = {"field": field, "op": "at_least", "value": 1, "about": {"days": 7}}
    with CaptureQueriesContext(connection) as asked:
        assert count_of(actor(cast.ada), rules, "users", cast.lumen) == 2
    (statement,) = [query["sql"] for query in asked if "messaging_item" in query["sql"]]
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {statement}")
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert index in plan
    assert "Seq Scan on messaging_item" not in plan
