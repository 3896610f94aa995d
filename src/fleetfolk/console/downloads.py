"""Files that ask first whether it is still the same person: the page stays, and the browser fetches the file.

A link to such a file has ``hx-get`` and ``hx-target="#dialog-host"`` beside its ``href``. Through htmx the view answers
with the question, in a dialog above the page, or sends the browser for the file. Without scripts the question is a page
of its own, after which one that fetches the file stands in its place, with a way back.
"""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import Resolver404, get_script_prefix, resolve, reverse
from django_htmx.http import HttpResponseClientRedirect

from fleetfolk.console.http import ConsoleRequest
from fleetfolk.kernel.actor import Proof
from fleetfolk.kernel.errors import NotProved


def download_from[**P](
    page: str,
) -> Callable[
    [Callable[Concatenate[ConsoleRequest, P], HttpResponseBase]],
    Callable[Concatenate[ConsoleRequest, P], HttpResponseBase],
]:
    """The view answers with a file of what the page of this name shows; both take the same keys and read the same
    query."""

    def decorate(
        view: Callable[Concatenate[ConsoleRequest, P], HttpResponseBase],
    ) -> Callable[Concatenate[ConsoleRequest, P], HttpResponseBase]:
        @wraps(view)
        def asked_first(request: ConsoleRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if not request.htmx:
                return view(request, *args, **kwargs)
            if request.actor.proof is not Proof.GIVEN:
                raise NotProved(request.actor.proof.value)
            return HttpResponseClientRedirect(request.get_full_path())

        asked_first.download_from = page  # type: ignore[attr-defined]
        return asked_first

    return decorate


def fetching(request: HttpRequest, address: str) -> HttpResponse | None:
    """The page that fetches the file at this address of ours and leads back; None where there is no file."""
    path, _question, query = address.partition("?")
    try:
        found = resolve("/" + path.removeprefix(get_script_prefix()))
    except Resolver404:
        return None
    page = getattr(found.func, "download_from", "")
    if not page:
        return None
    shown = reverse(page, kwargs=found.kwargs)
    back = f"{shown}?{query}" if query else shown
    answer = render(request, "console/fetching.html", {"address": address, "back": back})
    answer["Refresh"] = f"0; url={address}"
    return answer
