"""What stands around every request of a program."""

from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse

from fleetfolk.api.problems import of_status

PREFIX: Final = "/api/v1/"
_ADDRESSES: Final = (PREFIX, "/oauth2/")


class ApiMiddleware:
    """A browser's cookies open nothing here, so that no page of another site can use them; every answer is JSON."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """What Django says in HTML (no such address, a defect) becomes a problem document."""
        if not request.path_info.startswith(_ADDRESSES):
            return self.get_response(request)
        request.COOKIES = {}
        answer = self.get_response(request)
        if request.path_info.startswith(PREFIX) and not answer.get("Content-Type", "").endswith("json"):
            kept = {"Allow": answer["Allow"]} if "Allow" in answer else {}
            if answer.status_code >= 400:
                answer = of_status(request, answer.status_code, headers=kept)
        for name, value in getattr(request, "rate_headers", {}).items():
            answer[name] = value
        answer.headers.setdefault("Cache-Control", "no-store")
        return answer
