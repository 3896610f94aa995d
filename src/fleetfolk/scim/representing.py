"""People and groups as a directory sees them: rows become resources."""

import datetime as dt
import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from scim2_models import Meta

from fleetfolk.scim import resources
from fleetfolk.scim.models import Group, Identity, Member, ScimClient
from fleetfolk.users.models import State, User


def people_shown(client: ScimClient, people: Sequence[User]) -> list[resources.User]:
    """The people, each with what this directory calls them, and its groups that they are in. Two queries for all."""
    keys = [person.pk for person in people]
    known = {one.user_id: one for one in Identity.objects.filter(client=client, user__in=keys)}
    groups: dict[int, list[Group]] = defaultdict(list)
    memberships = Member.objects.filter(group__client=client, user__in=keys).select_related("group")
    for one in memberships.order_by("group_id"):
        groups[one.user_id].append(one.group)
    return [_person(person, known.get(person.pk), groups[person.pk]) for person in people]


def _person(person: User, known: Identity | None, groups: Iterable[Group]) -> resources.User:
    changed = [person.created_at, person.activated_at, person.disabled_at, known.changed_at if known else None]
    # Who has one name alone has it as a family name: there is always one.
    family, given = (person.last_name, person.first_name) if person.last_name else (person.first_name, "")
    return _finished(
        resources.User(
            id=str(person.pk),
            external_id=(known.external_id if known else "") or None,
            user_name=known.user_name if known else person.email,
            name=resources.Name(family_name=family, given_name=given or None),
            nick_name=person.nickname or None,
            preferred_language=person.language or None,
            active=person.state in (State.ACTIVE, State.PENDING),
            emails=[_email(person, known)],
            phone_numbers=_phone(person, known),
            groups=[
                resources.GroupOfUser(value=str(one.pk), ref=f"Groups/{one.pk}", display=one.name)  # type: ignore[arg-type]
                for one in groups
            ]
            or None,
        ),
        "User",
        created=person.created_at,
        changed=max(moment for moment in changed if moment is not None),
    )


def _email(person: User, known: Identity | None) -> resources.Email:
    plain = known is not None and known.spelling.get("plain") == person.email
    return resources.Email(value=person.email, type="work", primary=not plain)


def _phone(person: User, known: Identity | None) -> list[resources.PhoneNumber] | None:
    """The number as the directory wrote it, while it is still the one that was read from that."""
    if not person.phone:
        return None
    said = known.spelling.get("phone", {}) if known else {}
    if said.get("read") == person.phone:
        return [resources.PhoneNumber(value=said["value"], type=said["type"], primary=said["primary"])]
    return [resources.PhoneNumber(value=person.phone, type="work", primary=True)]


def groups_shown(groups: Sequence[Group], *, members: bool, people: Any) -> list[resources.Group]:
    """The groups, with their ``members`` or without; of ``people``, those who are to be seen. One query for all."""
    inside: dict[int, list[resources.GroupMember]] = defaultdict(list)
    if members:
        rows = Member.objects.filter(group__in=groups, user__in=people).order_by("user_id")
        for one in rows:
            key = str(one.user_id)
            inside[one.group_id].append(
                resources.GroupMember(value=key, ref=f"Users/{key}", type="User")  # type: ignore[arg-type]
            )
    return [
        _finished(
            resources.Group(
                id=str(one.pk),
                external_id=one.external_id or None,
                display_name=one.name,
                members=inside[one.pk] or None,
            ),
            "Group",
            created=one.created_at,
            changed=one.changed_at,
        )
        for one in groups
    ]


def _finished[R: resources.User | resources.Group](
    resource: R, kind: str, *, created: dt.datetime, changed: dt.datetime
) -> R:
    """With when it was made and changed, and a version that is another whenever anything is."""
    told = resource.model_dump_json().encode()
    version = f'W/"{hashlib.sha256(told).hexdigest()[:24]}"'
    resource.meta = Meta(resource_type=kind, created=created, last_modified=changed, version=version)
    return resource
