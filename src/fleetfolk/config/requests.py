"""What every request gets: an id, a line in the log, a measure."""

import re
import time
import uuid
from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponse

from fleetfolk.kernel.measures import REQUESTS

REQUEST_ID = re.compile(r"[A-Za-z0-9-]{8,40}")
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
"""Each is measured by name. Any word is a method to a server, so others have one name, or strangers could fill it."""

_LOG = structlog.get_logger("fleetfolk.request")


class RequestMiddleware:
    """Names each request, measures it, and says in the log how it ended."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The response carries the request's id in ``X-Request-Id``; a proxy's own id is kept."""
        given = request.headers.get("X-Request-Id", "")
        request_id = given if REQUEST_ID.fullmatch(given) else uuid.uuid4().hex[:16]
        request.request_id = request_id  # type: ignore[attr-defined]
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        began = time.perf_counter()
        response = self.get_response(request)
        seconds = time.perf_counter() - began
        response["X-Request-Id"] = request_id
        match = request.resolver_match
        url = (match.view_name or "unnamed") if match else "unmatched"
        method = request.method if request.method in METHODS else "other"
        REQUESTS.labels(url=url, method=method, status=f"{response.status_code // 100}xx").observe(seconds)
        if not request.path.startswith(("/static/", "/healthz", "/readyz", "/metrics")):
            _LOG.info(
                "request",
                method=request.method,
                path=request.path,
                url=url,
                status=response.status_code,
                ms=round(seconds * 1000, 1),
            )
        return response
