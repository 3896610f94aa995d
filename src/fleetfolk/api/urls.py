"""Where programs ask, and the pages about their keys."""

from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from django.urls import include, path

from fleetfolk.api import v1
from fleetfolk.api.shell import API

for _module in iter_modules(v1.__path__):
    import_module(f"{v1.__name__}.{_module.name}")


__all__ = ["API", "document", "urlpatterns"]


def document() -> dict[str, Any]:
    """The OpenAPI document, with every address in it."""
    return API.document


urlpatterns = [
    path("api/v1/", API.urls),
    path("", include("fleetfolk.api.web.urls")),
]
