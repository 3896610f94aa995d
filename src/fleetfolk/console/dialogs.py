"""A dialog asks, an Action performs, and what is secret is shown once: one way for all pages."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from fleetfolk.console.http import ConsoleRequest, done
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.errors import Denied, Refused
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.kernel.perform import Step, perform
from fleetfolk.kernel.reasons import sentence_for

dialog_methods = require_http_methods(["GET", "HEAD", "POST"])


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """What a dialog asks before something is done; ``about`` names whom or what it concerns."""

    title: str
    lead: str
    button: str
    about: str = ""
    danger: bool = False


def ask(request: ConsoleRequest, question: Question, form: forms.Form | None = None) -> HttpResponse:
    """The question, with a form where more than yes is to be said."""
    context = {"question": question, "form": form, "action": request.path}
    return render(
        request,
        "console/ask.html",
        {**context, "button": question.button, "danger": question.danger},
        status=_status(form),
    )


def ask_first(
    request: ConsoleRequest, question: Question, step: Step, *, toast: str, to: str, changed: str
) -> HttpResponse:
    """GET asks; POST takes the step, says so and leads back."""
    if request.method != "POST":
        return ask(request, question)
    action, target_id, data = step
    perform(action, actor=request.actor, target_id=target_id, data=data)
    return done(request, toast=toast, to=to, changed=changed)


def form_dialog(request: ConsoleRequest, template: str, form: forms.Form, *, button: str, **more: Any) -> HttpResponse:
    """The dialog with the form; 422 where it comes back with what is wrong."""
    context = {"form": form, "action": request.path, "button": button, **more}
    return render(request, template, context, status=_status(form))


def performed(
    form: forms.Form,
    request: ConsoleRequest,
    action: type[Action[Any, Any]],
    target_id: int,
    data: Any,
    *,
    fields: Mapping[str, str | None],
) -> Outcome[Any] | None:
    """The outcome; None where a refusal stands in the form now, so that what was typed is not lost.

    ``fields`` names the field that a reason is about, or None for the form as a whole. What is denied for a reason that
    is not among them is no matter of the form.
    """
    try:
        return perform(action, actor=request.actor, target_id=target_id, data=data)
    except (Refused, Denied) as refusal:
        if isinstance(refusal, Denied) and refusal.reason not in fields:
            raise
        form.add_error(fields.get(refusal.reason), sentence_for(refusal))
        return None


def shown_once(
    request: ConsoleRequest, template: str, context: Mapping[str, Any], *, page: str, changed: str
) -> HttpResponse:
    """A secret. It is nowhere else: whoever reloads the page does not see it again. ``page`` is the way on."""
    answer = render(request, template, {**context, "page": page})
    answer["Cache-Control"] = "no-store"
    if request.htmx:
        answer["HX-Trigger"] = changed
    return answer


def _status(form: forms.Form | None) -> int:
    return 422 if form is not None and form.is_bound else 200
