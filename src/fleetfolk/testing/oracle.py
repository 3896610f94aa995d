"""Who may do what to whom, said slowly and obviously: what the gate is compared with.

Nothing here is shared with the gate: no paths, no queries, no grants. Places know their parent, people know their place
and their role, and every question is answered by walking upwards.
"""

from collections.abc import Iterator
from dataclasses import dataclass


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
    """A role: what is written on it, and of which tenant it is."""

    id: int
    tenant: Place
    permissions: frozenset[str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Person:
    """Somebody with a home and a role; ``is_in`` unless the account is pending, disabled or on its way out."""

    id: int
    home: Place
    sheet: Sheet
    is_in: bool


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
    who: Person, question: Question, target: Target, *, through: Person | None = None, acting: bool = False
) -> bool:
    """Whether the person may do this to the target; ``through`` an assistant, only what both may.

    Each of the two is asked alone, of the same place and the same strength. What is the person's own alone is theirs
    through an assistant only where the assistant could assist them now. What somebody owns or shares is shown to an
    assistant who holds the own right, too, and whose place the device is in.
    """
    if through is None:
        return _may_alone(who, question, target) or _may_hold(who, question, target)
    if not through.is_in or not (ACTING if acting else LOOKING) <= through.sheet.permissions:
        return False
    if question.on_oneself_only:
        reached = through.home in who.home.upwards() and who.sheet.permissions <= through.sheet.permissions
        return _may_alone(who, question, target) and reached
    if not (who.home in through.home.upwards() or through.home in who.home.upwards()):
        return False
    if _may_hold(who, question, target) and question.own_code in through.sheet.permissions:
        return through.home in where(target).upwards()
    return (
        _may_alone(who, question, target)
        and _may_alone(through, question, target)
        and (
            not question.not_on_the_stronger
            or target.sheet.permissions <= who.sheet.permissions & through.sheet.permissions  # type: ignore[union-attr]
        )
    )


def _may_alone(who: Person, question: Question, target: Target) -> bool:
    if question.on_oneself_only:
        return isinstance(target, Person) and target.id == who.id
    if not who.is_in or question.code not in who.sheet.permissions:
        return False
    if isinstance(target, Sheet):
        return target.tenant == who.home.root()
    if who.home not in where(target).upwards():
        return False
    if question.not_on_the_stronger:
        assert isinstance(target, Person)
        return target.sheet.permissions <= who.sheet.permissions
    return True


def _may_hold(who: Person, question: Question, target: Target) -> bool:
    """Whether the person may by owning the target or by a share of it, wherever it stands."""
    if not isinstance(target, Device) or not question.own_code or not who.is_in:
        return False
    if question.own_code not in who.sheet.permissions or target.place.root() != who.home.root():
        return False
    return target.closeness(who) >= question.closeness


def may_give(who: Person, question: Question, place: Place, sheet: Sheet) -> bool:
    """Whether the person may make somebody in the place hold the role."""
    if not who.is_in or question.code not in who.sheet.permissions:
        return False
    if sheet.tenant != who.home.root() or who.home not in place.upwards():
        return False
    return sheet.permissions <= who.sheet.permissions


def where(target: Person | Place | Thing | Device | Sheet) -> Place:
    """The place that a target belongs to."""
    if isinstance(target, Place):
        return target
    if isinstance(target, Sheet):
        return target.tenant
    return target.home if isinstance(target, Person) else target.place
