"""Requests below `/as/` are answered as the assisted person sees them.

Two nets, both shut until somebody opens them: a view is closed unless it says what assistants may do there
(`portal_view(assisted=…)`), and the gate denies every Action that does not say that it is assistable.
"""

import re
import uuid
from collections.abc import Callable
from typing import Any, Final

import structlog
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect

from fleetfolk.assistance.caretaking import end_for
from fleetfolk.assistance.models import EndCause
from fleetfolk.assistance.queries import unended
from fleetfolk.assistance.web.admission import Admitted, Shut, admit, browser_of
from fleetfolk.assistance.web.cookie import PREFIX, take_away
from fleetfolk.assistance.web.inside import inside, keep_messages_apart
from fleetfolk.assistance.web.visits import record_visit
from fleetfolk.kernel.actor import Assisting, AssistMode
from fleetfolk.kernel.reasons import REASONS
from fleetfolk.users.web.actors import address_of as network_address_of
from fleetfolk.users.web.seen import write_down

HEADER: Final = "X-Fleetfolk-Assistance"
_ADDRESS = re.compile(r"/as/([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})(/.*)", re.DOTALL)
_SAFE = frozenset({"GET", "HEAD"})


class AssistanceMiddleware:
    """Lets a remote assistant into the one view that was opened to them, and keeps everybody else out."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """All other pages pay for one comparison, and signing out ends what goes on in the browser."""
        if not request.path_info.startswith(PREFIX):
            if request.method == "POST" and request.path_info == reverse("account_logout"):
                return self._signing_out(request)
            return self.get_response(request)
        address = _ADDRESS.fullmatch(request.path_info)
        if address is None:
            return self.get_response(request)  # No page is there.
        public_id = uuid.UUID(address[1])
        try:
            admitted = admit(request, public_id)
        except Shut as shut:
            return _kept_out(request, public_id, shut)
        return self._assisted(request, admitted, address[2])

    def process_view(self, request: HttpRequest, view: Callable[..., Any], *args: Any) -> HttpResponse | None:
        """Inside an assistance the view must be open to it, and what changes anything must be allowed twice."""
        assistance: Assisting | None = getattr(request, "assistance", None)
        if assistance is None:
            return None
        keep_messages_apart(request)
        allowed = getattr(view, "assisted", None)
        if allowed not in ("see", "act"):
            return _refused(request, "assist_never")
        if request.method in _SAFE:
            return None
        if assistance.mode != AssistMode.ACT:
            return _refused(request, "assist_view_only")
        return None if allowed == "act" else _refused(request, "assist_never")

    def _assisted(self, request: HttpRequest, admitted: Admitted, path: str) -> HttpResponse:
        row = admitted.row
        structlog.contextvars.bind_contextvars(assistance=str(row.public_id), agent=row.agent_id)
        with inside(request, admitted, path):
            response = self.get_response(request)
        # Nothing of the customer's pages stays in the assistant's browser.
        for name in list(response.cookies):
            del response.cookies[name]
        match = request.resolver_match
        if not getattr(match.func if match else None, "passive", False):
            record_visit(request, row, path=path, status=response.status_code)
            write_down(request, user_id=row.agent_id, address=network_address_of(request))
        response[HEADER] = f"{row.public_id}; mode={row.mode}"
        response["Cache-Control"] = "no-store"
        return response

    def _signing_out(self, request: HttpRequest) -> HttpResponse:
        agent_id, browser = request.user.pk, browser_of(request)
        response = self.get_response(request)
        if agent_id is not None and not request.user.is_authenticated:
            for row in unended(agent_id=agent_id).filter(browser_hash=browser):
                end_for(row, EndCause.BROWSER)
        return response


def _kept_out(request: HttpRequest, public_id: uuid.UUID, shut: Shut) -> HttpResponse:
    """The assistant is led to the record, which says how it ended; a stranger learns nothing."""
    to_record = reverse("assistance:record", args=[public_id])
    if shut.known:
        where = to_record
    elif request.user.is_authenticated:
        raise Http404
    else:
        where = redirect_to_login(to_record).url
    partly = request.headers.get("HX-Request") == "true"
    response = HttpResponseClientRedirect(where) if partly else HttpResponseRedirect(where)
    take_away(response, public_id)
    response["Cache-Control"] = "no-store"
    return response


def _refused(request: HttpRequest, reason: str) -> HttpResponse:
    partly = request.headers.get("HX-Request") == "true"
    template = "console/components/refusal.html" if partly else "assistance/refused.html"
    context = {"sentence": REASONS[reason], "status": 403, "view_only": reason == "assist_view_only"}
    return render(request, template, context, status=403)
