"""What production does not start with: settings that are for trying out."""

import os
import subprocess
import sys

import pytest

KEY = "k" * 50
GOOD = {
    "FLEETFOLK_MODE": "production",
    "FLEETFOLK_SECRET_KEY": KEY,
    "FLEETFOLK_ORIGIN": "https://console.example.com",
    "EMAIL_URL": "smtp://mail.example.com",
    "DATABASE_URL": "postgresql://nobody@localhost/none",
    "FLEETFOLK_DEBUG": "0",
    "FLEETFOLK_SECRET_KEY_FALLBACKS": "",
}
ASK = """
from django.conf import settings
print(settings.DEBUG, "fleetfolk.demo" in settings.INSTALLED_APPS, settings.ALLOWED_HOSTS,
      settings.SESSION_COOKIE_SECURE, settings.CSRF_COOKIE_SECURE, settings.SESSION_COOKIE_NAME)
"""


def started(**changed: str) -> subprocess.CompletedProcess[str]:
    """What the settings say in a process of their own."""
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "fleetfolk.config.settings", **GOOD, **changed}
    return subprocess.run(
        [sys.executable, "-c", ASK], env=environment, capture_output=True, text=True, check=False, timeout=60
    )


def test_production_starts_without_the_demo_and_with_hardened_cookies() -> None:
    assert started().stdout.split(None, 2) == [
        "False",
        "False",
        "['console.example.com'] True True __Host-fleetfolk\n",
    ]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("FLEETFOLK_DEBUG", "1"),
        ("FLEETFOLK_SECRET_KEY", ""),
        ("FLEETFOLK_SECRET_KEY", "short"),
        ("FLEETFOLK_SECRET_KEY", "demo-only-and-known-to-everybody"),
        ("FLEETFOLK_SECRET_KEY_FALLBACKS", "demo-only-and-known-to-everybody"),
        ("FLEETFOLK_SECRET_KEY_FALLBACKS", f"{KEY},short"),
        ("FLEETFOLK_ORIGIN", "http://console.example.com"),
        ("EMAIL_URL", ""),
        ("FLEETFOLK_PUSH_HOSTS", "localhost:4433"),
        ("FLEETFOLK_WEBHOOK_HOSTS", "localhost:4433"),
        ("FLEETFOLK_WEBHOOK_HOSTS", "https://hooks.example.com"),
        ("FLEETFOLK_PUSH_HOSTS", "https://fcm.googleapis.com"),
    ],
)
def test_production_refuses_to_start_and_says_which_setting_is_wrong(name: str, value: str) -> None:
    ended = started(**{name: value})
    assert ended.returncode != 0
    assert f"ImproperlyConfigured: {name}" in ended.stderr
