"""Each session says now and then that it was seen."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


class SeenMiddleware:
    """Keeps when a session was last used, and from where."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Nothing yet."""
        return self.get_response(request)
