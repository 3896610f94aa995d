"""How entries are written: the log that the kernel finds by the setting ``FLEETFOLK_LOG``."""

from collections.abc import Sequence
from dataclasses import asdict
from functools import cache
from typing import Any

from django.contrib.auth import get_user_model
from django.db import connection
from django.db.models import Model
from psycopg import sql
from psycopg.types.json import Jsonb

from fleetfolk.actionlog.models import Entry
from fleetfolk.kernel import clock
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.among import array_of
from fleetfolk.kernel.errors import ActionError, Result
from fleetfolk.kernel.outcome import Alike, Outcome, readable
from fleetfolk.organizations.models import Organization

FLOOD = 10
"""Refusals of one kind, by one actor, within one minute, that get an entry each. Those beyond are only counted."""

_COUNT_REFUSAL = """
    INSERT INTO actionlog_fold (tenant_id, minute, actor_kind, actor_id, code, result, count)
    VALUES (%s, date_trunc('minute', %s), %s, %s, %s, %s, 1)
    ON CONFLICT (tenant_id, minute, actor_kind, actor_id, code, result)
    DO UPDATE SET count = actionlog_fold.count + 1
    RETURNING count
"""


_COLUMNS = [field.attname for field in Entry._meta.concrete_fields if not field.primary_key]
_COPY = sql.SQL("COPY actionlog_entry ({}) FROM STDIN").format(sql.SQL(", ").join(map(sql.Identifier, _COLUMNS)))
_OF_ROW = {
    "target_id": "t.id",
    "target_label": "",
    "organization_id": "o.id",
    "organization_label": "o.name",
    "path": "o.path",
}
"""What an entry takes from the row that it is about."""


class Writer:
    """Writes entries in the caller's transaction: no entry, no change."""

    def write(
        self,
        action: type[Action[Any, Any]],
        *,
        actor: Actor,
        target: Model | None,
        target_id: int,
        result: Result,
        refusal: ActionError | None = None,
        outcome: Outcome[Any] | None = None,
    ) -> None:
        """One entry is there; of a flood of refusals, only the count."""
        if result != "done" and self._is_flood(action, actor, result):
            return
        entry = _entry(action, actor=actor, target=target, target_id=target_id, outcome=outcome)
        entry.result = result
        if refusal is not None:
            entry.reason = refusal.reason
            entry.facts = {name: readable(value) for name, value in refusal.about.items()}
        entry.save(force_insert=True)

    def write_set(
        self,
        action: type[Action[Any, Any]],
        *,
        actor: Actor,
        outcomes: Sequence[Outcome[Any]] = (),
        alike: Sequence[Alike] = (),
    ) -> None:
        """One entry is there for each outcome, and for each of those alike."""
        for group in alike:
            _write_alike(action, actor, group)
        if not outcomes:
            return
        with connection.cursor() as cursor, cursor.copy(_COPY) as rows:
            for outcome in outcomes:
                entry = _entry(action, actor=actor, target=outcome.target, target_id=outcome.target.pk, outcome=outcome)
                rows.write_row([_as_copied(getattr(entry, column)) for column in _COLUMNS])

    def _is_flood(self, action: type[Action[Any, Any]], actor: Actor, result: Result) -> bool:
        by = actor.id if actor.assisted_by is None else str(actor.assisted_by.agent_id)
        with connection.cursor() as cursor:
            cursor.execute(_COUNT_REFUSAL, [actor.tenant_id, clock.now(), actor.kind, by, action.code, result])
            (count,) = cursor.fetchone()
        return bool(count > FLOOD)


def _write_alike(action: type[Action[Any, Any]], actor: Actor, group: Alike) -> None:
    """The entries are there, made by the database of its own rows: an object for each would cost ten times as much."""
    common = _entry(action, actor=actor, target=None, target_id=0, outcome=None)
    common.target_type = group.model._meta.label
    common.changes = [asdict(change) for change in group.changes]
    common.facts = dict(group.facts)
    values = {name: getattr(common, name) for name in _COLUMNS if name not in _OF_ROW}
    statement = _insert_alike(group.model, tuple(group.columns.items()))
    with connection.cursor() as cursor:
        cursor.execute(statement, [*map(_as_copied, values.values()), array_of(group.ids)])
        if cursor.rowcount != len(group.ids):
            raise RuntimeError(
                f"{action.code}: {len(group.ids)} rows were changed and {cursor.rowcount} have an entry."
            )


@cache
def _insert_alike(model: type[Model], columns: tuple[tuple[str, str], ...]) -> str:
    """One statement that writes an entry for each of an array of keys."""
    given = [name for name in _COLUMNS if name not in _OF_ROW]
    place, label = ("id", "t.name") if model is Organization else ("organization_id", model.logged_as)  # type: ignore[attr-defined]
    own = {**_OF_ROW, "target_label": f"left({label}, 140)"}
    kinds = {field.attname: field.db_type(connection) for field in Entry._meta.concrete_fields}
    said = "".join(f", '{fact}', t.{column}" for fact, column in columns)
    values = [
        f"%s::{kinds[name]}" + (f" || jsonb_build_object({said[2:]})" if name == "facts" and said else "")
        for name in given
    ]
    return (
        f"INSERT INTO actionlog_entry ({', '.join([*given, *own])}) "  # noqa: S608 - names are from the code
        f"SELECT {', '.join([*values, *own.values()])} "
        "FROM unnest(%s::bigint[]) WITH ORDINALITY AS wanted (id, place) "
        f"JOIN {model._meta.db_table} t ON t.id = wanted.id "
        f"JOIN organizations_organization o ON o.id = t.{place} ORDER BY wanted.place"
    )


def _as_copied(value: Any) -> Any:
    return Jsonb(value) if isinstance(value, dict | list) else value


def _entry(
    action: type[Action[Any, Any]],
    *,
    actor: Actor,
    target: Model | None,
    target_id: int,
    outcome: Outcome[Any] | None,
) -> Entry:
    place = _place(actor, target)
    by = actor.assisted_by
    return Entry(
        tenant_id=actor.tenant_id,
        at=clock.now(),
        code=action.code,
        result="done",
        client=actor.client,
        actor_kind=actor.kind,
        actor_id=actor.id if by is None else str(by.agent_id),
        actor_label=(actor.label if by is None else by.agent_label)[:140],
        acting_for=actor.acting_for[:140],
        acting_for_id=None if by is None else actor.user_id,
        assistance_id=None if by is None else by.id,
        target_type=action.target_model if target is None else target._meta.label,
        target_id=target_id if target is None else target.pk,
        target_label="" if target is None else str(target)[:140],
        organization_id=place[0],
        organization_label=place[1],
        path=place[2],
        changes=[asdict(change) for change in outcome.changes] if outcome else [],
        facts=dict(outcome.facts) if outcome else {},
        address=actor.address,
        request_id=actor.request_id,
        batch_id=actor.batch_id,
    )


def _place(actor: Actor, target: Model | None) -> tuple[int | None, str, str]:
    """The organization that an entry belongs to: the target's, else the acting person's, else the whole tenant."""
    if isinstance(target, Organization):
        return target.pk, target.name, target.path
    organization = getattr(target, "organization", None)
    if isinstance(organization, Organization):
        return organization.pk, organization.name, organization.path
    if actor.user_id is not None:
        people = get_user_model()._default_manager.filter(pk=actor.user_id, tenant_id=actor.tenant_id)
        home = people.values_list("organization_id", "organization__name", "path").first()
        if home is not None:
            return home
    return None, "", f"{actor.tenant_id}."
