"""Who may do what to whom, said slowly and obviously: what the gate is compared with.

Nothing here is shared with the gate: no paths, no queries, no grants. Places know their parent, people know their place
and their role, and every question is answered by walking upwards.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """An organization. The one without a parent is the tenant's root."""

    id: int
    parent: "Place | None"

    def upwards(self) -> "Iterator[Place]":
        """This place, the one above it, and so on to the root."""
        place: Place | None = self
        while place is not None:
            yield place
            place = place.parent

    def root(self) -> "Place":
        """The tenant."""
        *_below, root = self.upwards()
        return root


@dataclass(frozen=True, kw_only=True, slots=True)
class Sheet:
    """A role: what is written on it, of which tenant it is, and what some places wrote over it, by their keys."""

    id: int
    tenant: Place
    permissions: frozenset[str]
    over: dict[int, frozenset[str]] = field(default_factory=dict)

    def at(self, place: Place) -> frozenset[str]:
        """What it says in the place: the first writing met on the way up."""
        for one in place.upwards():
            if one.id in self.over:
                return self.over[one.id]
        return self.permissions


@dataclass(frozen=True, kw_only=True, slots=True)
class Hat:
    """What somebody is at one place. What they own counts ``within`` a place; without one, wherever it stands."""

    place: Place
    permissions: frozenset[str]
    home: bool = False
    within: Place | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Person:
    """Somebody with a home and a role; ``is_in`` unless the account is pending, disabled or on its way out.

    ``guest`` are the roles that they have elsewhere now, and ``let_in`` what clients of their home let its people do.
    """

    id: int
    home: Place
    sheet: Sheet
    is_in: bool
    guest: "tuple[tuple[Place, Sheet], ...]" = ()
    let_in: tuple[tuple[Place, frozenset[str]], ...] = ()

    def hats(self) -> list[Hat]:
        """Everything that they are anywhere."""
        if not self.is_in:
            return []
        return [
            Hat(place=self.home, permissions=self.sheet.at(self.home), home=True),
            *(Hat(place=place, permissions=sheet.at(place), within=place) for place, sheet in self.guest),
            *(Hat(place=at, permissions=codes & self.sheet.at(self.home), within=at) for at, codes in self.let_in),
        ]

    def strength(self) -> frozenset[str]:
        """All that their roles hold, here and there."""
        return self.sheet.at(self.home).union(*(sheet.at(place) for place, sheet in self.guest))


def hats_at_home(who: Person, device_rights: frozenset[str]) -> list[Hat]:
    """What somebody is while they work at home: elsewhere, they look after devices and nothing else."""
    return [hat if hat.home else replace(hat, permissions=hat.permissions & device_rights) for hat in who.hats()]


def hats_in(who: Person, place: Place) -> list[Hat]:
    """What somebody is while they work in another place than home: nothing where they may not work there at all."""
    by = [
        Hat(place=place, permissions=hat.permissions, within=place)
        for hat in who.hats()
        if hat.place == place or (hat.place in place.upwards() and "organizations.switch" in hat.permissions)
    ]
    below = [
        replace(hat, within=place if hat.home else hat.within)
        for hat in who.hats()
        if hat.place != place and place in hat.place.upwards()
    ]
    return [*by, *below] if by else []


@dataclass(frozen=True, kw_only=True, slots=True)
class Thing:
    """Anything that an organization has: a location, a tag, an entry of the log."""

    id: int
    place: Place


@dataclass(frozen=True, kw_only=True, slots=True)
class Device:
    """A device: where it stands, who owns it, and how closely each person holds it by a share that has not ended.

    Closeness is counted: 1 sees, 2 controls, 3 manages; its owner's is 4.
    """

    id: int
    place: Place
    owner: int | None
    shares: dict[int, int]

    def closeness(self, person: "Person") -> int:
        """How closely the person holds it; 0 where not at all."""
        return 4 if person.id == self.owner else self.shares.get(person.id, 0)


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """A permission, as far as the answer depends on it.

    ``own_code`` is the right that does the same with what one holds oneself, ``closeness`` how closely one must.
    """

    code: str
    on_oneself_only: bool = False
    not_on_the_stronger: bool = False
    own_code: str = ""
    closeness: int = 0


Target = Person | Place | Sheet | Thing | Device

LOOKING, ACTING = frozenset({"support.view_as"}), frozenset({"support.view_as", "support.act_as"})
"""What an assistant must hold to look at somebody's pages, and to act in them."""


def may(
    who: Person,
    question: Question,
    target: Target,
    *,
    through: Person | None = None,
    acting: bool = False,
    hats: list[Hat] | None = None,
) -> bool:
    """Whether the person may do this to the target; ``through`` an assistant, only what both may.

    Each of the two is asked alone, of the same place and the same strength, in each of their hats. What is the person's
    own alone is theirs through an assistant only where the assistant could assist them now. What somebody owns or
    shares is shown to an assistant who holds the own right, too, and whose place the device is in. ``hats`` are those
    that remain where the person works now.
    """
    worn = who.hats() if hats is None else hats
    if question.on_oneself_only and through is None:
        return _is(who, target)
    if through is None:
        return any(_may_in(hat, question, target) or _may_hold(hat, who, question, target) for hat in worn)
    helping = [hat for hat in through.hats() if (ACTING if acting else LOOKING) <= hat.permissions]
    if question.on_oneself_only:
        reached = (hat.place in who.home.upwards() and who.strength() <= hat.permissions for hat in helping)
        return _is(who, target) and any(reached)
    return any(
        _may_both(hat, theirs, who, question, target)
        for hat in worn
        for theirs in helping
        if hat.place in theirs.place.upwards() or theirs.place in hat.place.upwards()
    )


def _may_both(hat: Hat, theirs: Hat, who: Person, question: Question, target: Target) -> bool:
    if _may_hold(hat, who, question, target) and question.own_code in theirs.permissions:
        return theirs.place in where(target).upwards()
    if not _may_in(hat, question, target) or not _may_in(theirs, question, target):
        return False
    return (
        not question.not_on_the_stronger or target.strength() <= hat.permissions & theirs.permissions  # type: ignore[union-attr]
    )


def _is(who: Person, target: Target) -> bool:
    return isinstance(target, Person) and target.id == who.id


def _may_in(hat: Hat, question: Question, target: Target) -> bool:
    if question.code not in hat.permissions:
        return False
    if isinstance(target, Sheet):
        return target.tenant == hat.place.root()
    if hat.place not in where(target).upwards():
        return False
    if question.not_on_the_stronger:
        assert isinstance(target, Person)
        return target.strength() <= hat.permissions
    return True


def _may_hold(hat: Hat, who: Person, question: Question, target: Target) -> bool:
    """Whether the person may by owning the target or by a share of it."""
    if not isinstance(target, Device) or not question.own_code or question.own_code not in hat.permissions:
        return False
    if target.place.root() != who.home.root() or (hat.within and hat.within not in target.place.upwards()):
        return False
    return target.closeness(who) >= question.closeness


def may_give(who: Person, question: Question, place: Place, sheet: Sheet) -> bool:
    """Whether the person may make somebody in the place hold the role."""
    return sheet.tenant == who.home.root() and any(
        question.code in hat.permissions and hat.place in place.upwards() and sheet.at(place) <= hat.permissions
        for hat in who.hats()
    )


def where(target: Person | Place | Thing | Device | Sheet) -> Place:
    """The place that a target belongs to."""
    if isinstance(target, Place):
        return target
    if isinstance(target, Sheet):
        return target.tenant
    return target.home if isinstance(target, Person) else target.place
