"""What happened in the demo world during the three months before a moment.

``story(now, seed=1)``   every event up to ``now`` (aware), oldest first; the same for the same moment and seed.
``RANK``                 what counts as stronger among the roles.
``SESSION``              how long a sign-in at the console lasts in the story: nobody acts on an older one.

``fleetfolk.demo.events`` says what an event is and holds.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from fleetfolk.demo.clients import Device, devices
from fleetfolk.demo.events import SETUP, Event, Expected, Kind
from fleetfolk.demo.hours import AWAKE, OFFICE, is_within, is_workday, moment
from fleetfolk.demo.lives import IMPORTS, Life, lives
from fleetfolk.demo.mistakes import Fields, as_invited, as_known
from fleetfolk.demo.people import Person, Role
from fleetfolk.demo.places import ancestors, contains, organization
from fleetfolk.demo.visits import visits

RANK: dict[Role, int] = {"user": 1, "staff": 2, "admin": 3}

_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)
_MINUTE = timedelta(minutes=1)

SESSION = 10 * _DAY

_ENDS_SESSIONS = {Kind.RESET_PASSWORD, Kind.ASSIGN_PASSWORD, Kind.END_SESSIONS, Kind.DISABLE, Kind.DELETE}
_BY_THE_TARGET = {Kind.OPEN_INVITATION, Kind.ACCEPT, Kind.SIGN_IN}

_DISABLE_REASONS = (
    "Contract ended",
    "Payment charged back",
    "Moved out",
    "Left the company",
    "Asked for it by telephone",
)
_PAUSE_REASONS = ("Telephone lost, until a new one is there", "On leave", "Bill unpaid")
_ENABLE_REASONS = ("Back at work", "Paid", "New telephone set up", "Disabled by mistake")

# How many invitations hold a mistake, and how often each kind of care is taken in the three months.
_MISTAKES = 60
_CARE: dict[Kind, int] = {Kind.RESET_PASSWORD: 28, Kind.ASSIGN_PASSWORD: 8, Kind.END_SESSIONS: 12}


def story(now: datetime, seed: int = 1) -> tuple[Event, ...]:
    """Every event of the three months before ``now`` (aware), oldest first."""
    teller = _Teller(now, seed)
    teller.tell()
    return tuple(sorted(teller.with_sign_ins(), key=lambda event: event.at))


class _Teller:
    """Events told so far, in any order, and the people who can have a hand in them."""

    def __init__(self, now: datetime, seed: int) -> None:
        self.now = now
        self.rng = Random(f"story {seed}")  # noqa: S311 - a believable world, not a secret
        self.lives = {life.person.email: life for life in lives(now, seed)}
        self.events: list[Event] = []
        # From here on the operator has more than one admin.
        self._settled = min(life.invited for life in self.lives.values()) + 5 * _DAY
        self._hands = [life for life in self.lives.values() if _is_steady(life) and life.person.role != "user"]

    def tell(self) -> None:
        """Everything has been told except when those who act signed in."""
        self._arrivals()
        for life in self.lives.values():
            self._visits(life)
            self._tags(life)
            self._absence(life)
            self._move(life)
        self._care()
        self._attempts()

    def with_sign_ins(self) -> Iterator[Event]:
        """The events, each with its device; whoever acts at the console without an open session signs in before."""
        sessions: dict[str, tuple[datetime, Device]] = {}
        ended: dict[str, datetime] = {}
        for event in sorted(self.events, key=lambda each: each.at):
            if event.kind in _BY_THE_TARGET:
                if event.kind is not Kind.OPEN_INVITATION and event.device.client == "Web":
                    sessions[event.actor] = (event.at, event.device)
                yield event
                continue
            if event.actor == SETUP:
                yield event
                continue
            session = sessions.get(event.actor)
            if session is None or event.at - session[0] > SESSION:
                since = max(event.at - 9 * _MINUTE, ended.get(event.actor, event.at - _HOUR))
                at = event.at - (event.at - since) * self.rng.uniform(0.1, 0.9)
                session = sessions[event.actor] = (at, self._browser(event.actor))
                yield Event(at=at, actor=event.actor, kind=Kind.SIGN_IN, target=event.actor, device=session[1])
            if event.kind in _ENDS_SESSIONS and event.expected == "done":
                sessions.pop(event.target, None)
                ended[event.target] = event.at
            yield replace(event, device=session[1])

    def _browser(self, email: str) -> Device:
        return next(each for each in devices(self.lives[email].person) if each.client == "Web")

    def _add(
        self,
        at: datetime,
        actor: str,
        kind: Kind,
        target: str,
        *,
        expected: Expected = "done",
        rows: tuple[Fields, ...] = (),
        data: Fields | None = None,
    ) -> None:
        self.events.append(
            Event(at=at, actor=actor, kind=kind, target=target, data=data or {}, rows=rows, expected=expected)
        )

    def _hand(self, at: datetime, target: Person, *places: str, at_least: Role = "user") -> str:
        """Somebody who was there and at work, with the right to do it to this person in all of these organizations."""
        needed = max(RANK["staff"], RANK[target.role], RANK[at_least])
        able = [
            life
            for life in self._hands
            if life.accepted
            and life.accepted < at
            and life.person.email != target.email
            and RANK[life.person.role] >= needed
            and all(contains(life.person.organization, place) for place in places)
        ]
        awake = [life for life in able if _works(life.person, at)] or able
        weights = [_closeness(life.person, places[0]) for life in awake]
        return self.rng.choices(awake, weights=weights)[0].person.email

    def _arrivals(self) -> None:
        """Everybody has been invited or imported, most have come, and what was wrong has been put right."""
        chosen = [
            life for life in self.lives.values() if not life.came_from and life.person.email != self._first().email
        ]
        clumsy = {life.person.email for life in self.rng.sample(chosen, _MISTAKES)}
        lists: dict[str, list[Fields]] = {}
        for life in self.lives.values():
            person = life.person
            fields = as_invited(person, self.rng) if person.email in clumsy else as_known(person)
            self._correct(life, fields)
            where = life.home(life.invited)
            if life.came_from:
                fields["site"] = ""
            if life.imported:
                row = fields | {"email": person.email, "role": person.role, "organization": where}
                lists.setdefault(where, []).append(row)
            else:
                first = person.email == self._first().email
                hand = SETUP if first else self._hand(life.invited, person, where)
                self._add(
                    life.invited,
                    hand,
                    Kind.INVITE,
                    person.email,
                    data=fields | {"role": person.role, "organization": where},
                )
            self._arrival(life)
        for where, rows in lists.items():
            self._import(where, tuple(rows))

    def _first(self) -> Person:
        return next(iter(self.lives.values())).person

    def _import(self, where: str, rows: tuple[Fields, ...]) -> None:
        """That organization's people came in one go, with an invitation each."""
        life = self.lives[rows[0]["email"]]
        hand = self._hand(life.invited, life.person, where)
        self._add(
            life.invited,
            hand,
            Kind.IMPORT,
            "",
            rows=rows,
            data={"file": IMPORTS[where], "organization": where, "invite": "yes"},
        )

    def _arrival(self, life: Life) -> None:
        """The invitation was opened, sent again, or accepted."""
        person = life.person
        if life.resent:
            hand = self._hand(life.resent, person, person.organization)
            self._add(life.resent, hand, Kind.RESEND_INVITATION, person.email)
        if life.opened:
            self._own(life.opened, life, Kind.OPEN_INVITATION, self._browser(person.email))
        if life.accepted:
            zone = {"time_zone": person.time_zone, "language": person.language}
            self._own(life.accepted, life, Kind.ACCEPT, self._browser(person.email), zone)

    def _own(self, at: datetime, life: Life, kind: Kind, device: Device, data: Fields | None = None) -> None:
        """Somebody did it to the own account."""
        email = life.person.email
        self.events.append(Event(at=at, actor=email, kind=kind, target=email, data=data or {}, device=device))

    def _correct(self, life: Life, fields: Fields) -> None:
        """Somebody noticed the mistake within two weeks and corrected it."""
        right = {name: value for name, value in as_known(life.person).items() if fields[name] != value}
        if not right:
            return
        until = min(life.invited + 15 * _DAY, self._untouched_until(life))
        at = moment(life.invited + _HOUR / 4, until, organization(life.person.organization).time_zone, self.rng, skew=2)
        self._add(at, self._hand(at, life.person, life.person.organization), Kind.EDIT, life.person.email, data=right)

    def _untouched_until(self, life: Life) -> datetime:
        """The moment up to which nothing has been disabled, deleted or moved."""
        moments = [self.now, life.away[0] if life.away else self.now, life.moved or self.now]
        if life.person.ending in {"disabled", "deletion_pending"}:
            moments.append(life.last)
        return min(moments) - _MINUTE

    def _visits(self, life: Life) -> None:
        used = devices(life.person)
        for at in visits(life, self.now, self.rng):
            device = used[-1] if self.rng.random() < 0.2 else used[0]
            self._own(at, life, Kind.SIGN_IN, device)

    def _tags(self, life: Life) -> None:
        """Each of the person's tags was put on at some time; a chargeback shortly before the account was disabled."""
        until = self._untouched_until(life)
        for tag in life.person.tags:
            begin = max(life.invited, until - 2 * _DAY) if tag == "chargeback" else life.invited
            end = until if tag == "chargeback" else min(until, begin + 40 * _DAY)
            where = life.home(begin)
            at = moment(max(begin, self._settled) + _MINUTE, end, organization(where).time_zone, self.rng, skew=1.5)
            self._add(at, self._hand(at, life.person, where), Kind.ASSIGN_TAG, life.person.email, data={"tag": tag})

    def _absence(self, life: Life) -> None:
        """The account was disabled or deleted: for a while, or to stay so."""
        person, where = life.person, life.person.organization
        if life.away:
            begin, end = life.away
            needed: Role = "admin" if life.away_by == "delete" else "staff"
            first, second = (self._hand(at, person, where, at_least=needed) for at in life.away)
            if life.away_by == "disable":
                self._add(begin, first, Kind.DISABLE, person.email, data={"reason": self.rng.choice(_PAUSE_REASONS)})
                self._add(end, second, Kind.ENABLE, person.email, data={"reason": self.rng.choice(_ENABLE_REASONS)})
            else:
                self._add(begin, first, Kind.DELETE, person.email)
                self._add(end, second, Kind.RESTORE, person.email)
        if person.ending == "disabled":
            reason = "Payment charged back" if "chargeback" in person.tags else self.rng.choice(_DISABLE_REASONS)
            self._add(
                life.last, self._hand(life.last, person, where), Kind.DISABLE, person.email, data={"reason": reason}
            )
        if person.ending == "deletion_pending":
            self._add(life.last, self._hand(life.last, person, where, at_least="admin"), Kind.DELETE, person.email)

    def _move(self, life: Life) -> None:
        """The person was given to an administrator elsewhere, who then set the site there."""
        person = life.person
        if not life.moved:
            return
        keeper = self._keeper(life)
        self._add(
            life.moved,
            self._hand(life.moved, person, life.came_from, person.organization, at_least="admin"),
            Kind.TRANSFER,
            person.email,
            data={
                "organization": person.organization,
                "administrator": keeper,
                "role": person.role,
                "devices": "yes" if person.role == "user" else "no",
            },
        )
        if person.site:
            zone = self.lives[keeper].person.time_zone
            at = moment(life.moved + 5 * _MINUTE, min(life.moved + 2 * _DAY, self.now), zone, self.rng)
            self._add(at, keeper, Kind.EDIT, person.email, data={"site": person.site})

    def _keeper(self, life: Life) -> str:
        """An admin of the organization to which somebody moved, or of the nearest one above it."""
        for where in ancestors(life.person.organization):
            for hand in self._hands:
                admin = hand.person.organization == where.key and hand.person.role == "admin"
                if admin and hand.accepted and life.moved and hand.accepted < life.moved:
                    return hand.person.email
        raise LookupError(f"Nobody can take {life.person.email}.")

    def _care(self) -> None:
        """Some people needed a new password or were signed out everywhere, and came back when they needed it."""
        steady = [life for life in self.lives.values() if _is_steady(life) and life.accepted]
        settled = [life for life in steady if life.accepted and life.accepted < self.now - 12 * _DAY]
        for kind, count in _CARE.items():
            for life in self.rng.sample(settled, count):
                if not life.accepted:
                    continue
                person = life.person
                after, zone = max(life.accepted + 2 * _DAY, self._settled), organization(person.organization).time_zone
                at = moment(after, self.now - _DAY, zone, self.rng)
                self._add(at, self._hand(at, person, person.organization), kind, person.email)
                back = moment(
                    at + 3 * _MINUTE, at + 0.9 * _DAY, person.time_zone, self.rng, hours=AWAKE, workdays=False, skew=2
                )
                self._own(back, life, Kind.SIGN_IN, devices(person)[0])

    def _attempts(self) -> None:
        """Some tried what they may not, or what could not be done; nothing came of it."""
        for _ in range(5):
            self._reach_up()
            self._reach_sideways()
        for _ in range(3):
            self._reach_from_below()
        for _ in range(2):
            self._invite_too_much()
        for _ in range(3):
            self._remove_the_last_admin()
        self._disable_twice()

    def _attempt(
        self, actor: Life, kind: Kind, target: Life, *, expected: Expected = "denied", data: Fields | None = None
    ) -> None:
        """At a time at which both were settled, the actor tried it."""
        settled = max(each.accepted or each.invited for each in (actor, target))
        at = moment(settled + _DAY, self.now, actor.person.time_zone, self.rng)
        self._add(at, actor.person.email, kind, target.person.email, expected=expected, data=data)

    def _some(self, *, role: Role, kind: str, inside: str = "lumen", outside: str = "") -> Life:
        """Anybody with that role in that kind of organization, below one and not below another, who is well settled."""
        return self.rng.choice(
            [
                life
                for life in self.lives.values()
                if life.person.role == role
                and organization(life.person.organization).kind == kind
                and contains(inside, life.person.organization)
                and not (outside and contains(outside, life.person.organization))
                and life.accepted
                and life.accepted < self.now - 14 * _DAY
                and _is_steady(life)
            ]
        )

    def _reach_up(self) -> None:
        """Staff of a branch tried to change an admin of the same branch."""
        actor = self._some(role="staff", kind="branch")
        target = self._some(role="admin", kind="branch", inside=actor.person.organization)
        kind = self.rng.choice([Kind.EDIT, Kind.EDIT, Kind.RESET_PASSWORD, Kind.DELETE, Kind.END_SESSIONS])
        data = {"phone": ""} if kind is Kind.EDIT else {}
        self._attempt(actor, kind, target, data=data)

    def _reach_sideways(self) -> None:
        """Staff of a branch tried to change a customer of another branch."""
        actor = self._some(role="staff", kind="branch")
        target = self._some(role="user", kind="client", outside=actor.person.organization)
        kind = self.rng.choice([Kind.EDIT, Kind.ASSIGN_PASSWORD, Kind.DISABLE])
        data = {Kind.EDIT: {"phone": ""}, Kind.DISABLE: {"reason": "Moved out"}}.get(kind, {})
        self._attempt(actor, kind, target, expected="not_found", data=data)

    def _reach_from_below(self) -> None:
        """The admin of a customer tried to change an admin of the branch above."""
        actor = self._some(role="admin", kind="client")
        (branch,) = [each.key for each in ancestors(actor.person.organization) if each.kind == "branch"]
        target = self._some(role="admin", kind="branch", inside=branch)
        self._attempt(actor, self.rng.choice([Kind.RESET_PASSWORD, Kind.END_SESSIONS]), target, expected="not_found")

    def _invite_too_much(self) -> None:
        """Staff tried to invite a stronger colleague than they are themselves."""
        actor = self._some(role="staff", kind="branch")
        name = self.rng.choice(["Robin", "Kim", "Sascha", "Noa"])
        last_name = self.rng.choice(["Hall", "Berg", "Sand"])
        email = f"{name}.{last_name}@lumenhome.example".lower()
        at = moment((actor.accepted or actor.invited) + _DAY, self.now, actor.person.time_zone, self.rng)
        fields: Fields = {
            "first_name": name,
            "last_name": last_name,
            "phone": "",
            "site": "",
        }
        fields |= {"role": "admin", "organization": actor.person.organization}
        self._add(at, actor.person.email, Kind.INVITE, email, expected="denied", data=fields)

    def _remove_the_last_admin(self) -> None:
        """An admin of the branch tried to remove the only admin of a customer."""
        target = self._some(role="admin", kind="client")
        while organization(target.person.organization).admins != 1:
            target = self._some(role="admin", kind="client")
        (branch,) = [each.key for each in ancestors(target.person.organization) if each.kind == "branch"]
        actor = self._some(role="admin", kind="branch", inside=branch)
        kind = self.rng.choice([Kind.DISABLE, Kind.DELETE])
        data = {"reason": "Left the company"} if kind is Kind.DISABLE else {}
        self._attempt(actor, kind, target, expected="refused", data=data)

    def _disable_twice(self) -> None:
        """Two colleagues had the same idea; the second came too late."""
        for life in self.lives.values():
            if life.person.ending == "disabled" and life.last < self.now - 3 * _DAY:
                zone = organization(life.person.organization).time_zone
                at = moment(life.last + _HOUR / 2, self.now, zone, self.rng)
                hand = self._hand(at, life.person, life.person.organization)
                self._add(
                    at, hand, Kind.DISABLE, life.person.email, expected="refused", data={"reason": "Contract ended"}
                )
                return


def _is_steady(life: Life) -> bool:
    """Whether the account came and stayed: active at the end, never moved, never away."""
    return life.person.ending == "active" and not life.came_from and life.away is None


def _works(person: Person, at: datetime) -> bool:
    return is_within(at, person.time_zone, OFFICE) and is_workday(at, person.time_zone)


def _closeness(person: Person, where: str) -> int:
    """How likely it is that this colleague took care of it, and not one further away."""
    distance = [each.key for each in ancestors(where)].index(person.organization)
    return (12, 5, 1, 1)[distance]
