"""Our settings with Django's admin in place of our pages: the same database, sessions, cache and server.

What the admin does not need is left out, so that it is not slowed down by us: our middleware, our content-security
policy, compression stays. A statement that takes longer than STATEMENT_LIMIT is given up, so that a run ends.
"""

import django_stubs_ext

from bench.admin_limit import STATEMENT_LIMIT
from fleetfolk.config.settings import *  # noqa: F403
from fleetfolk.config.settings import DATABASES, INSTALLED_APPS

django_stubs_ext.monkeypatch()

INSTALLED_APPS = [*INSTALLED_APPS, "django.contrib.admin"]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",  # allauth, whose models ours use, refuses to start without it.
]
ROOT_URLCONF = "bench.admin_urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
DATABASES["default"]["OPTIONS"]["options"] += f" -c statement_timeout={STATEMENT_LIMIT.replace(' ', '')}"  # type: ignore[index]
SILENCED_SYSTEM_CHECKS = ["admin.E403", "admin.E408", "auth.E003", "auth.W004"]
