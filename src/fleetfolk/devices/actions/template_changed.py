"""What every change of a template's part does to the template."""

from collections.abc import Sequence
from typing import Any

from django.db.models import F, Max

from fleetfolk.devices.models import Template
from fleetfolk.devices.models.templates import Part
from fleetfolk.kernel.outcome import Change, changes_between, readable


def locked(template_id: int) -> Template:
    """The template, held until the Action is over: its parts are changed one at a time."""
    return Template.objects.select_for_update(no_key=True).get(pk=template_id)


def new_version(template_id: int) -> None:
    """Whoever keeps a copy of the template knows that it is old."""
    Template.objects.filter(pk=template_id).update(version=F("version") + 1)


def last_position(rows: Any) -> int:
    """The position behind all of these."""
    return int(rows.aggregate(last=Max("position"))["last"] or 0) + 1


def saved_changes(part: Part, columns: dict[str, Any]) -> Sequence[Change]:
    """What of the part differed and is saved now, as a person reads it."""
    changes = changes_between(part, columns)
    if changes:
        for name in (change.field for change in changes):
            setattr(part, name, columns[name])
        part.save(update_fields=[change.field for change in changes])
        new_version(part.template_id)  # type: ignore[attr-defined]
    return [Change(change.field, _short(change.before), _short(change.after)) for change in changes]


def _short(value: Any) -> Any:
    text = readable(value)
    return text[:200] if isinstance(text, str) else text
