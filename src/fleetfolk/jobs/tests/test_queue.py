"""What the queue keeps, and for how long."""

from asgiref.sync import async_to_sync
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from fleetfolk.jobs import tasks
from fleetfolk.kernel.enqueue import enqueue


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
