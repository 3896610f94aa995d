"""Where programs ask, and the pages about their keys."""

from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from django.urls import include, path

from fleetfolk.api import platform, v1
from fleetfolk.api.platform import doors
from fleetfolk.api.shell import API

for _package in (v1, platform):
    for _module in iter_modules(_package.__path__):
        import_module(f"{_package.__name__}.{_module.name}")


__all__ = ["API", "document", "urlpatterns"]


def document() -> dict[str, Any]:
    """The OpenAPI document, with every address in it."""
    return API.document


# There is an address for each of some hundred Actions: the few others, which are asked most, are looked at first.
_patterns, _app, _namespace = API.urls
_patterns = sorted(_patterns, key=lambda one: str(one.pattern).startswith("actions/"))

urlpatterns = [
    path("api/v1/organization", doors.answer, name="platform-root"),
    path("api/v1/organization/<path:path>", doors.answer, name="platform"),
    path("api/v1/", (_patterns, _app, _namespace)),
    path("", include("fleetfolk.api.web.urls")),
]
