"""What stands around every request of a program."""

import re
from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse, JsonResponse

from fleetfolk.api.problems import of_status, words_for

PREFIX: Final = "/api/v1/"
PLATFORM: Final = re.compile(r"/api/v1/organization(?:/|$)")
"""Where scripts for Blynk's Platform API ask, which read errors in a form of their own."""
_ADDRESSES: Final = (PREFIX, "/oauth2/", "/scim/")


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
            kept = {name: answer[name] for name in ("Allow", "Retry-After") if name in answer}
            if answer.status_code >= 400:
                answer = _in_json(request, answer.status_code, kept)
        for name, value in getattr(request, "rate_headers", {}).items():
            answer[name] = value
        answer.headers.setdefault("Cache-Control", "no-store")
        return answer


def _in_json(request: HttpRequest, status: int, headers: dict[str, str]) -> HttpResponse:
    if PLATFORM.match(request.path_info):
        return JsonResponse({"error": {"message": words_for(status)[1]}}, status=status, headers=headers)
    return of_status(request, status, headers=headers)
