"""What is exported of a person, table by table: each function gives the records of one."""

from collections.abc import Iterator
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db.models import Q, QuerySet

from fleetfolk.access.models_guests import Membership
from fleetfolk.actionlog.models import Entry
from fleetfolk.jobs.models import Job
from fleetfolk.kernel.actor import ActorKind
from fleetfolk.organizations.queries import fields_for
from fleetfolk.users.models import EmailChange, Invitation, User, UserTag
from fleetfolk.users.models_privacy import EXPORT, Export
from fleetfolk.users.models_signup import Registration
from fleetfolk.users.models_sso import SsoIdentity
from fleetfolk.users.personal import Record

_FEW = 500
_NAMED_THINGS = frozenset(
    {
        *("organizations.Organization", "organizations.Location", "organizations.Tag", "organizations.CustomField"),
        "access.Role",
    }
)
"""What an entry may call by its name though somebody else is concerned: none of these is a person."""


def profile(person: User) -> Iterator[Record]:
    """The account itself, with the fields that the organization keeps about people."""
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


def memberships(person: User) -> Iterator[Record]:
    """The home: where the person is, as what, with which tags."""
    yield {
        "organization": person.organization.name,
        "tenant": person.tenant.name,
        "role": person.role.name,
        "location": person.location.name if person.location else None,
        "home": True,
        "since": person.created_at,
        "tags": list(UserTag.objects.filter(user=person).order_by("tag__name").values_list("tag__name", flat=True)),
    }


def guest_roles(person: User) -> Iterator[Record]:
    """Where else the person is, as a guest."""
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


def tags(person: User) -> Iterator[Record]:
    """What the person is tagged with."""
    for link in UserTag.objects.filter(user=person).select_related("tag__organization").order_by("tag__name"):
        yield {"tag": link.tag.name, "of_organization": link.tag.organization.name}


def invitations(person: User) -> Iterator[Record]:
    """The invitations that the person got, and what became of them."""
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


def registrations(person: User) -> Iterator[Record]:
    """How the person signed up."""
    for one in Registration.objects.select_related("organization").filter(user=person):
        yield {
            "email": one.email,
            "at_organization": one.organization.name,
            "asked": one.requested_at,
            "confirmed": one.confirmed_at,
        }


def email_changes(person: User) -> Iterator[Record]:
    """An address that the person has not confirmed yet."""
    for change in EmailChange.objects.filter(user=person):
        yield {
            "kind": "email, not confirmed yet",
            "email": change.email,
            "created": change.requested_at,
            "expires": change.expires_at,
        }


def addresses(person: User) -> Iterator[Record]:
    """The addresses by which the person is known."""
    yield {"kind": "email", "email": person.email, "created": person.created_at}
    for address in EmailAddress.objects.filter(user=person).exclude(email=person.email):
        yield {"kind": "email", "email": address.email, "verified": address.verified}


def sso_identities(person: User) -> Iterator[Record]:
    """Who the person is at providers of single sign-on."""
    for one in SsoIdentity.objects.select_related("sso__organization").filter(user=person).order_by("pk"):
        yield {
            "kind": "single sign-on",
            "provider": one.sso.organization.name,
            "issuer": one.issuer,
            "subject": one.subject,
            "created": one.created_at,
            "last_used": one.last_used_at,
        }


def factors(person: User) -> Iterator[Record]:
    """Second factors and passkeys, without their secrets."""
    for factor in Authenticator.objects.filter(user=person).order_by("pk"):
        yield {
            "kind": factor.type,
            "name": factor.data.get("name", ""),
            "created": factor.created_at,
            "last_used": factor.last_used_at,
        }


def sessions(person: User) -> Iterator[Record]:
    """Where the person is signed in."""
    for session in UserSession.objects.filter(user=person).order_by("created_at", "pk").iterator(chunk_size=_FEW):
        yield {
            "began": session.created_at,
            "last_seen": session.last_seen_at,
            "address": session.ip,
            "browser": session.user_agent,
            "client": session.data.get("client", ""),
        }


def exports(person: User) -> Iterator[Record]:
    """The exports of the person's data."""
    for export in Export.objects.filter(user=person).order_by("created_at", "pk"):
        yield {
            "requested": export.created_at,
            "requested_by": "the person themselves" if export.requested_by_id == person.pk else "staff",
            "ready": export.ready_at,
            "downloaded": export.taken_at,
            "bytes": export.size,
            "records": export.records,
        }


def jobs(person: User) -> Iterator[Record]:
    """The long work that the person began; its title only where nobody else is named in it."""
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


def entries(person: User) -> Iterator[Record]:
    """What the person did, what was done to them, and what was done on their behalf, in order of time."""
    for entry in concerning(person).order_by("at", "pk").iterator(chunk_size=1_000):
        yield _entry(entry, person)


def concerning(person: User) -> QuerySet[Entry]:
    """The entries that the person made, that are about them, or that were made in their name."""
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
