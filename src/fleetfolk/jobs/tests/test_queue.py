"""What the queue keeps, and for how long; what it does again."""

from collections.abc import Iterator

import pytest
from asgiref.sync import async_to_sync
from django.db import OperationalError, connection
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django import DjangoDbBlocker

from fleetfolk.jobs import tasks
from fleetfolk.kernel.enqueue import enqueue
from fleetfolk.testing.races import own_copy_of_the_database


def test_the_queue_forgets_after_a_week_to_whom_it_wrote(db: None) -> None:
    for address in ("long-ago@example.org", "today@example.org", "waiting@example.org"):
        enqueue("users.send_forgotten_link", email=address)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'failed' WHERE args->>'email' <> %s", ["waiting@example.org"]
        )
        cursor.execute(
            "UPDATE procrastinate_events SET at = now() - interval '8 days' WHERE job_id IN"
            " (SELECT id FROM procrastinate_jobs WHERE args->>'email' <> %s)",
            ["today@example.org"],
        )
    async_to_sync(tasks.forget_ended.func)(timestamp=0)
    left = ProcrastinateJob.objects.filter(task_name="users.send_forgotten_link").values_list("args", flat=True)
    assert {args["email"] for args in left} == {"today@example.org", "waiting@example.org"}


def test_what_comes_seldom_is_tried_again_once_the_database_is_back() -> None:
    """Else people whose days of grace are over would stay for another hour, or day."""
    lost, waits = OperationalError("the server closed the connection"), {}
    for task, periodic in app.periodic_registry.periodic_tasks.items():
        retry = periodic.task.retry_strategy
        waits[task[0]] = retry is not None and (
            retry.get_retry_decision(exception=lost, job=app.configure_task(task[0]).job) is not None
        )
        if periodic.cron.startswith("*"):
            waits.pop(task[0])  # Comes within five minutes by itself.
    assert waits, "nothing comes seldom"
    assert not [name for name, again in waits.items() if not again]


@pytest.fixture
def copy(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """A database of its own, in which a statement that is refused takes nothing else along."""
    with django_db_blocker.unblock(), own_copy_of_the_database():
        yield


def test_what_a_lost_worker_had_in_hand_is_left_to_the_next_that_waits(copy: None) -> None:
    """One of its kind may wait at a time: a second would be refused, and hold up all others that were lost."""
    for _hour in range(2):
        enqueue("users.erase_deleted", timestamp=0)
        ProcrastinateJob.objects.filter(status="todo").update(status="doing")
    enqueue("users.erase_deleted", timestamp=1)
    enqueue("users.send_forgotten_link", email="lost@example.org")
    ProcrastinateJob.objects.filter(task_name="users.send_forgotten_link").update(status="doing")
    async_to_sync(tasks.retry_stalled.func)(timestamp=0)
    found = ProcrastinateJob.objects.order_by("pk").values_list("task_name", "status")
    assert list(found) == [
        *[("users.erase_deleted", "failed")] * 2,
        ("users.erase_deleted", "todo"),
        ("users.send_forgotten_link", "todo"),
    ]
