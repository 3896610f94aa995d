"""A small world in which every kind of name, place and status occurs, and a slow, obvious answer to every listing."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import F

from fleetfolk.access.models import Role
from fleetfolk.access.models_guests import Membership
from fleetfolk.access.models_switches import RoleSwitches
from fleetfolk.kernel.permissions import for_developers
from fleetfolk.organizations.models import Location, Organization, OrganizationKind, Tag
from fleetfolk.testing.door import staging
from fleetfolk.users.developers import type_of
from fleetfolk.users.directory import SORTS, Key, Listing
from fleetfolk.users.models import User, UserTag

NAMES = (
    *("Anna", "Ann", "Maria", "Åsa", "Jürgen", "Xaver", "O'Neil", "Jean-Luc", "محمد", "Жанна", "佐藤美咲", "佐々木"),
    *("Zoë", "Lee", "李", "ßen"),
)
PLACES = ("Berlin HQ", "Berlin Nord", "Köln", "東京", "User House", "Łódź")
TYPED = (
    *("", "a", "an", "ann", "anna", "x", "xq", "ж", "жа", "美咲", "佐", "咲美", "maria ber", "user", "staff", "berlin"),
    *("o'neil", "zzz", "%", "_", "\\", "'", "anna@", "49 151", "+49 (151) 2", "0151", "m k", "user staff", "example"),
    *("محم", "jürgen", "JURGEN", "ss", "🙂", "anna@x", "anna1@", "hq berlin"),
    # Words of tags, some of which are in names as well.
    *("zet", "zeta alter", "be", "beta", "alt berlin", "ann night", "12345", "1234 zeta", "alter maria", "be@x"),
)
TAGS = ("VIP", "Älter", "beta", "Ann-Night", "12-345", "Nobody's")
_STATE = {2: "pending", 3: "disabled", 4: "deletion", 5: "deactivated"}


@dataclass(frozen=True, kw_only=True, slots=True)
class World:
    """The tenant that is searched, its branches and its keys."""

    tenant_id: int
    branches: Sequence[str]
    organization_ids: Sequence[int]
    role_ids: Sequence[int]
    location_ids: Sequence[int]


def build(people: int, *, seed: int = 11) -> World:
    """Two tenants with so many people together; a third of them share every sort value with somebody."""
    chance = random.Random(seed)
    with staging():
        tenants = [_root(name) for name in ("Alpha", "Beta")]
        organizations = list(tenants)
        for number in range(37):
            parent = chance.choice([each for each in organizations if each.depth < 4])
            name = f"{chance.choice(['Nord', 'Süd', 'Berlin', 'Anna'])} {number} {chance.choice(['Depot', 'Haus'])}"
            organizations.append(_fresh(Organization(parent=parent, name=name, kind=OrganizationKind.BRANCH)))
        roles = {
            tenant.pk: [Role.objects.create(tenant=tenant, name=name) for name in ("Admin", "Staff", "User")]
            for tenant in tenants
        }
        alpha = tenants[0]
        places = [Location.objects.create(tenant=alpha, organization=alpha, name=name) for name in PLACES]
        tags = [Tag.objects.create(tenant=alpha, organization=alpha, name=name) for name in TAGS]
        now = datetime.now(UTC)
        users = []
        for number in range(people):
            home = chance.choice(organizations)
            ago = timedelta(days=chance.choice([1, 2, 29, 31, 200]), seconds=chance.randrange(3))
            users.append(
                User(
                    tenant_id=home.tenant_id,
                    organization=home,
                    role=chance.choice([*roles[home.tenant_id], roles[home.tenant_id][2]]),
                    location=chance.choice([None, *places]) if home.tenant_id == alpha.pk else None,
                    first_name=chance.choice(NAMES),
                    last_name=chance.choice([*NAMES, ""]),
                    email=f"{chance.choice(['anna', 'maria', 'x.q', 'o_neil', 'user'])}{number}@"
                    + chance.choice(["x.example", "y.example"]),
                    phone=chance.choice(["", "+4915123", "+15551234567", f"+49151{number}"]),
                    activated_at=chance.choice([None, now, now, now]),
                    disabled_at=chance.choice([None] * 8 + [now]),
                    deactivated_at=chance.choice([None] * 8 + [now]),
                    deletion_requested_at=chance.choice([None] * 8 + [now]),
                    last_sign_in_at=chance.choice([None, now - ago]),
                    created_at=now - timedelta(days=chance.randrange(9)),
                    device_count=chance.randrange(4),
                )
            )
        User.objects.bulk_create(users)
        UserTag.objects.bulk_create(
            UserTag(tenant=alpha, user=user, tag=tag)
            for user in users
            for place, tag in zip((3, 4, 5, 29, 37), tags, strict=False)
            if user.tenant_id == alpha.pk and user.pk % place == 0
        )
    _rename(alpha, organizations, roles[alpha.pk][1], places[2], tags[0])
    _of_every_type(alpha, organizations, roles[alpha.pk])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE users_user")
    return World(
        tenant_id=alpha.pk,
        branches=[each.path for each in organizations if each.tenant_id == alpha.pk and each.depth == 2],
        organization_ids=[each.pk for each in organizations if each.tenant_id == alpha.pk],
        role_ids=[role.pk for role in roles[alpha.pk]],
        location_ids=[place.pk for place in places],
    )


def _root(name: str) -> Organization:
    return _fresh(Organization(name=name, kind=OrganizationKind.ROOT))


def _fresh(organization: Organization) -> Organization:
    organization.save(force_insert=True)
    organization.refresh_from_db()
    return organization


def _rename(alpha: Organization, organizations: list[Organization], role: Role, place: Location, tag: Tag) -> None:
    """Names change after people were written, and one branch moves: the copies must follow."""
    with staging():
        for organization in organizations[::5]:
            Organization.objects.filter(pk=organization.pk).update(name=f"{organization.name} neu")
        Role.objects.filter(pk=role.pk).update(name="Leitung")
        Location.objects.filter(pk=place.pk).update(name="Bern")
        Tag.objects.filter(pk=tag.pk).update(name="Zeta")
        UserTag.objects.filter(tenant=alpha, user_id__gt=0, tag=tag).filter(user__device_count=0).delete()


def _of_every_type(alpha: Organization, organizations: list[Organization], roles: list[Role]) -> None:
    """Some may build, by their role or by its switches where they are; some are partners, and some guests."""
    rights = sorted(for_developers())
    mine = [each for each in organizations if each.tenant_id == alpha.pk]
    people = User.objects.filter(tenant=alpha)
    with staging():
        Role.objects.filter(pk=roles[0].pk).update(permissions=rights)
        RoleSwitches.objects.create(tenant=alpha, organization=mine[1], role=roles[0], permissions=[])
        RoleSwitches.objects.create(tenant=alpha, organization=mine[2], role=roles[1], permissions=rights[:1])
        Organization.objects.filter(pk__in=[each.pk for each in mine[3::4]]).update(kind=OrganizationKind.INSTALLER)
        people.annotate(part=F("pk") % 6).filter(part=0).update(developer=False)
        people.annotate(part=F("pk") % 6).filter(part=1).update(developer=True)
        now = datetime.now(UTC)
        Membership.objects.bulk_create(
            Membership(
                tenant=alpha,
                organization=alpha,
                user=person,
                email=person.email,
                role=roles[2],
                accepted_at=now,
                ends_at=now if person.pk % 2 else None,
                invited_by_id=0,
                invited_by_label="World",
            )
            for person in people.annotate(part=F("pk") % 7).filter(part=0)
        )


def expected(listing: Listing) -> list[Key]:
    """Every matching key in order: matched, sorted and cut in Python, word by word on the parts of the person."""
    names = [name.replace("coalesce(last_sign_in_at", "coalesce(u.last_sign_in_at") for name, _ in SORTS[listing.sort]]
    keys = ", ".join(f"u.{name}" if "(" not in name else name for name in names).replace("u.tags_key", "k.tags_key")
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {keys}, u.id, u.tenant_id, o.path, u.organization_id, u.role_id, u.location_id, u.state,"  # noqa: S608
            " u.last_sign_in_at, u.email, ' ' || concat_ws(' ', fold(u.first_name || ' ' || u.last_name),"
            " fold(u.email),"
            " nullif(phone_digits(u.phone), ''), fold(r.name), nullif(fold(l.name), ''), fold(o.name)),"
            " ARRAY(SELECT t.name FROM users_usertag x JOIN organizations_tag t ON t.id = x.tag_id"
            " WHERE x.user_id = u.id)"
            " FROM users_user u JOIN organizations_organization o ON o.id = u.organization_id"
            " JOIN users_tagskey k ON k.user_id = u.id"
            " JOIN access_role r ON r.id = u.role_id LEFT JOIN organizations_location l ON l.id = u.location_id"
        )
        rows = cursor.fetchall()
    width = len(SORTS[listing.sort]) + 1
    emails = [row[width + 7] for row in rows if _within(listing, row[width:]) and _shown(listing, row[width + 5])]
    words = [(token, folded(token)) for token in listing.typed.split()]
    named = {name: words_of_tag(name) for row in rows for name in row[width + 9]}
    found = [row[:width] for row in rows if _fits(listing, row[width:], words, emails, named)]
    if listing.types:
        people = User.objects.select_related("role", "organization").filter(tenant_id=listing.tenant_id)
        types = {person.pk: type_of(person) for person in people}
        found = [key for key in found if types[key[-1]] in listing.types]
    return sorted(found, key=_in_order, reverse=listing.descending)


def folded(token: str) -> str:
    """The token as the database compares it; of a number only the digits."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT fold(%s)", (token,))
        ((word,),) = cursor.fetchall()
    digits = word.replace(" ", "")
    return str(digits if digits.isdecimal() else word)


def words_of_tag(name: str) -> Sequence[str]:
    """What a word is looked for in of a tag's name: what it says, and its digits where they stand apart."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT ' ' || fold(%s)", (name,))
        ((words,),) = cursor.fetchall()
    digits = words.replace(" ", "")
    return [words, f" {digits}"] if digits.isdecimal() else [words]


def _in_order(key: Key) -> tuple[Any, ...]:
    return tuple(part.encode() if isinstance(part, str) else part for part in key)


def _within(listing: Listing, person: Sequence[Any]) -> bool:
    tenant, path, home, *_others = person
    return (
        tenant == listing.tenant_id
        and (listing.branches is None or any(path.startswith(branch) for branch in listing.branches))
        and (listing.homes is None or home in listing.homes)
    )


def _shown(listing: Listing, state: int) -> bool:
    """Nobody sees the deactivated who does not ask for a status; which ones, the statuses say."""
    return bool(listing.statuses) or _STATE.get(state) != "deactivated"


def _fits(
    listing: Listing,
    person: Sequence[Any],
    words: list[tuple[str, str]],
    emails: list[str],
    named: dict[str, Sequence[str]],
) -> bool:
    _tenant, _path, home, role, location, state, signed, email, text, tags = person
    texts = [text, *(each for tag in tags for each in named[tag])]
    recent = signed and signed >= datetime.now(UTC) - timedelta(days=30)
    status = _STATE.get(state) or ("active" if recent else "inactive")
    filtered = (
        (not listing.role_ids or role in listing.role_ids)
        and (not listing.location_ids or location in listing.location_ids)
        and (not listing.organization_ids or home in listing.organization_ids)
        and (not listing.statuses or status in listing.statuses)
        and _shown(listing, state)
    )
    return (
        _within(listing, person)
        and filtered
        and all(_holds(token, word, email, texts, emails) for token, word in words)
    )


def _holds(token: str, word: str, email: str, texts: Sequence[str], emails: list[str]) -> bool:
    address = token.lower()
    if "@" in token[1:] and any(each.startswith(address) for each in emails):
        return email.startswith(address)
    if not word:
        return True
    return any((word if len(word.split(" ", maxsplit=1)[0]) > 2 else f" {word}") in text for text in texts)
