"""What the dialogs about one person share: whom it is about, how a refusal is shown, what is answered when done."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from fleetfolk.console.http import ConsoleRequest, done
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.errors import Denied, Refused, TargetNotFound
from fleetfolk.kernel.perform import perform, perform_together
from fleetfolk.kernel.reasons import sentence_for
from fleetfolk.users.models import User
from fleetfolk.users.queries import user_detail
from fleetfolk.users.reasons import LAST_STAYS
from fleetfolk.users.web.acts import act_of, require_doable

CHANGED = "users:changed"
"""The event by which lists learn that somebody changed."""

ABOUT_A_FIELD = frozenset(
    {
        *LAST_STAYS.values(),
        "transfer_admin",
        "email_in_organization",
        "location_elsewhere",
        "address_suppressed",
        "address_domain",
    }
)
"""Refusals that are about what was typed; the others are about the person."""


def person_for(url: str, request: ConsoleRequest, user_id: int) -> User:
    """The person, where the viewer may do this to them. A POST by who may not goes to the Action, which logs it."""
    try:
        person = user_detail(request.actor, user_id)
    except TargetNotFound:
        _leave_a_trace(url, request, user_id)
        raise
    try:
        require_doable(url, actor=request.actor, person=person)
    except (Denied, TargetNotFound):
        _leave_a_trace(url, request, user_id)
        raise
    except Refused:
        # The Action says so in the form, with what was typed kept.
        if request.method != "POST":
            raise
    return person


def _leave_a_trace(url: str, request: ConsoleRequest, user_id: int) -> None:
    """A POST that the gate refuses is in the log: the Action is asked, and raises before it reads any input."""
    if request.method == "POST":
        perform(act_of(url).action, actor=request.actor, target_id=user_id, data=None)


def performed(
    form: forms.Form,
    steps: Sequence[tuple[type[Action[Any, Any]], int, Any]],
    request: ConsoleRequest,
    *,
    field: str | None = None,
) -> bool:
    """Whether the steps were done. A refusal stands in the form, so that what was typed is not lost.

    ``field`` is the one that the input's refusals are about; those about the person stand above all fields.
    """
    try:
        if len(steps) == 1:
            action, target_id, data = steps[0]
            perform(action, actor=request.actor, target_id=target_id, data=data)
        else:
            perform_together(steps, actor=request.actor)
    except Refused as refusal:
        form.add_error(field if refusal.reason in ABOUT_A_FIELD else None, sentence_for(refusal))
        return False
    return True


def dialog(
    request: ConsoleRequest, template: str, form: forms.Form, *, person: User, button: str, **more: object
) -> HttpResponse:
    """The dialog; 422 where it comes back with what is wrong."""
    context = {"person": person, "form": form, "action": request.path, "button": button, **more}
    return render(request, template, context, status=422 if form.is_bound else 200)


def dialog_done(
    request: ConsoleRequest, text: str, person: User, *, undo: tuple[str, str] | None = None
) -> HttpResponse:
    """The answer after an act, with its way back."""
    back = (reverse(undo[0], args=[person.pk]), undo[1]) if undo else None
    to = reverse("users:detail", args=[person.pk])
    return done(request, toast=text, to=to, undo=back, changed=CHANGED)
