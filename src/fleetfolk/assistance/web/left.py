"""The clock of an assistance."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from fleetfolk.console.http import ConsoleRequest, portal_view


@portal_view(assisted="see")
@require_safe
def left(request: ConsoleRequest) -> HttpResponse:
    """The time that is left, asked by the bar by itself: nobody is at it for that, and it is no page of the customer's.

    Where the assistance is over, the answer is the way out instead.
    """
    if request.actor.assisted_by is None:
        raise Http404
    return render(request, "assistance/bar.html#left")


left.passive = True  # type: ignore[attr-defined]
