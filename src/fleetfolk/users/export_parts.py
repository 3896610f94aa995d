"""The tables that know people: what of each is exported, and what becomes of it when the person is erased."""

from collections.abc import Iterator
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import connection
from django.db.models import Q, QuerySet

from fleetfolk.access.models_guests import Membership
from fleetfolk.actionlog.models import Entry
from fleetfolk.jobs.models import Job
from fleetfolk.kernel.actor import ActorKind
from fleetfolk.organizations.queries import fields_for
from fleetfolk.users.erasing import export_jobs_of
from fleetfolk.users.models import EmailChange, Invitation, User, UserTag
from fleetfolk.users.models_privacy import EXPORT, Export
from fleetfolk.users.models_signup import Registration
from fleetfolk.users.personal import Personal, Record, register_personal
from fleetfolk.users.picture_files import forget_picture

_FEW = 500
_NAMED_THINGS = frozenset(
    {
        *("organizations.Organization", "organizations.Location", "organizations.Tag", "organizations.CustomField"),
        "access.Role",
    }
)
"""What an entry may call by its name though somebody else is concerned: none of these is a person."""


def _profile(person: User) -> Iterator[Record]:
    labels = {str(field.pk): field.name for field in fields_for(person.organization)}
    yield {
        "id": person.pk,
        "first_name": person.first_name,
        "last_name": person.last_name,
        "nickname": person.nickname,
        "email": person.email,
        "phone": person.phone,
        "time_zone": person.time_zone,
        "language": person.language,
        "theme": person.theme,
        "status": person.status.value,
        "custom_fields": {labels.get(key, f"field {key}"): value for key, value in person.custom.items()},
        "created": person.created_at,
        "activated": person.activated_at,
        "disabled": person.disabled_at,
        "deactivated": person.deactivated_at,
        "deletion_requested": person.deletion_requested_at,
        "last_sign_in": person.last_sign_in_at,
        "devices": person.device_count,
    }


def _memberships(person: User) -> Iterator[Record]:
    yield {
        "organization": person.organization.name,
        "tenant": person.tenant.name,
        "role": person.role.name,
        "location": person.location.name if person.location else None,
        "home": True,
        "since": person.created_at,
        "tags": list(UserTag.objects.filter(user=person).order_by("tag__name").values_list("tag__name", flat=True)),
    }


def _guest_roles(person: User) -> Iterator[Record]:
    rows = Membership.objects.select_related("organization", "role").filter(user=person).order_by("pk")
    for one in rows:
        yield {
            "organization": one.organization.name,
            "tenant": person.tenant.name,
            "role": one.role.name,
            "location": None,
            "home": False,
            "since": one.accepted_at,
            "until": one.ends_at,
            "tags": [],
        }


def _wipe_guest_invitations(person: User, pseudonym: str) -> int:
    """What waits for the address to accept is gone."""
    waiting = Membership.objects.filter(tenant_id=person.tenant_id, email=person.email, accepted_at=None)
    return waiting.delete()[0]


def _tags(person: User) -> Iterator[Record]:
    for link in UserTag.objects.filter(user=person).select_related("tag__organization").order_by("tag__name"):
        yield {"tag": link.tag.name, "of_organization": link.tag.organization.name}


def _invitations(person: User) -> Iterator[Record]:
    for invitation in Invitation.objects.filter(user=person):
        yield {
            "email": invitation.email,
            "invited_by": invitation.invited_by_label,
            "created": invitation.created_at,
            "expires": invitation.expires_at,
            "sent": invitation.sent_at,
            "opened": invitation.opened_at,
            "accepted": invitation.accepted_at,
            "revoked": invitation.revoked_at,
        }


def _registrations(person: User) -> Iterator[Record]:
    for one in Registration.objects.select_related("organization").filter(user=person):
        yield {
            "email": one.email,
            "at_organization": one.organization.name,
            "asked": one.requested_at,
            "confirmed": one.confirmed_at,
        }


def _wipe_registrations(person: User, pseudonym: str) -> int:
    """What waits for the address to be confirmed or let in is gone; how the person came goes with their row."""
    return Registration.objects.filter(tenant_id=person.tenant_id, email=person.email, user=None).delete()[0]


def _email_changes(person: User) -> Iterator[Record]:
    for change in EmailChange.objects.filter(user=person):
        yield {
            "kind": "email, not confirmed yet",
            "email": change.email,
            "created": change.requested_at,
            "expires": change.expires_at,
        }


def _addresses(person: User) -> Iterator[Record]:
    yield {"kind": "email", "email": person.email, "created": person.created_at}
    for address in EmailAddress.objects.filter(user=person).exclude(email=person.email):
        yield {"kind": "email", "email": address.email, "verified": address.verified}


def _factors(person: User) -> Iterator[Record]:
    for factor in Authenticator.objects.filter(user=person).order_by("pk"):
        yield {
            "kind": factor.type,
            "name": factor.data.get("name", ""),
            "created": factor.created_at,
            "last_used": factor.last_used_at,
        }


def _sessions(person: User) -> Iterator[Record]:
    for session in UserSession.objects.filter(user=person).order_by("created_at", "pk").iterator(chunk_size=_FEW):
        yield {
            "began": session.created_at,
            "last_seen": session.last_seen_at,
            "address": session.ip,
            "browser": session.user_agent,
            "client": session.data.get("client", ""),
        }


def _exports(person: User) -> Iterator[Record]:
    for export in Export.objects.filter(user=person).order_by("created_at", "pk"):
        yield {
            "requested": export.created_at,
            "requested_by": "the person themselves" if export.requested_by_id == person.pk else "staff",
            "ready": export.ready_at,
            "downloaded": export.taken_at,
            "bytes": export.size,
            "records": export.records,
        }


def _jobs(person: User) -> Iterator[Record]:
    mine = Job.objects.filter(tenant_id=person.tenant_id, created_by_id=person.pk).order_by("created_at", "pk")
    for job in mine.iterator(chunk_size=_FEW):
        others = job.kind == EXPORT and job.input.get("user_id") != person.pk
        yield {
            "kind": job.kind,
            "title": "" if others else job.title,
            "state": job.state,
            "created": job.created_at,
            "finished": job.finished_at,
            "counts": job.counts,
        }


def _entries(person: User) -> Iterator[Record]:
    """What the person did, what was done to them, and what was done on their behalf, in order of time."""
    for entry in _concerning(person).order_by("at", "pk").iterator(chunk_size=1_000):
        yield _entry(entry, person)


def _concerning(person: User) -> QuerySet[Entry]:
    concerned = (
        Q(actor_kind=ActorKind.USER, actor_id=str(person.pk))
        | Q(target_type="users.User", target_id=person.pk)
        | Q(acting_for_id=person.pk)
    )
    return Entry.objects.filter(concerned, tenant_id=person.tenant_id)


def _entry(entry: Entry, person: User) -> Record:
    """The entry without what is somebody else's: their names, and what was said about them."""
    did = entry.actor_kind == ActorKind.USER and entry.actor_id == str(person.pk)
    about = entry.target_type == "users.User" and entry.target_id == person.pk
    behalf = entry.acting_for_id == person.pk
    named = about or entry.target_type in _NAMED_THINGS
    record: dict[str, Any] = {
        "at": entry.at,
        "code": entry.code,
        "result": entry.result,
        "reason": entry.reason,
        "client": entry.client,
        "by": entry.actor_label,
        "by_the_person": did,
        "on_behalf_of_the_person": behalf,
        "target": entry.target_type,
        "target_is_the_person": about,
        "target_name": entry.target_label if named else "",
        "organization": entry.organization_label,
        "address": entry.address if did else None,
    }
    if about or (did and named):
        record |= {"changes": entry.changes, "facts": entry.facts}
    return record


def _wipe_queue(person: User, pseudonym: str) -> int:
    """Mails and work that are about the person go out of the queue, but for what is being done at this moment."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM procrastinate_jobs WHERE status <> 'doing'"
            " AND (args ->> 'email' = %s OR (task_name LIKE 'users.%%' AND args ->> 'user_id' = %s))",
            [person.email, str(person.pk)],
        )
        return int(cursor.rowcount)


def _wipe_jobs(person: User, pseudonym: str) -> int:
    """Jobs keep who started them as a pseudonym; those that exported the person have lost the name in their title."""
    started = Job.objects.filter(tenant_id=person.tenant_id, created_by_id=person.pk)
    renamed = started.exclude(created_by_label=pseudonym).update(created_by_label=pseudonym)
    return renamed + export_jobs_of(person).update(title=pseudonym)


def _wipe_wishes(person: User, pseudonym: str) -> int:
    """Changes of other people's addresses that the person asked for say a pseudonym."""
    asked = EmailChange.objects.filter(tenant_id=person.tenant_id, by_label=str(person)).exclude(user=person)
    return asked.update(by_label=pseudonym)


def _wipe_folds(person: User, pseudonym: str) -> int:
    """Counts of refusals that would become an entry are not told any more."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM actionlog_fold WHERE tenant_id = %s AND actor_kind = 'user' AND actor_id = %s",
            [person.tenant_id, str(person.pk)],
        )
        return int(cursor.rowcount)


def _wipe_picture(person: User, pseudonym: str) -> int:
    """The picture that is kept beside the database is gone. It is no row."""
    forget_picture(person.email)
    return 0


_OF_USER = ("user_id",)
_KEY = "It holds nothing but a secret that lets somebody in."

register_personal(Personal(model="users.User", by=("pk",), export=_profile, file="profile", shape="one"))
register_personal(Personal(model="users.User", export=_memberships, file="memberships"))
register_personal(
    Personal(
        model="access.Membership",
        by=("user_id",),
        export=_guest_roles,
        file="memberships",
        wipe=_wipe_guest_invitations,
    )
)
register_personal(
    Personal(
        model="access.Membership",
        by=("invited_by_id",),
        excluded="Guests whom the person invited: that is data of the guests.",
        erase="pseudonymize",
        labels=(("invited_by_id", "invited_by_label"),),
    )
)
register_personal(
    Personal(
        model="access.Partnership",
        by=("created_by_id",),
        excluded="Who let an organization in: it concerns organizations, not people.",
        erase="pseudonymize",
        labels=(("created_by_id", "created_by_label"),),
    )
)
register_personal(
    Personal(
        model="users.User",
        excluded="A picture, where there is one, is what Gravatar shows everybody for the address.",
        wipe=_wipe_picture,
    )
)
register_personal(Personal(model="users.UserTag", by=_OF_USER, export=_tags, file="tags"))
register_personal(
    Personal(model="users.TagsKey", by=_OF_USER, excluded="The names of the tags once more, to sort lists by.")
)
register_personal(
    Personal(
        model="organizations.Tag",
        by=("created_by_id",),
        excluded="A word of the organization's own, about nobody.",
        erase="pseudonymize",
        labels=(("created_by_id", "created_by_label"),),
    )
)
register_personal(
    Personal(
        model="organizations.DeletedTag",
        by=("created_by_id",),
        excluded="A word of the organization's own that nobody carries any more. It is gone after a week.",
        erase="pseudonymize",
        labels=(("created_by_id", "created_by_label"),),
    )
)
register_personal(Personal(model="users.Invitation", by=_OF_USER, export=_invitations, file="invitations"))
register_personal(
    Personal(
        model="users.Invitation",
        excluded="Who invited others: those invitations are data of the invited.",
        labels=(("invited_by_id", "invited_by_label"),),
        erase="pseudonymize",
    )
)
register_personal(
    Personal(model="users.Registration", by=_OF_USER, export=_registrations, file="sign_ups", wipe=_wipe_registrations)
)
register_personal(Personal(model="users.EmailChange", by=_OF_USER, export=_email_changes, file="identities"))
register_personal(
    Personal(
        model="users.EmailChange",
        excluded="Who asked for a change of somebody else's address: that is data of the other.",
        labels=(("user_id", "by_label"),),
        wipe=_wipe_wishes,
    )
)
register_personal(
    Personal(
        model="users.Deletion",
        by=_OF_USER,
        excluded="That the account is being deleted is in the profile; the rest is the secret of the link.",
    )
)
register_personal(Personal(model="users.Export", by=_OF_USER, export=_exports, file="exports"))
register_personal(
    Personal(
        model="users.Export",
        by=("requested_by_id",),
        excluded="Exports of others that the person asked for: they are in their action log.",
        erase="keep",
        kept="A key without a name, gone with the job's report.",
    )
)
register_personal(
    Personal(
        model="users.Erasure",
        excluded="It names nobody: it is about people who are gone.",
        erase="keep",
        kept="It proves the erasure, with a keyed hash in the place of a name.",
    )
)
register_personal(
    Personal(
        model="users.Suppression",
        excluded="It names nobody: it holds keyed hashes of the addresses of people who are gone.",
        erase="keep",
        kept="It is made by the erasure, at the person's own wish, so that nobody adds the address again.",
    )
)
register_personal(Personal(model="account.EmailAddress", by=_OF_USER, export=_addresses, file="identities"))
register_personal(Personal(model="mfa.Authenticator", by=_OF_USER, export=_factors, file="identities"))
register_personal(
    Personal(model="usersessions.UserSession", by=_OF_USER, export=_sessions, file="sessions", shape="log")
)
register_personal(
    Personal(
        model="sessions.Session",
        excluded=_KEY + " Where and since when somebody is signed in is in sessions.jsonl.",
        erase="keep",
        kept="Void since the deletion began, and gone within fourteen days of its last use.",
    )
)
register_personal(
    Personal(
        model="actionlog.Entry",
        by=("actor_id", "target_id", "acting_for_id"),
        export=_entries,
        count=lambda person: _concerning(person).count(),
        file="action_log",
        shape="log",
        erase="keep",
        kept="History outlives people: entries keep a pseudonym in the place of the name, and no words about them.",
    )
)
register_personal(
    Personal(
        model="actionlog.Fold",
        by=("actor_id",),
        excluded="Counts of one minute's refusals, of which each becomes an entry of the log.",
        wipe=_wipe_folds,
    )
)
register_personal(
    Personal(
        model="jobs.Job",
        by=("created_by_id",),
        export=_jobs,
        file="jobs",
        erase="pseudonymize",
        labels=(("created_by_id", "created_by_label"),),
        wipe=_wipe_jobs,
    )
)
register_personal(
    Personal(
        model="jobs.Target",
        by=("target_id",),
        excluded="Whom somebody chose for an act on many: what was done then is in their action log.",
        erase="keep",
        kept="A key without a name, gone a week after the job ended.",
    )
)
register_personal(
    Personal(
        model="jobs.Problem",
        excluded="Rows of files that somebody imported, as they were read: whose they are is not known to the system.",
        erase="keep",
        kept="Gone a week after the import ended.",
    )
)
register_personal(
    Personal(
        model="procrastinate_jobs",
        excluded="Work in the queue, such as mails on their way. What ended is forgotten after a week.",
        wipe=_wipe_queue,
    )
)
