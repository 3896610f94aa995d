"""A worker that is killed in the middle of an act on many, and another that takes it up: real processes."""

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.http import QueryDict
from procrastinate.exceptions import AlreadyEnqueued
from pytest_django import DjangoDbBlocker

from fleetfolk.actionlog.models import Entry
from fleetfolk.config.runtime.children import Child, spawn
from fleetfolk.config.runtime.services import WORKER_COMMAND
from fleetfolk.jobs.actions import CreateBulk, CreateBulkInput, StartBulk, StartBulkInput
from fleetfolk.jobs.bulk import THINGS
from fleetfolk.jobs.bulk_run import CHUNK
from fleetfolk.jobs.models import Job, JobState, Target, TargetState
from fleetfolk.kernel.enqueue import enqueue
from fleetfolk.kernel.perform import perform
from fleetfolk.organizations.models import Tag
from fleetfolk.testing.cast import Cast, actor, find_cast
from fleetfolk.testing.door import staging
from fleetfolk.testing.races import own_copy_of_the_database, somebody_else
from fleetfolk.users.models import User, UserTag

PEOPLE = 4_500
LONGEST_WAIT = 120.0
"""Seconds. A worker on a busy machine takes some to start."""


@pytest.fixture
def copy(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Cast]:
    """The cast, in a database of its own in which commits count."""
    with django_db_blocker.unblock(), own_copy_of_the_database():
        yield find_cast()


def worker(folder: Path, number: int) -> Child:
    """A worker as it runs in earnest."""
    url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "fleetfolk.config.settings",
        "DATABASE_URL": url,
        "FLEETFOLK_DATA": str(folder),
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    return spawn("worker", WORKER_COMMAND, log=folder / f"worker-{number}.log", environment=environment)


def until(there: Callable[[], bool], running: Child) -> None:
    """It is so; the worker runs meanwhile."""
    last = time.monotonic() + LONGEST_WAIT
    while not there():
        assert running.alive, running.output()
        assert time.monotonic() < last, running.output()
        time.sleep(0.05)


def waits_for_a_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() "
            "AND wait_event_type = 'Lock')"
        )
        return bool(cursor.fetchone()[0])


def crowd(cast: Cast) -> None:
    """Many people in North."""
    role = cast.role("user")
    with staging():
        User.objects.bulk_create(
            (
                User(
                    tenant=cast.lumen,
                    organization=cast.north,
                    path=cast.north.path,
                    role=role,
                    email=f"p{number}@example.org",
                    first_name=f"P{number}",
                )
                for number in range(PEOPLE)
            ),
            batch_size=1000,
        )


def the_minute_passes() -> None:
    """The killed worker has given no sign of life for a while, and the next one looks after what it had in hand."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = last_heartbeat - interval '1 minute'")
    with suppress(AlreadyEnqueued):  # A worker asks for it itself at each full minute.
        enqueue("jobs.retry_stalled", timestamp=int(time.time()))


def test_a_worker_killed_inside_a_chunk_leaves_the_rest_to_the_next_and_nobody_is_done_twice(
    copy: Cast, tmp_path: Path
) -> None:
    crowd(copy)
    with staging():
        tag = Tag.objects.create(tenant=copy.lumen, organization=copy.lumen, name="Vip")
    ada = actor(copy.ada)
    everybody = CreateBulkInput(of="users", act="tag", where=THINGS["users"].where(ada, QueryDict("")))
    draft = perform(CreateBulk, actor=ada, target_id=copy.lumen.pk, data=everybody).target
    perform(StartBulk, actor=ada, target_id=draft.pk, data=StartBulkInput(chosen={"tag_id": tag.pk}))
    total = Job.objects.get(pk=draft.pk).total
    assert total > PEOPLE

    for number, chunks in enumerate((2, 3), start=1):
        in_the_next = Target.objects.get(job=draft.pk, position=chunks * CHUNK + CHUNK // 2).target_id
        with somebody_else("SELECT 1 FROM users_user WHERE id = %s FOR UPDATE", in_the_next):
            running = worker(tmp_path, number)
            until(waits_for_a_lock, running)
            running.process.send_signal(signal.SIGKILL)
            running.process.wait()
        job = Job.objects.get(pk=draft.pk)
        assert (job.state, job.done) == (JobState.RUNNING, chunks * CHUNK)
        assert UserTag.objects.filter(tag=tag).count() == chunks * CHUNK
        the_minute_passes()

    last = worker(tmp_path, 3)
    try:
        until(lambda: Job.objects.get(pk=draft.pk).is_over, last)
    finally:
        last.stop(seconds=10)
    job = Job.objects.get(pk=draft.pk)
    assert (job.state, job.done, job.counts) == (JobState.DONE, total, {"changed": total})
    assert not Target.objects.filter(job=job).exclude(state=TargetState.DONE).exists()
    assert UserTag.objects.filter(tag=tag).count() == total
    entries = Entry.objects.filter(code="user.tag.assign", batch_id=job.batch_id)
    assert entries.count() == total
    assert entries.values("target_id").distinct().count() == total
    assert not entries.exclude(result="done").exists()
