"""What erasing a person does to every table that the register of personal data names."""

from django.apps import apps
from django.db import connection
from django.db.models import Model, Q, QuerySet

from fleetfolk.jobs.models import Job
from fleetfolk.kernel.action import CATALOGUE
from fleetfolk.users.models import EmailChange, Invitation, User
from fleetfolk.users.models_privacy import EXPORT, Export
from fleetfolk.users.models_signup import Registration
from fleetfolk.users.personal import Personal, registered

CHUNK = 10_000
"""Entries of the log that are freed of a name in one statement."""

NAMES_NOBODY = ("organization", "role", "state", "status", "kind", "mode", "method", "client", "erased_after")
"""Facts and changed fields whose words stay in the log; all other words about an erased person go."""

_PSEUDONYMIZE = "SELECT actionlog_pseudonymize(%s, %s, %s, %s, %s, %s, %s, %s)"


def pseudonym_of(user_id: int) -> str:
    """What stands in the place of an erased person's name."""
    return f"Erased person {user_id}"


def forget_in_log(person: User, *, most: int = CHUNK) -> int:
    """Up to so many entries of each kind no longer name the person. Returns how many; 0 when none does any more.

    A person's log may be long, so this may be done in steps before the rest: each is committed by itself, and whoever
    is interrupted goes on.
    """
    said = [person.email, *([person.phone] if person.phone else [])]
    # The name last: by then the entries about the person themselves have been freed of everything else, too.
    return _pseudonymize(person, said, most=most) or _pseudonymize(person, [*said, *_own_name(person)], most=most)


def _pseudonymize(person: User, said: list[str], *, most: int) -> int:
    things = list(_bearing_the_name(person))
    telling = sorted(code for code, action in CATALOGUE.items() if action.personal_facts)
    with connection.cursor() as cursor:
        cursor.execute(
            _PSEUDONYMIZE,
            [
                person.tenant_id,
                person.pk,
                [kind for kind, _ in things],
                [key for _, key in things],
                sorted(said),
                telling,
                list(NAMES_NOBODY),
                most,
            ],
        )
        (changed,) = cursor.fetchone()
    return int(changed)


def _own_name(person: User) -> list[str]:
    """The name by which entries about others mention the person. One that somebody else bears, too, stays theirs."""
    name = str(person)[:140]
    others = User.objects.filter(tenant_id=person.tenant_id, name__iexact=name).exclude(pk=person.pk)
    return [] if others.exists() else [name.lower()]


def erase_rows(person: User) -> dict[str, int]:
    """Nothing is left of the person but their row, and a pseudonym elsewhere. Returns how many rows of each table went.

    Called inside the Action that deletes the row.
    """
    counts: dict[str, int] = {}
    pseudonym = pseudonym_of(person.pk)
    for part in registered():
        counts[part.model] = counts.get(part.model, 0) + _erase(part, person, pseudonym)
    entries = 0
    while changed := forget_in_log(person):
        entries += changed
    counts["actionlog.Entry"] = counts.get("actionlog.Entry", 0) + entries
    return {model: count for model, count in counts.items() if count}


def _erase(part: Personal, person: User, pseudonym: str) -> int:
    if part.wipe is not None:
        return part.wipe(person, pseudonym)
    if part.erase == "keep" or "." not in part.model or not (part.by or part.labels):
        return 0
    model = apps.get_model(part.model)
    if part.erase == "pseudonymize":
        return sum(_rename(model, key, label, person, pseudonym) for key, label in part.labels)
    rows = _rows(model, part, person)
    if part.erase == "cascade":
        return rows.count()  # Deleted with the person's row.
    return int(rows.delete()[0])


def _rename(model: type[Model], key: str, label: str, person: User, pseudonym: str) -> int:
    return model._default_manager.filter(**{key: person.pk}).exclude(**{label: pseudonym}).update(**{label: pseudonym})


def _rows(model: type[Model], part: Personal, person: User) -> QuerySet[Model]:
    named = Q()
    for column in part.by:
        named |= Q(**{column: person.pk})
    return model._default_manager.filter(named)


def _bearing_the_name(person: User) -> list[tuple[str, int]]:
    """What the log may name by the person's name or address, besides the person."""
    return [
        *(("users.Invitation", key) for key in Invitation.objects.filter(user=person).values_list("pk", flat=True)),
        *(("users.EmailChange", key) for key in EmailChange.objects.filter(user=person).values_list("pk", flat=True)),
        *(("users.Registration", key) for key in Registration.objects.filter(user=person).values_list("pk", flat=True)),
        *(("users.Export", key) for key in Export.objects.filter(user=person).values_list("pk", flat=True)),
        *(("jobs.Job", key) for key in export_jobs_of(person).values_list("pk", flat=True)),
    ]


def export_jobs_of(person: User) -> QuerySet[Job]:
    """The jobs that made the person's exports."""
    return Job.objects.filter(tenant_id=person.tenant_id, kind=EXPORT, input__user_id=person.pk)
