"""What an act would do to those who were chosen, known beforehand: who changes, who stays as they are, who cannot."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Case, CharField, Count, Model, Q, QuerySet, Value, When

from fleetfolk.access.gate import GATE
from fleetfolk.access.grants import grants_of
from fleetfolk.jobs.bulk import BulkAct, Rule, Shown, Things, act_of_job, things_of_job
from fleetfolk.jobs.models import Job, Target
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.among import among
from fleetfolk.kernel.errors import ActionError
from fleetfolk.kernel.permissions import Permission
from fleetfolk.kernel.reasons import REASONS, sentence_for

NAMED = 20
"""So many of those who cannot are named."""

_CHANGES = ""
_EVERYTHING = Q(pk__isnull=False)
_NOTHING = Q(pk__isnull=True)


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """Those for whom an act has no effect, for one reason."""

    sentence: str
    count: int
    unchanged: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Cannot:
    """One of those who cannot, and why, as the act itself would say it."""

    shown: Shown
    why: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """What would happen."""

    total: int
    changes: int
    unchanged: int
    cannot: int
    groups: Sequence[Group]
    named: Sequence[Cannot]


def plan_of(actor: Actor, job: Job, chosen: Mapping[str, Any]) -> Plan:
    """What the job would do, were it started with what the form chose."""
    act, things = act_of_job(job), things_of_job(job)
    rules = [*_of_gate(actor, act, things), *act.rules(actor, chosen)]
    judged = _judged(things, job, rules)
    counts = dict(judged.values_list("verdict").annotate(count=Count("pk")))
    counts["not_found"] = counts.get("not_found", 0) + job.total - sum(counts.values())
    unchanged = {rule.reason for rule in rules if rule.unchanged}
    said = {rule.reason: str(rule.said or REASONS[rule.reason]) for rule in rules}
    besides = {_CHANGES, "not_found", *unchanged}
    groups = [
        Group(sentence=said[reason], count=count, unchanged=reason in unchanged)
        for reason, count in sorted(counts.items(), key=lambda pair: -pair[1])
        if reason != _CHANGES and count
    ]
    idle = sum(group.count for group in groups if group.unchanged)
    changes = counts.get(_CHANGES, 0)
    return Plan(
        total=job.total,
        changes=changes,
        unchanged=idle,
        cannot=job.total - changes - idle,
        groups=groups,
        named=_named(actor, act, things, judged, chosen, said=said, besides=besides) if counts.keys() - besides else (),
    )


def unchanged_among(
    actor: Actor, act: BulkAct, things: Things, ids: Sequence[int], chosen: Mapping[str, Any]
) -> set[int]:
    """Those of the keys for whom the act has nothing to change."""
    rules = [rule.where for rule in act.rules(actor, chosen) if rule.unchanged]
    if not rules:
        return set()
    where = rules[0]
    for rule in rules[1:]:
        where |= rule
    seen = _condition(actor, things, things.view) & _condition(actor, things, act.action.permission)
    rows = things.model()._default_manager.filter(seen, where, among("pk", ids), tenant_id=actor.tenant_id)
    return set(rows.values_list("pk", flat=True))


def still_among(act: BulkAct, things: Things, ids: Sequence[int], since: Mapping[str, Any]) -> set[int]:
    """Those of the keys who are as the act left them."""
    if act.still is None:
        return set(ids)
    rows = things.model()._default_manager.filter(act.still(since), among("pk", ids))
    return set(rows.values_list("pk", flat=True))


def _of_gate(actor: Actor, act: BulkAct, things: Things) -> list[Rule]:
    """Who is not the actor's to see, and whom the gate refuses."""
    permission = act.action.permission
    rules = [Rule(reason="not_found", where=~_condition(actor, things, things.view))]
    if permission.guards_strength:
        weaker = _condition(actor, things, permission, whatever_strength=True)
        rules.append(Rule(reason="permission_missing", where=~weaker))
        rules.append(Rule(reason="target_is_stronger", where=~_condition(actor, things, permission)))
    else:
        rules.append(Rule(reason="permission_missing", where=~_condition(actor, things, permission)))
    return rules


def _condition(actor: Actor, things: Things, permission: Permission, **more: bool) -> Q:
    where = GATE.condition(things.model(), actor=actor, permission=permission, grants=grants_of(actor), **more)
    if where is None:
        return _NOTHING
    return where or _EVERYTHING


def _judged(things: Things, job: Job, rules: Sequence[Rule]) -> QuerySet[Any]:
    """Those of the job's targets that there are, each with the first reason that applies."""
    verdict = Case(
        *(When(rule.where, then=Value(rule.reason)) for rule in rules),
        default=Value(_CHANGES),
        output_field=CharField(),
    )
    rows: QuerySet[Model] = things.model()._default_manager.filter(
        tenant_id=job.tenant_id, pk__in=Target.objects.filter(job_id=job.pk).values("target_id")
    )
    judged: QuerySet[Any] = rows.annotate(verdict=verdict).order_by()
    return judged


def _named(
    actor: Actor,
    act: BulkAct,
    things: Things,
    judged: QuerySet[Any],
    chosen: Mapping[str, Any],
    *,
    said: Mapping[str, str],
    besides: set[str],
) -> list[Cannot]:
    """The first of those who cannot, each with the sentence that the act itself would refuse with."""
    related: Sequence[str] = getattr(things.model(), "comes_with", ())
    rows = list(judged.exclude(verdict__in=besides).order_by("pk").select_related(*related)[:NAMED])
    shown = things.shown(actor, [row.pk for row in rows])
    return [
        Cannot(shown=shown[row.pk], why=_why(actor, act, row, chosen) or said[row.verdict])
        for row in rows
        if row.pk in shown
    ]


def _why(actor: Actor, act: BulkAct, target: Model, chosen: Mapping[str, Any]) -> str:
    """What the act would say of this one; nothing where it would be done after all."""
    try:
        with transaction.atomic():
            GATE.require(act.action, actor=actor, target=target)
            act.action().check(actor=actor, target=target, data=act.input(chosen))
    except ActionError as error:
        return sentence_for(error)
    return ""
