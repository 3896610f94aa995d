"""What a serving process does before its first request, so that no request pays for it."""

import gc
from pathlib import Path

from django.apps import apps
from django.template.loader import get_template
from django.urls import get_resolver


def warm() -> None:
    """Every view is imported, every template of ours is compiled, and all of that is left out of collecting garbage.

    What is there now stays for as long as the process does. To walk through it again and again would find nothing, and
    would hold up whoever is answered meanwhile for as long as several answers take.
    """
    get_resolver().url_patterns  # noqa: B018 - reading it imports them
    for app in apps.get_app_configs():
        folder = Path(app.path) / "templates"
        if app.name.startswith("fleetfolk."):
            for file in folder.rglob("*.html"):
                get_template(str(file.relative_to(folder)))
    gc.collect()
    gc.freeze()
