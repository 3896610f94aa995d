"""Requests below `/as/` are answered as the assisted person sees them."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


class AssistanceMiddleware:
    """Lets a remote assistant into the one view that was opened to them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Nothing yet."""
        return self.get_response(request)
