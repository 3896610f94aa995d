"""How refusals become answers, once for every view."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render

from fleetfolk.console.proof import ask_for_proof
from fleetfolk.kernel.errors import ActionError, NotProved
from fleetfolk.kernel.reasons import sentence_for

STATUS = {"not_found": 404, "denied": 403, "refused": 409}


class RefusalMiddleware:
    """Turns `TargetNotFound`, `Denied` and `Refused` into 404, 403 and 409 with the reason's sentence.

    `NotProved` becomes the question for the password. A browser that opens what only a form may send to is told so.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Passes the request on."""
        answer = self.get_response(request)
        if isinstance(answer, HttpResponseNotAllowed) and "text/html" in request.headers.get("Accept", ""):
            page = render(request, "405.html", status=405)
            page.headers["Allow"] = answer.headers["Allow"]
            return page
        return answer

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
