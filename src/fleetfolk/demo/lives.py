"""How long each of the demo world's people has been there: invited, first seen, moved, gone. The frame of the story.

``lives(now, seed=1)``   the life of everybody, in the order of ``people(seed)``; the same for the same moment and seed.

The order of the tree is the order of time: nobody is invited into an organization before its first admin has come.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from fleetfolk.demo.hours import AWAKE, OFFICE, Hours, moment
from fleetfolk.demo.people import Person, people
from fleetfolk.demo.places import organization

LENGTH = timedelta(days=91)

_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)
_ENOUGH = 40 * _DAY

# Organizations whose users came in one go, out of the list of an older system, and what the file was called.
IMPORTS: dict[str, str] = {
    "nord": "kunden_nord.csv",
    "sued": "Kundenliste Süd (final).csv",
    "west": "export-2026-west.csv",
    "norden": "kunder.csv",
    "iberia": "clientes_iberia.csv",
    "polska": "klienci.csv",
    "france": "clients france.csv",
    "nihon": "お客様一覧.csv",
    "americas": "customers.csv",
    "hanse": "Mieterliste.csv",
    "reuss": "Mieter_Reuß.csv",
    "kronberget": "hyresgäster.csv",
    "podlipami": "lokatorzy.csv",
    "bergerac": "locataires.csv",
    "lviv": "мешканці.csv",
    "capeharbor": "staff_and_owners.csv",
}

# How many people moved from one branch to another, and how many were sent away and came back.
_MOVES = 9
_DISABLED_FOR_A_WHILE = 6
_RESTORED = 4


@dataclass(kw_only=True, slots=True)
class Life:
    """When things happened to somebody; all moments are in UTC.

    ``accepted`` is the first sign-in, None while Pending. ``last`` is the end of the time in which the person signs in:
    the moment of disabling or deleting, the last visit of somebody inactive, or now. In ``away`` the account was
    disabled (``away_by`` "disable") or deleted ("delete"), and came back. ``came_from`` is the organization before
    ``moved``. ``opened`` is when somebody Pending followed the link, ``resent`` when the invitation was sent again.
    """

    person: Person
    invited: datetime
    accepted: datetime | None
    last: datetime
    imported: bool = False
    opened: datetime | None = None
    resent: datetime | None = None
    away: tuple[datetime, datetime] | None = None
    away_by: str = ""
    moved: datetime | None = None
    came_from: str = ""

    def may_sign_in(self, at: datetime) -> bool:
        """Whether the account worked at that moment."""
        if self.accepted is None or not self.accepted < at < self.last:
            return False
        return self.away is None or not self.away[0] <= at <= self.away[1]

    def home(self, at: datetime) -> str:
        """The organization at that moment."""
        return self.came_from if self.moved and at < self.moved else self.person.organization


class _Frame:
    """Everybody's life as far as it is known, and when each organization's first admin came."""

    def __init__(self, now: datetime, seed: int) -> None:
        self.now = now
        self.start = now - LENGTH
        self.rng = Random(f"lives {seed}")  # noqa: S311 - a believable world, not a secret
        self.people = people(seed)
        self.lives: dict[str, Life] = {}
        self.opened: dict[str, datetime] = {}
        self._imports: dict[str, datetime] = {}

    def fill(self) -> None:
        """Everybody has a life."""
        moves = self._moves()
        for person in self.people:
            if person.email in moves:
                continue
            life = self.lives[person.email] = self._life(person, came_from="")
            if person.organization not in self.opened:
                if life.accepted is None:
                    raise ValueError(f"The first of {person.organization} must be there.")
                self.opened[person.organization] = life.accepted
        for person in self.people:
            if person.email in moves:
                self.lives[person.email] = self._life(person, came_from=moves[person.email])
        self._move_people()
        self._send_people_away()
        self._leave_invitations_lying()

    def _moves(self) -> dict[str, str]:
        """Who comes from where: colleagues and customers from another branch, and one inside a hotel company."""
        branches = [each.organization for each in self.people if organization(each.organization).kind == "branch"]
        movers = [
            each
            for each in self.people
            if each.ending == "active"
            and not each.is_cast
            and each.role != "admin"
            and organization(each.organization).kind == "branch"
        ]
        found = {}
        for each in self.rng.sample(movers, _MOVES):
            found[each.email] = self.rng.choice([key for key in branches if key != each.organization])
        inside = [
            each
            for each in self.people
            if each.organization == "seeberg-sapporo" and each.role != "admin" and not each.is_cast
        ]
        settled = [each for each in inside if each.ending == "active"]
        return found | {each.email: "seeberg" for each in settled[:1]}

    def _life(self, person: Person, *, came_from: str) -> Life:
        imported = person.organization in IMPORTS and person.role == "user" and not came_from
        imported = imported and person.ending != "pending"
        invited = self._import(person.organization) if imported else self._invited(person, came_from)
        last = self._last(person, invited)
        accepted = None if person.ending == "pending" else self._accepted(person, invited, last)
        if person.ending == "inactive" and accepted is not None and self.rng.random() < 0.15:
            last = accepted + timedelta(seconds=1)
        return Life(
            person=person, invited=invited, accepted=accepted, last=last, imported=imported, came_from=came_from
        )

    def _import(self, key: str) -> datetime:
        """When that organization's list was imported."""
        if key not in self._imports:
            opened = self.opened[key]
            zone = organization(key).time_zone
            self._imports[key] = moment(opened + _DAY, opened + 16 * _DAY, zone, self.rng)
        return self._imports[key]

    def _invited(self, person: Person, came_from: str) -> datetime:
        where = organization(came_from or person.organization)
        zone = where.time_zone
        if not self.lives:
            return moment(self.start, self.start + 4 * _DAY, zone, self.rng, hours=(8.3, 8.8), skew=2)
        opened = self.opened.get(where.key)
        if opened is None:
            upper = self.opened[where.parent] if where.parent else self.start
            return moment(upper + _HOUR / 2, upper + (3 if where.kind == "branch" else 17) * _DAY, zone, self.rng)
        if person.ending == "pending":
            return moment(self.now - 28 * _DAY, self.now - 3 * _HOUR, zone, self.rng)
        if where.kind == "operator":
            return moment(opened, opened + 3 * _DAY, zone, self.rng)
        if came_from or person.is_cast:
            return moment(opened, opened + 20 * _DAY, zone, self.rng)
        latest = {"active": 6 * _DAY, "inactive": 47 * _DAY}.get(person.ending, 22 * _DAY)
        return moment(opened + _HOUR / 4, self.now - latest, zone, self.rng, skew=1.7)

    def _last(self, person: Person, invited: datetime) -> datetime:
        """When the person was seen for the last time, or could have been."""
        zone = organization(person.organization).time_zone
        if person.ending == "inactive":
            return moment(
                invited + 6 * _DAY, self.now - 33 * _DAY, person.time_zone, self.rng, hours=AWAKE, workdays=False
            )
        if person.ending == "disabled":
            return moment(invited + 14 * _DAY, self.now - _DAY, zone, self.rng)
        if person.ending == "deletion_pending":
            return moment(self.now - 5.5 * _DAY, self.now - _DAY, zone, self.rng, workdays=False)
        return self.now

    def _accepted(self, person: Person, invited: datetime, last: datetime) -> datetime:
        """The first sign-in: most people come within a day, a few let it lie for a week or two."""
        patience = (
            8 * _HOUR if person.role == "admin" else min(timedelta(days=self.rng.lognormvariate(-0.3, 1.2)), 13 * _DAY)
        )
        before = min(invited + max(patience, 9 * _HOUR), last - _HOUR)
        if not self.lives:
            before = invited + _HOUR / 4
        hours: Hours = OFFICE if person.role != "user" else AWAKE
        return moment(
            invited + timedelta(minutes=2),
            before,
            person.time_zone,
            self.rng,
            hours=hours,
            workdays=person.role != "user",
        )

    def _move_people(self) -> None:
        for life in self.lives.values():
            if life.came_from and life.accepted:
                after = max(life.accepted, self.opened[life.person.organization]) + 3 * _DAY
                life.moved = moment(after, self.now - 3 * _DAY, life.person.time_zone, self.rng)

    def _send_people_away(self) -> None:
        """A few accounts were disabled or deleted for some days, and came back."""
        chosen = [
            life
            for life in self.lives.values()
            if life.accepted
            and life.accepted < self.now - _ENOUGH
            and life.person.ending == "active"
            and life.person.role != "admin"
            and not life.person.is_cast
            and not life.came_from
        ]
        sample = self.rng.sample(chosen, _DISABLED_FOR_A_WHILE + _RESTORED)
        for at, life in enumerate(sample):
            life.away_by = "disable" if at < _DISABLED_FOR_A_WHILE else "delete"
            days = self.rng.randint(1, 9) if life.away_by == "disable" else self.rng.randint(1, 5)
            zone = organization(life.person.organization).time_zone
            begin = moment(self.now - 30 * _DAY, self.now - 14 * _DAY, zone, self.rng)
            life.away = (begin, moment(begin + _HOUR, begin + days * _DAY, zone, self.rng))

    def _leave_invitations_lying(self) -> None:
        """Of those who never came some have opened the mail; one invitation has expired, a few were sent again."""
        waiting = [life for life in self.lives.values() if life.accepted is None]
        spare = [life for life in waiting if not life.person.is_cast]
        self.rng.shuffle(spare)
        for at, life in enumerate(spare[:5]):
            key = life.person.organization
            opened = self.opened[key]
            latest = self.now - (33 if at == 0 else 31) * _DAY
            life.invited = moment(max(opened, latest - 9 * _DAY), latest, organization(key).time_zone, self.rng)
            if at > 0:
                life.resent = moment(self.now - 9 * _DAY, self.now - _DAY, organization(key).time_zone, self.rng)
        openers = [life for life in waiting if life.person.is_cast] + spare[3:12]
        for life in openers:
            sent = life.resent or life.invited
            zone = life.person.time_zone
            life.opened = moment(sent + _HOUR / 12, self.now, zone, self.rng, hours=AWAKE, workdays=False, skew=2.5)


def lives(now: datetime, seed: int = 1) -> tuple[Life, ...]:
    """Everybody's life up to ``now`` (aware), in the order of ``people(seed)``."""
    if now.tzinfo is None:
        raise ValueError("The story needs a moment with a time zone.")
    frame = _Frame(now, seed)
    frame.fill()
    return tuple(frame.lives[person.email] for person in frame.people)
