"""The tables of segments that know people."""

from collections.abc import Iterator

from fleetfolk.segments.models import Member, Passage, Population
from fleetfolk.users.models import User
from fleetfolk.users.personal import Personal, Record, register_personal


def _memberships(person: User) -> Iterator[Record]:
    members = Member.objects.filter(target_id=person.pk, segment__of=Population.USERS, tenant_id=person.tenant_id)
    for member in members.select_related("segment__organization").order_by("pk"):
        yield {
            "segment": member.segment.name,
            "organization": member.segment.organization.name,
            "kind": member.segment.kind,
            "what": "in it",
            "at": member.since,
        }


def _passages(person: User) -> Iterator[Record]:
    passages = Passage.objects.filter(target_id=person.pk, segment__of=Population.USERS, tenant_id=person.tenant_id)
    for passage in passages.select_related("segment__organization").order_by("pk").iterator(chunk_size=500):
        yield {
            "segment": passage.segment.name,
            "organization": passage.segment.organization.name,
            "kind": passage.segment.kind,
            "what": "entered" if passage.entered else "left",
            "at": passage.at,
        }


def _forget_memberships(person: User, pseudonym: str) -> int:
    members = Member.objects.filter(target_id=person.pk, segment__of=Population.USERS, tenant_id=person.tenant_id)
    return int(members.delete()[0])


def _forget_passages(person: User, pseudonym: str) -> int:
    passages = Passage.objects.filter(target_id=person.pk, segment__of=Population.USERS, tenant_id=person.tenant_id)
    return int(passages.delete()[0])


register_personal(
    Personal(
        model="segments.Member",
        by=("target_id",),
        export=_memberships,
        file="segments",
        erase="delete",
        wipe=_forget_memberships,
    )
)
register_personal(
    Personal(
        model="segments.Passage",
        by=("target_id",),
        export=_passages,
        file="segments",
        erase="delete",
        wipe=_forget_passages,
    )
)
register_personal(
    Personal(
        model="segments.Segment",
        by=("created_by_id", "changed_by_id"),
        excluded="A segment belongs to its organization.",
        erase="pseudonymize",
        labels=(("created_by_id", "created_by_label"), ("changed_by_id", "changed_by_label")),
    )
)
