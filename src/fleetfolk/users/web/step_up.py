"""Pages that ask first whether it is still the same person: for what is sensitive to look at, or is no Action."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate

from django.http import HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods
from django_htmx.http import HttpResponseClientRedirect

from fleetfolk.console.downloads import fetching
from fleetfolk.console.http import ConsoleRequest, portal_view
from fleetfolk.console.proof import FIELDS
from fleetfolk.kernel.actor import Proof
from fleetfolk.kernel.errors import NotProved


def proved_recently(request: ConsoleRequest) -> bool:
    """Whether the person gave a password, a code or a passkey lately, in this session."""
    return request.actor.proof is Proof.GIVEN


def stepped_up[**P](
    view: Callable[Concatenate[ConsoleRequest, P], HttpResponseBase],
) -> Callable[Concatenate[ConsoleRequest, P], HttpResponseBase]:
    """The view is reached by who has shown lately that it is them; others are asked, and led back.

    Stands below `console_view`, `portal_view` or `own_view`, which make the request's actor.
    """

    @wraps(view)
    def proved(request: ConsoleRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not proved_recently(request):
            raise NotProved(request.actor.proof.value)
        return view(request, *args, **kwargs)

    return proved


@sensitive_post_parameters(*FIELDS)
@portal_view()
@stepped_up
@require_http_methods(["GET", "HEAD", "POST"])
def prove(request: ConsoleRequest) -> HttpResponse:
    """Asks, and leads back to the page that wanted to know; a file is fetched from the page that it is of."""
    back = request.GET.get("next", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        back = "/"
    if request.headers.get("HX-Request") == "true":
        answer = HttpResponseClientRedirect(back)
        answer["HX-Trigger"] = "dialog:close"  # A file leaves the page where it is.
        return answer
    return fetching(request, back) or HttpResponseRedirect(back)
