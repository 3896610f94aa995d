"""Every Action of the catalogue that programs may do, each at an address of its own."""

import inspect
from collections.abc import Callable, Sequence
from typing import Any, Final

import structlog
from django.db import DataError, IntegrityError
from django.db.models import Model
from django.http import HttpRequest
from ninja import Field, Schema

from fleetfolk.access.system import DEVICE_ACTIONS, SYSTEM_ACTORS
from fleetfolk.api.fields import Input, asks_for_secrets, input_of
from fleetfolk.api.once import Answered, once
from fleetfolk.api.problems import Problem
from fleetfolk.api.shell import API, actor_of
from fleetfolk.kernel.action import CATALOGUE, Action, SetAction
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.kernel.perform import Following, Step, perform_together

_LOG = structlog.get_logger("fleetfolk.api")

CLOSED: Final[dict[str, str]] = {
    **dict.fromkeys(
        ("program.create", "program.edit", "program.delete", "program.secret.revoke"), "keys make and change no keys"
    ),
    "webhook.edit": "keys choose no receivers, which would outlive them",
    **dict.fromkeys(
        ("assistance.cancel", "assistance.request.send"), "remote assistance is between two people in browsers"
    ),
    **dict.fromkeys(
        ("log.export", "user.list.export", "organization.list.export", "job.report.export"),
        "takes a file from a page; lists are read here",
    ),
    **dict.fromkeys(
        ("user.import.create", "user.import.edit", "user.import.start", "device.import.start"),
        "an import is looked through on its page",
    ),
    **dict.fromkeys(("device.tokens.start", "device.tokens.read"), "codes for claiming are printed from their page"),
    **dict.fromkeys(("message.attachment.create", "organization.brand.edit"), "takes a file, on its page"),
    **dict.fromkeys(("job.bulk.create", "job.bulk.start"), "acts on many: /bulk"),
    "device.provisioning.create": "a telephone beside the device does it",
    "organization.source.create": "`fleetfolk move-in` notes what it made",
    **dict.fromkeys(
        ("scim.client.create", "scim.client.edit", "scim.client.rotate", "scim.client.delete", "scim.group.assign"),
        "keys let no directories in",
    ),
    **dict.fromkeys(
        (
            *("scim.user.create", "scim.identity.assign", "scim.address.assign"),
            *("scim.group.create", "scim.group.edit", "scim.group.delete"),
        ),
        "a directory does it: /scim/v2/",
    ),
    "device.log.send": "goes to who is signed in",
}
"""What programs cannot do though somebody may, with the reason. Besides: what one does to one's own account, what the
installation does by itself, what devices do, what changes thousands by a job, and what takes a secret that is typed."""

_FOR_PEOPLE_TOO: Final = frozenset({"user.invite", "user.registration.grant", "organization.create"})


class TargetOut(Schema):
    """What was changed."""

    type: str = Field(examples=["users.User"])
    id: int = Field(examples=[7])
    label: str = Field(examples=["Bob Berg"])


class ChangeOut(Schema):
    """One field before and after, as the action log has it."""

    field: str
    before: str | int | float | bool | None
    after: str | int | float | bool | None


class DoneOut(Answered):
    """What was done: what the entry of the action log says."""

    action: str = Field(examples=["user.disable"])
    target: TargetOut
    changes: list[ChangeOut]
    facts: dict[str, str | int | float | bool | None]
    secret: str | None = Field(
        None, description="A token that was made, such as a new device's. Told once; None when the answer is repeated."
    )

    def kept(self) -> str:
        """The answer without its secret."""
        return self.model_copy(update={"secret": None}).model_dump_json()


def is_open(action: type[Action[Any, Any]]) -> bool:
    """Whether programs may do it at all."""
    by_itself = {code for codes in SYSTEM_ACTORS.values() for code in codes} - _FOR_PEOPLE_TOO
    return not (
        action.permission.inherent
        or action.code in CLOSED
        or action.code in by_itself
        or action.code in DEVICE_ACTIONS - {"device.metadata.edit"}
        or issubclass(action, SetAction)
        or asks_for_secrets(action)
    )


def done(action: type[Action[Any, Any]], outcome: Outcome[Model], secret: str = "") -> DoneOut:
    """What the program is told."""
    target = outcome.target
    return DoneOut(
        action=action.code,
        target=TargetOut(type=target._meta.label, id=target.pk, label=str(target)),
        changes=[ChangeOut(field=one.field, before=one.before, after=one.after) for one in outcome.changes],
        facts=dict(outcome.facts),
        secret=secret or None,
    )


def performed(action: type[Action[Any, Any]], request: HttpRequest, target_id: int, data: Any) -> Outcome[Any]:
    """The change, where the database takes it: its constraints are the last word about a value."""
    return performed_together(request, [(action, target_id, data)])[0]


def performed_together(request: HttpRequest, steps: Sequence[Step | Following]) -> list[Outcome[Any]]:
    """The changes, all of them or none, where the database takes them."""
    try:
        return perform_together(steps, actor=actor_of(request))
    except (IntegrityError, DataError) as error:
        rule = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None) or "type"
        _LOG.warning("unfit", path=request.path_info, rule=rule)
        raise Problem(422, "input_unfit", rule=rule) from error


def _view(action: type[Action[Any, Any]], taken: Input) -> Callable[..., Any]:
    def view(request: HttpRequest, payload: Any) -> tuple[int, Answered]:
        data, secret = taken.make(payload)
        return 200, done(action, performed(action, request, payload.target, data), secret)

    answered = once(view)
    kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
    parameters = [
        inspect.Parameter("request", kind, annotation=HttpRequest),
        inspect.Parameter("payload", kind, annotation=taken.model),
    ]
    answered.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    answered.__name__ = action.code.replace(".", "_")
    return answered


def _described(action: type[Action[Any, Any]]) -> str:
    first = (action.__doc__ or "").strip().splitlines()[0]
    sensitive = "" if not action.risk.needs_proof else " It takes a key that may do sensitive acts."
    return f"{first}\n\nTakes the right `{action.permission.code}`.{sensitive}"


def _tag(action: type[Action[Any, Any]]) -> str:
    return f"Actions: {action.code.partition('.')[0]}"


for _code, _action in sorted(CATALOGUE.items()):
    if is_open(_action):
        API.post(
            f"/actions/{_code}",
            response=DoneOut,
            tags=[_tag(_action)],
            operation_id=_code,
            url_name=f"do-{_code}",
            summary=str(_action.label),
            description=_described(_action),
        )(_view(_action, input_of(_action)))
