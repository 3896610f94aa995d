"""How refusals become answers, once for every view."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from fleetfolk.console.proof import ask_for_proof
from fleetfolk.kernel.errors import ActionError, NotProved
from fleetfolk.kernel.reasons import sentence_for

STATUS = {"not_found": 404, "denied": 403, "refused": 409}


class RefusalMiddleware:
    """Turns `TargetNotFound`, `Denied` and `Refused` into 404, 403 and 409 with the reason's sentence.

    `NotProved` becomes the question for the password.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Passes the request on."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The answer to an expected refusal; anything else goes on as the defect that it is."""
        if not isinstance(exception, ActionError):
            return None
        if isinstance(exception, NotProved):
            return ask_for_proof(request, exception)
        status = STATUS[exception.result]
        partly = request.headers.get("HX-Request") == "true"
        template = "console/components/refusal.html" if partly else f"{status}.html"
        return render(request, template, {"sentence": sentence_for(exception), "status": status}, status=status)
