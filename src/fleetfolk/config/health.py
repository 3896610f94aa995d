"""Is it alive, is it ready, and what does it measure."""

import hmac
import os
import threading

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden, JsonResponse
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from fleetfolk.users.web.actors import address_of

_migrated = threading.Event()


def alive(request: HttpRequest) -> JsonResponse:
    """200 as long as this process answers."""
    return JsonResponse({"status": "ok"})


def ready(request: HttpRequest) -> JsonResponse:
    """200 when the database answers and every migration is applied, else 503 with what is missing."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        missing = not _is_migrated()
    except DatabaseError:
        return JsonResponse({"status": "unavailable", "missing": "database"}, status=503)
    if missing:
        return JsonResponse({"status": "unavailable", "missing": "migrations"}, status=503)
    return JsonResponse({"status": "ok"})


def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus' text format, for this machine or for who holds the token."""
    token = settings.FLEETFOLK_METRICS_TOKEN
    if token:
        if not hmac.compare_digest(request.headers.get("Authorization", "").encode(), f"Bearer {token}".encode()):
            return HttpResponseForbidden()
    elif not _from_this_machine(request):
        return HttpResponseForbidden()
    registry = REGISTRY
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _is_migrated() -> bool:
    """Whether the database has every migration that this process knows. Once it has, it is not asked again."""
    if not _migrated.is_set():
        executor = MigrationExecutor(connection)
        if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
            _migrated.set()
    return _migrated.is_set()


def _from_this_machine(request: HttpRequest) -> bool:
    """Whether it was asked here; what a proxy that we were not told of hands on was not."""
    if not settings.FLEETFOLK_PROXIES and "X-Forwarded-For" in request.headers:
        return False
    return address_of(request) in {"127.0.0.1", "::1"}
