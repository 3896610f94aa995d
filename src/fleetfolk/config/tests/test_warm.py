"""No request waits for what the process could have done before."""

import gc

from django.template.engine import Engine
from django.template.loaders.cached import Loader

from fleetfolk.config.warm import warm


def test_templates_are_compiled_and_garbage_is_not_looked_for_in_what_stays() -> None:
    loader = Engine.get_default().template_loaders[0]
    assert isinstance(loader, Loader)
    loader.reset()
    before = gc.get_freeze_count()
    warm()
    kept = gc.get_freeze_count()
    assert {"users/user_list.html", "console/base.html", "portal/base.html"} <= set(loader.get_template_cache)
    assert kept > before
