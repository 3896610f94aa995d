"""Requests and answers of the console: typed requests, dialogs, toasts."""

import json
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, Final, Literal

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import get_script_prefix, resolve
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

from fleetfolk.console.proof import take_proof
from fleetfolk.kernel.actor import Actor

ENDED: Final = "ended"
"""In the address of the sign-in page: it says that the session ended while a page was open."""


class ConsoleRequest(HttpRequest):
    """A request of a signed-in person."""

    actor: Actor
    request_id: str
    htmx: HtmxDetails


def console_view[**P](
    view: Callable[Concatenate[ConsoleRequest, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """The view is reached by signed-in people only; others are sent to the sign-in and back."""

    @wraps(view)
    def signed_in(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not hasattr(request, "actor"):
            return _to_sign_in(request)
        request.actor = take_proof(request, request.actor)
        return view(request, *args, **kwargs)  # type: ignore[arg-type]

    signed_in.needs_sign_in = True  # type: ignore[attr-defined]
    return signed_in


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    """To the sign-in and back; where a part of a page or a form asked, back to the page that they are on."""
    part = request.headers.get("HX-Request") == "true"
    if not part and request.method in {"GET", "HEAD"}:
        return redirect_to_login(request.get_full_path())
    url = f"{redirect_to_login(came_from(request) or request.get_full_path()).url}&{ENDED}=1"
    return HttpResponseClientRedirect(url) if part else HttpResponseRedirect(url)


def came_from(request: HttpRequest) -> str:
    """The address within this installation, its query included, of the page that asks; '' where it does not say."""
    there = request.headers.get("HX-Current-URL") or request.headers.get("Referer") or ""
    here = settings.FLEETFOLK_ORIGIN
    back = there.removeprefix(here).partition("#")[0] if there.startswith(f"{here}/") else ""
    return back if url_has_allowed_host_and_scheme(back, allowed_hosts=None) else ""


type Assisted = Literal["see", "act"]
"""What a remote assistant may do at a view in a customer's name: look at it, or use it, too."""


def portal_view[**P](
    *, assisted: Assisted | None = None
) -> Callable[
    [Callable[Concatenate[ConsoleRequest, P], HttpResponseBase]],
    Callable[Concatenate[HttpRequest, P], HttpResponseBase],
]:
    """The view is one of the signed-in person's own; ``assisted`` says what whoever helps them may do there.

    A view that says nothing is closed to assistants.
    """

    def decorate(
        view: Callable[Concatenate[ConsoleRequest, P], HttpResponseBase],
    ) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
        own = console_view(view)
        own.assisted = assisted  # type: ignore[attr-defined]
        return own

    return decorate


def is_open_here(request: HttpRequest, url: str) -> bool:
    """Whether the address answers to these hands: a remote assistant is shown no link that leads to a refusal."""
    if getattr(request, "assistance", None) is None:
        return True
    view = resolve("/" + url.removeprefix(get_script_prefix())).func
    return getattr(view, "assisted", None) is not None


def done(
    request: ConsoleRequest, *, toast: str, to: str, undo: tuple[str, str] | None = None, changed: str = ""
) -> HttpResponse:
    """The answer after an Action: a toast and an event for htmx, else a way back with the same words.

    ``undo`` is the address and the label of the toast's button; ``changed`` names an element's event, so that lists
    which listen for it load anew.
    """
    if not request.htmx:
        messages.success(request, toast, extra_tags=json.dumps(undo) if undo else "")
        return HttpResponseRedirect(to)
    note: dict[str, object] = {"text": toast}
    if undo:
        note["undo"] = {"url": undo[0], "label": undo[1]}
    events: dict[str, object] = {"dialog:close": True, "toast": note}
    if changed:
        events[changed] = True
    return HttpResponse(status=204, headers={"HX-Trigger": json.dumps(events)})
