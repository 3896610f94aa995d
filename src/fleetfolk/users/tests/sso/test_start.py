"""What signing in by providers costs whoever does not."""

import os
import subprocess
import sys

HEAVY = ("requests", "jwt", "lxml", "xmlsec", "onelogin", "oauthlib")

_SCRIPT = f"""
import sys, django
django.setup()
import fleetfolk.config.urls
from django.urls import get_resolver
get_resolver().url_patterns
print(*(name for name in {HEAVY!r} if name in sys.modules))
"""


def test_no_process_loads_the_large_libraries_before_somebody_needs_them() -> None:
    made = subprocess.run(
        [sys.executable, "-c", _SCRIPT],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "fleetfolk.config.settings"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert made.stdout.strip() == ""
