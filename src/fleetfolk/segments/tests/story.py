"""A random world, in the database and for the oracle, and random rules about it."""

import datetime as dt
import random
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection

from fleetfolk.access.models import Role
from fleetfolk.actionlog.models import Entry
from fleetfolk.devices.models import (
    Device,
    DeviceTag,
    MetadataField,
    MetadataKind,
    Reported,
    Share,
    ShareLevel,
)
from fleetfolk.kernel import clock
from fleetfolk.organizations.models import CustomField, FieldKind, Location, Organization, OrganizationKind, Tag
from fleetfolk.segments.models import Member, Population, Segment, SegmentKind
from fleetfolk.segments.sql import ROW, SOURCE, Scope, named_by_rules
from fleetfolk.segments.tests.oracle import Plain, Somebody, Thing, World, Written
from fleetfolk.testing.devices import template_of
from fleetfolk.testing.door import staging
from fleetfolk.users.models import User, UserTag, status_of

PEOPLE, THINGS, TREES = 50, 40, 180
NAMES = ("Anna", "Ann", "Jürgen", "O'Neil", "Åsa", "Zoë Maria", "佐藤", "李", "ßen", "Ann-Lee")
WORDS = ("ann", "Jurgen", "zoë", "o'n", "美", "佐", "ss", "maria", "7", "x.example", "NEIL", "a")
OWN_WORDS = ("gold", "Silber", "Gölden", "", "gold plus")
ZONES = ("Europe/Berlin", "Pacific/Auckland", "America/St_Johns", "UTC")
AWAY = (0, 1, 2, 6, 40, 200)


class Story:
    """One random world in the database, and the same for the oracle.

    A package above adds what its fields are about: it overrides `happen`, `happened` and `askable`.
    """

    counted: tuple[str, ...] = ("actions", "sign_ins")
    """The fields that count what happened in a period."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.now = clock.now()
        with staging():
            self._places()
            self._people()
            self._things()
            self._acts()
            self.happen()
        self.segments: dict[int, Written] = {}
        self._read()

    def happen(self) -> None:
        """More happens to the people of the tenant, of which fields of a package above tell."""

    def happened(self, person: User) -> dict[str, list[dt.datetime]]:
        """By the names of those fields, when it happened to the person."""
        return {}

    def moment(self) -> dt.datetime:
        """A moment near the beginning or the end of a day somewhere, before now or behind it."""
        zone = ZoneInfo(self.chance.choice(ZONES))
        away = self.chance.choice(AWAY) * self.chance.choice((-1, -1, 1))
        day = self.now.astimezone(zone).date() + dt.timedelta(days=away)
        near = dt.timedelta(microseconds=self.chance.choice((-1, 0, 1, 43_200_000_000)))
        return dt.datetime.combine(day, dt.time(), tzinfo=zone).astimezone(dt.UTC) + near

    def _places(self) -> None:
        self.places: list[Organization] = []
        for number in range(7):
            parent = self.chance.choice(self.places) if self.places else None
            kind = OrganizationKind.BRANCH if parent else OrganizationKind.ROOT
            place = Organization(parent=parent, name=f"P{number}", kind=kind, time_zone=self.chance.choice(ZONES))
            place.save(force_insert=True)
            place.refresh_from_db()
            self.places.append(place)
        self.tenant = tenant = self.places[0]
        self.roles = [Role.objects.create(tenant=tenant, name=name) for name in ("Staff", "User")]
        self.locations = [Location.objects.create(tenant=tenant, organization=tenant, name=name) for name in "AB"]
        self.tags = [Tag.objects.create(tenant=tenant, organization=tenant, name=name) for name in "XYZ"]
        self.fields = {
            kind: CustomField.objects.create(
                tenant=tenant, organization=tenant, name=f"F {kind}", kind=kind, choices=["red", "blue"]
            )
            for kind in FieldKind
        }
        self.templates = [template_of(tenant, name) for name in ("Heat pump", "Boiler")]
        self.facts = {
            kind: MetadataField.objects.create(
                tenant=tenant, template=self.templates[0], name=f"M {kind}", kind=kind, choices=["red", "blue"]
            )
            for kind in MetadataKind
        }

    def _own(self) -> dict[str, Any]:
        makes: dict[FieldKind, Any] = {
            FieldKind.TEXT: lambda: self.chance.choice(OWN_WORDS),
            FieldKind.NUMBER: lambda: self.chance.choice(("1", "2.50", "-3", "1000000000000")),
            FieldKind.DATE: lambda: self.moment().date().isoformat(),
            FieldKind.CHOICE: lambda: self.chance.choice(("red", "blue")),
            FieldKind.SWITCH: lambda: self.chance.choice((True, False)),
            FieldKind.LINK: lambda: "https://a.example/x",
        }
        return {str(self.fields[kind].pk): make() for kind, make in makes.items() if self.chance.random() < 0.6}

    def _facts(self) -> dict[str, Any]:
        makes: dict[MetadataKind, Any] = {
            MetadataKind.TEXT: lambda: self.chance.choice(OWN_WORDS),
            MetadataKind.NUMBER: lambda: self.chance.choice((1, 2.5, -3, 10**12)),
            MetadataKind.SWITCH: lambda: self.chance.choice((True, False)),
            MetadataKind.LIST: lambda: self.chance.choice(("red", "blue")),
            MetadataKind.COORDINATES: lambda: [13.4, 52.5],
            MetadataKind.TIME_ZONE: lambda: self.chance.choice(ZONES),
            MetadataKind.EMAIL: lambda: "ann@x.example",
            MetadataKind.DATE: lambda: self.moment().date().isoformat(),
            MetadataKind.LINK: lambda: "https://a.example/x",
        }
        return {str(self.facts[kind].pk): make() for kind, make in makes.items() if self.chance.random() < 0.6}

    def _rarely(self) -> dt.datetime | None:
        return self.now if self.chance.random() < 0.12 else None

    def _people(self) -> None:
        for number in range(PEOPLE):
            person = User.objects.create(
                tenant=self.tenant,
                organization=self.chance.choice(self.places),
                role=self.chance.choice(self.roles),
                location=self.chance.choice([None, *self.locations]),
                first_name=self.chance.choice(NAMES),
                last_name=self.chance.choice([*NAMES, ""]),
                email=f"p{number}@{self.chance.choice(('x', 'y'))}.example",
                phone=self.chance.choice(("", "+4915123", "+15551234567")),
                language=self.chance.choice(("", "de", "en")),
                time_zone=self.chance.choice(("", "Europe/Berlin")),
                custom=self._own(),
                created_at=self.moment(),
                activated_at=self.chance.choice((None, self.now, self.now)),
                disabled_at=self._rarely(),
                deactivated_at=self._rarely(),
                deletion_requested_at=self._rarely(),
                last_sign_in_at=self.chance.choice((None, self.moment())),
            )
            for tag in self.tags:
                if self.chance.random() < 0.4:
                    UserTag.objects.create(tenant=self.tenant, user=person, tag=tag)

    def _things(self) -> None:
        people = list(User.objects.filter(tenant=self.tenant))
        for number in range(THINGS):
            deleted = self.chance.random() < 0.15
            device = Device.objects.create(
                tenant=self.tenant,
                organization=self.chance.choice(self.places),
                template=self.chance.choice(self.templates),
                owner=self.chance.choice([None, *people]),
                location=self.chance.choice([None, *self.locations]),
                name=f"{self.chance.choice(NAMES)} {number % 5}",
                serial=self.chance.choice(("", "SN-7", "sn-8")),
                firmware=self.chance.choice(("", "1.0", "2.0-RC")),
                metadata=self._facts(),
                created_at=self.moment(),
                activated_at=self.chance.choice((None, self.moment())),
                deactivated_at=self.now if self.chance.random() < 0.1 else None,
                deleted_at=self.now if deleted else None,
            )
            said: dict[str, Any] = {
                "0": self.chance.choice((True, False)),
                "2": self.chance.choice((21.5, 7, -3.25)),
                "4": self.chance.choice(OWN_WORDS),
                "5": self.chance.choice((0, 1, 2)),
            }
            kept = {pin: value for pin, value in said.items() if self.chance.random() < 0.7}
            Reported.objects.create(
                device=device,
                tenant=self.tenant,
                online=self.chance.random() < 0.5,
                reported_at=self.chance.choice((None, self.moment())),
                values=kept,
            )
            for tag in self.tags:
                if self.chance.random() < 0.4:
                    DeviceTag.objects.create(tenant=self.tenant, device=device, tag=tag)
            for person in self.chance.sample(people, 2):
                Share.objects.create(
                    tenant=self.tenant,
                    device=device,
                    user=person,
                    level=ShareLevel.VIEW,
                    ends_at=self.chance.choice((None, self.moment())),
                    created_by_id=0,
                    created_by_label="x",
                )

    def _acts(self) -> None:
        people = list(User.objects.filter(tenant=self.tenant))
        for _number in range(150):
            person = self.chance.choice(people)
            entrance = self.chance.random() < 0.5
            Entry.objects.create(
                tenant=self.tenant,
                at=self.moment(),
                code="user.session.start" if entrance else self.chance.choice(("user.edit", "tag.create")),
                result=self.chance.choice(("done", "done", "refused")),
                client=self.chance.choice(("web", "ios")),
                actor_kind="system" if entrance else "user",
                actor_id="noter" if entrance else str(person.pk),
                actor_label="x",
                target_type="users.User",
                target_id=person.pk,
                path=person.path,
            )

    def _read(self) -> None:
        tags = {person.pk: [tag.pk for tag in person.tags.all()] for person in User.objects.filter(tenant=self.tenant)}
        people = {
            person.pk: Somebody(
                id=person.pk,
                home=person.organization_id,
                there=person.deactivated_at is None,
                happened=self.happened(person),
                shared=[one.device_id for one in person.device_shares.exclude(ends_at__lte=self.now)],
                values={
                    "name": [person.name],
                    "email": [Plain(person.email)],
                    "phone": [Plain(person.phone)],
                    "language": [person.language or None],
                    "time_zone": [Plain(person.time_zone)],
                    "tags": list(tags[person.pk]),
                    "status": [status_of(person.state, person.last_sign_in_at, now=self.now).value],
                    "role": [person.role_id],
                    "created": [person.created_at],
                    "last_sign_in": [person.last_sign_in_at],
                    "home": [person.organization_id],
                    "location": [person.location_id],
                    "devices": [Device.objects.filter(owner=person, deleted_at=None).count()],
                    **{f"custom.{key}": [self._own_value(int(key), value)] for key, value in person.custom.items()},
                },
            )
            for person in User.objects.filter(tenant=self.tenant)
        }
        for entry in Entry.objects.filter(tenant=self.tenant, result="done"):
            if entry.actor_kind == "user":
                people[int(entry.actor_id)].acts.append((entry.code, entry.client, entry.at))
            elif entry.target_id is not None:
                people[entry.target_id].entrances.append((entry.client, entry.at))
        things = {
            device.pk: Thing(
                id=device.pk,
                home=device.organization_id,
                owner=device.owner_id,
                there=device.state in (1, 2, 3),
                values={
                    "name": [device.name],
                    "serial": [Plain(device.serial)],
                    "firmware": [Plain(device.firmware)],
                    "model": [device.template_id],
                    "state": [{1: "active", 2: "waiting", 3: "deactivated"}.get(device.state)],
                    "tags": [tag.pk for tag in device.tags.all()],
                    "owned": [device.owner_id is not None],
                    "created": [device.created_at],
                    "activated": [device.activated_at],
                    "home": [device.organization_id],
                    "location": [device.location_id],
                    "online": [device.reported.online],
                    "reported": [device.reported.reported_at],
                    **{
                        f"stream.{device.template_id}.{pin}": [self._said(pin, value)]
                        for pin, value in device.reported.values.items()
                    },
                    **{
                        f"metadata.{key}": [self._fact(int(key), value)]
                        for key, value in device.metadata.items()
                        if device.template_id == self.templates[0].pk
                    },
                },
            )
            for device in Device.objects.select_related("reported").filter(tenant=self.tenant)
        }
        self.world = World(
            people=people,
            things=things,
            segments=self.segments,
            above={place.pk: place.parent_id for place in self.places},
            zones={place.pk: ZoneInfo(place.time_zone) for place in self.places},
            now=self.now,
        )

    def _own_value(self, key: int, value: Any) -> Any:
        kind = next(kind for kind, each in self.fields.items() if each.pk == key)
        if kind is FieldKind.NUMBER:
            return Decimal(value)
        return dt.date.fromisoformat(value) if kind is FieldKind.DATE else value

    def _fact(self, key: int, value: Any) -> Any:
        kind = next(kind for kind, each in self.facts.items() if each.pk == key)
        if kind is MetadataKind.NUMBER:
            return Decimal(str(value))
        return dt.date.fromisoformat(value) if kind is MetadataKind.DATE else value

    def _said(self, pin: str, value: Any) -> Any:
        return Decimal(str(value)) if pin == "2" else str(value) if pin == "5" else value

    def add_segments(self) -> None:
        """Some segments, by hand and by rules, each of which may ask for those before it."""
        for number in range(8):
            of = self.chance.choice(Population.values)
            place = self.chance.choice(self.places)
            rules = self.tree(of, depth=2) if self.chance.random() < 0.6 else None
            kind = SegmentKind.STATIC if rules is None else SegmentKind.DYNAMIC
            everybody = self.world.people if of == "users" else self.world.things
            inside = {key for key in everybody if self.chance.random() < 0.4} if rules is None else set()
            with staging():
                segment = Segment.objects.create(
                    tenant=self.tenant, organization=place, name=f"S{number}", of=of, kind=kind, rules=rules
                )
                for key in inside:
                    Member.objects.create(tenant=self.tenant, segment=segment, target_id=key, since=self.now)
            self.segments[segment.pk] = Written(id=segment.pk, of=of, home=place.pk, rules=rules, by_hand=inside)

    def tree(self, of: str, *, depth: int = 4) -> dict[str, Any]:
        """Random rules."""
        dice = self.chance.random()
        if depth == 0 or dice < 0.4:
            return self._line(of)
        if dice < 0.55:
            return {"not": self.tree(of, depth=depth - 1)}
        kind = self.chance.choice(("all", "any"))
        return {kind: [self.tree(of, depth=depth - 1) for _ in range(self.chance.randint(1, 3))]}

    def _line(self, of: str) -> dict[str, Any]:
        makers = self.askable(of)
        name = self.chance.choice(sorted(makers))
        op, value = makers[name]()
        line = {"field": name, "op": op}
        if value is not None:
            line["value"] = value
        if name in self.counted:
            about: dict[str, Any] = {"days": self.chance.choice(AWAY)}
            if name in ("actions", "sign_ins") and self.chance.random() < 0.5:
                about["client"] = "ios"
            if name == "actions" and self.chance.random() < 0.5:
                about["code"] = "user.edit"
            line["about"] = about
        return line

    def askable(self, of: str) -> dict[str, Any]:
        """By the name of a field, what makes an operator and a value for it."""
        text, date, known = self._text, self._date, ("known", "unknown")
        homes, locations = [place.pk for place in self.places], [place.pk for place in self.locations]
        tags, templates = [tag.pk for tag in self.tags], [each.pk for each in self.templates]
        nested = {each: [key for key, one in self.segments.items() if one.of == each] for each in Population.values}
        stream = f"stream.{templates[0]}"
        fact = {kind: f"metadata.{each.pk}" for kind, each in self.facts.items()}
        shared: dict[str, Any] = {
            "name": lambda: text(()),
            "created": lambda: date(()),
            "organization": lambda: (self.chance.choice(("within", "beyond")), self._some(homes)),
            "home": lambda: self._choice(homes, ()),
            "location": lambda: self._choice(locations, known),
            "tags": lambda: self._labels(tags, known),
            f"{stream}.0": lambda: ("is", self.chance.random() < 0.5),
            f"{stream}.2": lambda: self.number((21.5, 7, -3.25, 10), known),
            f"{stream}.4": lambda: text(known),
            f"{stream}.5": lambda: self._choice(["0", "1", "2"], known),
            **{
                fact[kind]: lambda: text(known)
                for kind in (MetadataKind.TEXT, MetadataKind.TIME_ZONE, MetadataKind.EMAIL, MetadataKind.LINK)
            },
            fact[MetadataKind.NUMBER]: lambda: self.number((1, 2.5, -3, 10**12), known),
            fact[MetadataKind.SWITCH]: lambda: ("is", self.chance.random() < 0.5),
            fact[MetadataKind.LIST]: lambda: self._choice(["red", "blue"], known),
            fact[MetadataKind.DATE]: lambda: date(known),
        }
        if nested[of]:
            shared["segment"] = lambda: self._labels(nested[of], ())
        if of == "devices":
            if nested["users"]:
                shared["owner_segment"] = lambda: self._labels(nested["users"], ())
            return shared | {
                "serial": lambda: text(known),
                "firmware": lambda: text(known),
                "model": lambda: self._choice(templates, ()),
                "state": lambda: self._choice(["active", "waiting", "deactivated"], ()),
                "owned": lambda: ("is", self.chance.random() < 0.5),
                "activated": lambda: date(known),
                "online": lambda: ("is", self.chance.random() < 0.5),
                "reported": lambda: date(known),
            }
        if nested["devices"]:
            shared["device_segment"] = lambda: self._labels(nested["devices"], ())
        own = {kind: f"custom.{each.pk}" for kind, each in self.fields.items()}
        return shared | {
            "email": lambda: text(()),
            "phone": lambda: text(known),
            "language": lambda: self._choice(["de", "en"], known),
            "time_zone": lambda: text(known),
            "status": lambda: self._choice(["active", "inactive", "pending", "disabled", "deletion"], ()),
            "role": lambda: self._choice([role.pk for role in self.roles], ()),
            "last_sign_in": lambda: date(known),
            "devices": lambda: self.number((0, 1, 2), ()),
            "shared_devices": lambda: self.number((0, 1, 2), ()),
            "device_model": lambda: self._labels(templates, known),
            "device_online": lambda: ("is", self.chance.random() < 0.5),
            "device_reported": lambda: date(known),
            "actions": lambda: self.number((0, 1, 2), ()),
            "sign_ins": lambda: self.number((0, 1, 2), ()),
            own[FieldKind.TEXT]: lambda: text(known),
            own[FieldKind.LINK]: lambda: text(known),
            own[FieldKind.NUMBER]: lambda: self.number((1, 2.5, -3, 10**12), known),
            own[FieldKind.DATE]: lambda: date(known),
            own[FieldKind.CHOICE]: lambda: self._choice(["red", "blue"], known),
            own[FieldKind.SWITCH]: lambda: ("is", self.chance.random() < 0.5),
        }

    def _some(self, among: list[Any]) -> list[Any]:
        return self.chance.sample(among, self.chance.randint(1, min(2, len(among))))

    def _choice(self, among: list[Any], more: tuple[str, ...]) -> tuple[str, Any]:
        op = self.chance.choice(("any_of", "none_of", *more))
        return op, None if op in more else self._some(among)

    def _labels(self, among: list[Any], more: tuple[str, ...]) -> tuple[str, Any]:
        op = self.chance.choice(("any_of", "none_of", "all_of", *more))
        return op, None if op in more else self._some(among)

    def _text(self, more: tuple[str, ...]) -> tuple[str, Any]:
        op = self.chance.choice(("is", "is_not", "contains", "lacks", "begins", "ends", *more))
        return op, None if op in more else self.chance.choice((*WORDS, *NAMES, "gold", "sn-7", "2.0-rc", "+49"))

    def number(self, among: tuple[Any, ...], more: tuple[str, ...]) -> tuple[str, Any]:
        """What asks about a number."""
        op = self.chance.choice(("equals", "differs", "at_least", "at_most", "above", "below", "between", *more))
        if op in more:
            return op, None
        return op, sorted(self.chance.choices(among, k=2)) if op == "between" else self.chance.choice(among)

    def _date(self, more: tuple[str, ...]) -> tuple[str, Any]:
        op = self.chance.choice(("last", "ago", "next", "before", "on", "after", *more))
        if op in more:
            return op, None
        if op in ("last", "ago", "next"):
            return op, self.chance.choice(AWAY)
        return op, (self.moment() + dt.timedelta(hours=self.chance.choice((-9, 0, 9)))).date().isoformat()


def found(rules: dict[str, Any], of: str, place: Organization, now: dt.datetime) -> set[int]:
    """The keys of whom the rules of the place name, as the database says."""
    named = named_by_rules(rules, of, Scope.of(place, now=now))
    source = Population(of)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {ROW[source]}.id FROM {SOURCE[source]} WHERE {named.text}", list(named.params))
        return {key for (key,) in cursor.fetchall()}


def compare(story: Story) -> None:
    """Random rules name in the database whom the oracle names; not always nobody."""
    some = 0
    for _number in range(TREES):
        of = story.chance.choice(Population.values)
        place = story.chance.choice([story.tenant, story.tenant, *story.places])
        rules = story.tree(of)
        expected = story.world.named(rules, of, place.pk)
        assert found(rules, of, place, story.now) == expected, (rules, of, place.name)
        some += bool(expected)
    assert some > TREES / 4
