"""What of a person is taken out of tables whose rows stay, or that know them by something else than their key."""

from django.db import connection

from fleetfolk.access.models_guests import Membership
from fleetfolk.jobs.models import Job
from fleetfolk.users.erasing import export_jobs_of
from fleetfolk.users.models import EmailChange, User
from fleetfolk.users.models_signup import Registration
from fleetfolk.users.picture_files import forget_picture


def guest_invitations(person: User, pseudonym: str) -> int:
    """What waits for the address to accept is gone."""
    waiting = Membership.objects.filter(tenant_id=person.tenant_id, email=person.email, accepted_at=None)
    return waiting.delete()[0]


def registrations(person: User, pseudonym: str) -> int:
    """What waits for the address to be confirmed or let in is gone; how the person came goes with their row."""
    return Registration.objects.filter(tenant_id=person.tenant_id, email=person.email, user=None).delete()[0]


def queue(person: User, pseudonym: str) -> int:
    """Mails and work that are about the person go out of the queue, but for what is being done at this moment."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM procrastinate_jobs WHERE status <> 'doing'"
            " AND (args ->> 'email' = %s OR (task_name LIKE 'users.%%' AND args ->> 'user_id' = %s))",
            [person.email, str(person.pk)],
        )
        return int(cursor.rowcount)


def jobs(person: User, pseudonym: str) -> int:
    """Jobs keep who started them as a pseudonym; those that exported the person have lost the name in their title."""
    started = Job.objects.filter(tenant_id=person.tenant_id, created_by_id=person.pk)
    renamed = started.exclude(created_by_label=pseudonym).update(created_by_label=pseudonym)
    return renamed + export_jobs_of(person).update(title=pseudonym)


def wishes(person: User, pseudonym: str) -> int:
    """Changes of other people's addresses that the person asked for say a pseudonym."""
    asked = EmailChange.objects.filter(tenant_id=person.tenant_id, by_label=str(person)).exclude(user=person)
    return asked.update(by_label=pseudonym)


def folds(person: User, pseudonym: str) -> int:
    """Counts of refusals that would become an entry are not told any more."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM actionlog_fold WHERE tenant_id = %s AND actor_kind = 'user' AND actor_id = %s",
            [person.tenant_id, str(person.pk)],
        )
        return int(cursor.rowcount)


def picture(person: User, pseudonym: str) -> int:
    """The picture that is kept beside the database is gone. It is no row."""
    forget_picture(person.email)
    return 0
