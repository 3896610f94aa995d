"""How a draft of rules is drawn: groups in groups, each line with what it can ask, how, and for which value."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _

from fleetfolk.kernel.actor import Actor
from fleetfolk.organizations.models import Organization
from fleetfolk.segments.conditions import DEEPEST
from fleetfolk.segments.fields import About, Field, Value
from fleetfolk.segments.operators import Operator, Shape
from fleetfolk.segments.web.drafts import ROOT, Draft, DraftGroup, DraftLine

SHOWN_VALUES: Final = 12
"""So many chosen values stand in a line; the others are a number."""
_JOINERS: Final = {"all": lambda: _("and"), "any": lambda: _("or"), "none": lambda: _("or")}


@dataclass(frozen=True, kw_only=True, slots=True)
class Drawing:
    """What the nodes of one draft are drawn with."""

    actor: Actor
    organization: Organization
    fields: Mapping[str, Field]
    problems: Mapping[str, str]

    def node(self, draft: Draft, place: str = ROOT, *, joiner: str = "") -> dict[str, Any]:
        """The node with all below it, as the template draws it."""
        if isinstance(draft, DraftLine):
            return self._line(draft, place, joiner)
        word = _JOINERS[draft.how]()
        parts = [
            self.node(part, f"{place}-{number}", joiner=word if number else "")
            for number, part in enumerate(draft.parts)
        ]
        return {
            "kind": "group",
            "place": place,
            "how": draft.how,
            "joiner": joiner,
            "parts": parts,
            "is_root": place == ROOT,
            "may_group": place.count("-") < DEEPEST - 2,
            "problem": self.problems.get(place, ""),
        }

    def _line(self, line: DraftLine, place: str, joiner: str) -> dict[str, Any]:
        field = self.fields.get(line.field)
        operator = self._operator(line, field)
        values = line.values if operator else ()
        return {
            "kind": "line",
            "place": place,
            "joiner": joiner,
            "field": line.field,
            "is_gone": bool(line.field) and field is None,
            "groups": self._groups(line.field),
            "operators": [
                {"code": code, "label": one.label, "chosen": one is operator}
                for code, one in (field.operators if field else {}).items()
            ],
            "shape": self._shape(field, operator),
            "value": values[0] if values else "",
            "value2": values[1] if len(values) > 1 else "",
            "tokens": self.tokens(field, values) if operator and operator.shape is Shape.MANY else [],
            "more": max(0, len(values) - SHOWN_VALUES),
            "about": [self._about(one, line.about.get(one.name, "")) for one in field.about] if field else [],
            "problem": self.problems.get(place, ""),
        }

    def _operator(self, line: DraftLine, field: Field | None) -> Operator | None:
        if field is None:
            return None
        return field.operators.get(line.op) or next(iter(field.operators.values()))

    def _shape(self, field: Field | None, operator: Operator | None) -> str:
        return operator.shape.value if field and operator else ""

    def tokens(self, field: Field | None, values: Sequence[str]) -> list[dict[str, str]]:
        """The chosen values with their words; of what is gone the value itself."""
        if field is None or field.choices is None:
            return []
        keys: list[Value] = [*values, *(int(value) for value in values if value.isdecimal() and len(value) < 19)]
        words = {str(key): word for key, word in field.choices.known(self.actor, self.organization, keys).items()}
        return [{"value": value, "label": words.get(value, _("gone"))} for value in values]

    def _about(self, one: About, said: str) -> dict[str, Any]:
        offered = one.choices.offered(self.actor, self.organization) if one.choices else []
        return {
            "name": one.name,
            "label": one.label,
            "shape": one.shape.value,
            "value": said,
            "required": one.required,
            "offered": [{"value": str(key), "label": word} for key, word in offered],
        }

    def _groups(self, chosen: str) -> list[dict[str, Any]]:
        """The fields as a choice: by their groups, in the order of declaration."""
        by_group: dict[str, list[Field]] = {}
        for field in self.fields.values():
            by_group.setdefault(str(field.group), []).append(field)
        return [
            {
                "label": label,
                "fields": [{"name": one.name, "label": one.label, "chosen": one.name == chosen} for one in fields],
            }
            for label, fields in by_group.items()
        ]


def settled(draft: DraftGroup, fields: Mapping[str, Field]) -> DraftGroup:
    """The draft where every line whose field is chosen has one of its operators: the first, unless another was."""
    for part in draft.parts:
        if isinstance(part, DraftGroup):
            settled(part, fields)
            continue
        field = fields.get(part.field)
        if field is not None and part.op not in field.operators:
            part.op = next(iter(field.operators))
    return draft
