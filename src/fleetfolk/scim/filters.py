"""Filters of a directory (RFC 7644, 3.4.2.2) become conditions of the database. What has none is refused."""

from collections.abc import Callable
from typing import Any, Final

from django.db.models import Q
from django.utils.dateparse import parse_datetime
from scim2_models import InvalidFilterException
from scim2_models.path import (
    AttrPath,
    CompareOperator,
    Comparison,
    FilterNode,
    FilterVisitor,
    LogicalExpr,
    LogicalOperator,
    Not,
    Present,
    ValuePath,
)

from fleetfolk.scim.models import Identity, Member, ScimClient
from fleetfolk.users.models import State, User

MOST_TERMS: Final = 20
LARGEST: Final = 2**63 - 1
_LOOKUPS: Final = {
    CompareOperator.eq: "iexact",
    CompareOperator.ne: "iexact",
    CompareOperator.co: "icontains",
    CompareOperator.sw: "istartswith",
    CompareOperator.ew: "iendswith",
}
_ORDERS: Final = {
    CompareOperator.eq: "exact",
    CompareOperator.ne: "exact",
    CompareOperator.gt: "gt",
    CompareOperator.ge: "gte",
    CompareOperator.lt: "lt",
    CompareOperator.le: "lte",
}
_COLUMNS: Final = {
    **dict.fromkeys(("emails", "emails.value"), "email"),
    **dict.fromkeys(("phonenumbers", "phonenumbers.value"), "phone"),
    "name.formatted": "name",
    "name.familyname": "last_name",
    "name.givenname": "first_name",
    "nickname": "nickname",
    "preferredlanguage": "language",
}

type Said = tuple[CompareOperator, Any]
"""What an attribute is compared with, and how."""


class _Filter(FilterVisitor[Q]):
    """What people and groups have in common. ``inside`` is the attribute whose values a selection is about."""

    def __init__(self, client: ScimClient, inside: str = "") -> None:
        self.client, self.inside, self.terms = client, inside, 0

    def condition(self, path: AttrPath, said: Said | None) -> Q:
        """Of one attribute: ``said`` is None where it is only asked whether there is a value."""
        raise NotImplementedError

    def visit_comparison(self, node: Comparison) -> Q:
        self._count()
        return self.condition(node.attr_path, (node.op, node.value))

    def visit_present(self, node: Present) -> Q:
        self._count()
        return self.condition(node.attr_path, None)

    def visit_not(self, node: Not) -> Q:
        return ~self.visit(node.expr)

    def visit_logical_expr(self, node: LogicalExpr) -> Q:
        found = self.visit(node.terms[0])
        for term in node.terms[1:]:
            found = found & self.visit(term) if node.op == LogicalOperator.and_ else found | self.visit(term)
        return found

    def visit_value_path(self, node: ValuePath) -> Q:
        if self.inside:
            raise _unknown(node.attr_path)
        self.inside = node.attr_path.attr.casefold()
        try:
            return self.visit(node.val_filter)
        finally:
            self.inside = ""

    def attribute(self, path: AttrPath) -> str:
        """The attribute in one spelling: lower case, with its part behind a dot."""
        name = path.attr.casefold() + (f".{path.sub_attr.casefold()}" if path.sub_attr else "")
        return f"{self.inside}.{name}" if self.inside else name

    def _count(self) -> None:
        self.terms += 1
        if self.terms > MOST_TERMS:
            raise InvalidFilterException(detail=f"A filter has at most {MOST_TERMS} comparisons.")


class PeopleFilter(_Filter):
    """Of people."""

    def condition(self, path: AttrPath, said: Said | None) -> Q:
        name = self.attribute(path)
        if name in _COLUMNS:
            return _text(_COLUMNS[name], path, said)
        asked = {
            "id": _key_of_row,
            "username": self._user_name,
            "externalid": self._external_id,
            "active": _active,
            "groups": self._groups,
            "groups.value": self._groups,
            "meta.created": _created,
            **dict.fromkeys(("emails.type", "phonenumbers.type"), _whatever),
            **dict.fromkeys(("emails.primary", "phonenumbers.primary"), _primary),
        }.get(name)
        if asked is None:
            raise _unknown(path)
        return asked(path, said)

    def _user_name(self, path: AttrPath, said: Said | None) -> Q:
        if said is not None and said[0] is CompareOperator.eq and isinstance(said[1], str):
            return Q(pk__in=_called(self.client, said[1]))
        named = Identity.objects.filter(client=self.client)
        theirs = named.filter(_text("user_name", path, _positive(said))).values("user_id")
        others = _text("email", path, _positive(said)) & ~Q(pk__in=named.values("user_id"))
        return _sign(Q(pk__in=theirs) | others, said)

    def _external_id(self, path: AttrPath, said: Said | None) -> Q:
        named = Identity.objects.filter(client=self.client).exclude(external_id="")
        theirs = named.filter(_text("external_id", path, _positive(said), exact=True))
        return _sign(Q(pk__in=theirs.values("user_id")), said)

    def _groups(self, path: AttrPath, said: Said | None) -> Q:
        inside = Member.objects.filter(_key("group_id", path, _positive(said)), group__client=self.client)
        return _sign(Q(pk__in=inside.values("user_id")), said)


class GroupFilter(_Filter):
    """Of groups."""

    def condition(self, path: AttrPath, said: Said | None) -> Q:
        match self.attribute(path):
            case "id":
                return _key("pk", path, said)
            case "displayname":
                return _text("name", path, said)
            case "externalid":
                return _text("external_id", path, said, exact=True)
            case "members" | "members.value":
                inside = Member.objects.filter(_key("user_id", path, _positive(said)), group__client=self.client)
                return _sign(Q(pk__in=inside.values("group_id")), said)
            case "meta.created":
                return _created(path, said)
            case _:
                raise _unknown(path)


def condition_of(node: FilterNode, visitor: Callable[[ScimClient], _Filter], client: ScimClient) -> Q:
    """The condition of a whole filter."""
    return visitor(client).visit(node)


def _called(client: ScimClient, user_name: str) -> list[int]:
    """Who has the userName: those whom the directory calls so, and by their address those whom it never named.

    What directories ask most, so it is looked up by itself, in two indexes.
    """
    if "\0" in user_name:
        return []
    named = Identity.objects.filter(client=client)
    theirs = list(named.filter(user_name__iexact=user_name).values_list("user_id", flat=True))
    here = User.objects.filter(organization=client.organization_id, email=user_name.strip().lower())
    return theirs or list(here.exclude(scim_identities__client=client).values_list("pk", flat=True))


def _positive(said: Said | None) -> Said | None:
    """The comparison without its denial, which is put around the whole."""
    return (CompareOperator.eq, said[1]) if said is not None and said[0] is CompareOperator.ne else said


def _sign(found: Q, said: Said | None) -> Q:
    return ~found if said is not None and said[0] is CompareOperator.ne else found


def _text(column: str, path: AttrPath, said: Said | None, *, exact: bool = False) -> Q:
    if said is None:
        return ~Q((column, ""))
    op, value = said
    if value is None and op in (CompareOperator.eq, CompareOperator.ne):
        return _sign(Q((column, "")), said)
    if op not in _LOOKUPS or not isinstance(value, str) or "\0" in value:
        raise _unfit(path)
    lookup = _LOOKUPS[op].removeprefix("i") if exact else _LOOKUPS[op]
    if column == "email" and lookup == "iexact":
        return _sign(Q(email=value.strip().lower()), said)
    return _sign(Q((f"{column}__{lookup}", value)), said)


def _key(column: str, path: AttrPath, said: Said | None) -> Q:
    if said is None:
        return Q()
    op, value = said
    if op not in (CompareOperator.eq, CompareOperator.ne):
        raise _unfit(path)
    number = int(value) if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 19 else -1
    return _sign(Q((column, number)), said)


def _key_of_row(path: AttrPath, said: Said | None) -> Q:
    return _key("pk", path, said)


def _whatever(_path: AttrPath, _said: Said | None) -> Q:
    """There is one of each, whatever kind a directory takes it for."""
    return Q()


def _primary(_path: AttrPath, said: Said | None) -> Q:
    return Q() if said is None or said == (CompareOperator.eq, True) else Q(pk__in=[])


def _created(path: AttrPath, said: Said | None) -> Q:
    if said is None:
        return Q()
    op, value = said
    try:
        moment = parse_datetime(value) if isinstance(value, str) else None
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None or op not in _ORDERS:
        raise _unfit(path)
    return _sign(Q((f"created_at__{_ORDERS[op]}", moment)), said)


def _active(path: AttrPath, said: Said | None) -> Q:
    on = Q(state__in=(State.ACTIVE, State.PENDING))
    if said is None:
        return Q()
    op, value = said
    if op not in (CompareOperator.eq, CompareOperator.ne):
        raise _unfit(path)
    wanted = value if isinstance(value, bool) else str(value).casefold() == "true"
    return on if wanted is (op is CompareOperator.eq) else ~on


def _unknown(path: AttrPath) -> InvalidFilterException:
    return InvalidFilterException(detail=f"Nothing can be found by {path.attr}.")


def _unfit(path: AttrPath) -> InvalidFilterException:
    return InvalidFilterException(detail=f"{path.attr} cannot be compared like that.")
