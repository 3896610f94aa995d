"""Django's settings, from the environment. Each variable is described in `environment.VARIABLES`."""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured
from django.utils.csp import CSP

from fleetfolk.config import environment, logs

PACKAGE = Path(__file__).resolve().parent.parent
MODE = environment.mode()
PRODUCTION = MODE == "production"
TESTING = MODE == "test"
DEBUG = environment.flag("FLEETFOLK_DEBUG")
SECRET_KEY = environment.secret_key()
SECRET_KEY_FALLBACKS = [key for key in environment.value("FLEETFOLK_SECRET_KEY_FALLBACKS").split(",") if key]
FLEETFOLK_ORIGIN = environment.origin()
FLEETFOLK_DATA = environment.data_folder()
_ORIGIN = urlsplit(FLEETFOLK_ORIGIN)
HTTPS = _ORIGIN.scheme == "https"

if PRODUCTION:
    if DEBUG:
        raise ImproperlyConfigured("FLEETFOLK_DEBUG is on. Unset it: production does not start with it.")
    if SECRET_KEY == environment.DEMO_SECRET or len(SECRET_KEY) < 50:
        raise ImproperlyConfigured("FLEETFOLK_SECRET_KEY is a demo key or too short. Set 50 random characters or more.")
    if any(len(key) < 50 for key in SECRET_KEY_FALLBACKS):
        raise ImproperlyConfigured("FLEETFOLK_SECRET_KEY_FALLBACKS has a demo key or one that is too short. Remove it.")
    if not HTTPS:
        raise ImproperlyConfigured("FLEETFOLK_ORIGIN is not https. Production does not start without it.")
    if not environment.value("EMAIL_URL"):
        raise ImproperlyConfigured("EMAIL_URL is not set. Without it nobody gets their invitation.")

ALLOWED_HOSTS = [_ORIGIN.hostname or "", *([] if PRODUCTION else ["localhost", "127.0.0.1", "[::1]"])]
CSRF_TRUSTED_ORIGINS = [FLEETFOLK_ORIGIN]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "fleetfolk.console",  # Before allauth: its templates stand in for theirs.
    "fleetfolk.portal",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",  # Without providers among the apps: they are imported when one is used (users/sso/).
    "allauth.usersessions",
    "django_htmx",
    "procrastinate.contrib.django",
    "fleetfolk.organizations",
    "fleetfolk.access",
    "fleetfolk.actionlog",
    "fleetfolk.jobs",
    "fleetfolk.users",
    "fleetfolk.devices",
    "fleetfolk.tree",
    "fleetfolk.segments",
    "fleetfolk.messages",
    "fleetfolk.assistance",
    "fleetfolk.api",
    "fleetfolk.scim",
    "fleetfolk.webhooks",
    "fleetfolk.gateway",
    *([] if PRODUCTION else ["fleetfolk.demo"]),
]

MIDDLEWARE = [
    "fleetfolk.config.requests.RequestMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "fleetfolk.config.packing.PackingMiddleware",
    "fleetfolk.api.middleware.ApiMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "fleetfolk.assistance.web.middleware.AssistanceMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "fleetfolk.users.web.middleware.ActorMiddleware",
    "fleetfolk.users.web.seen.SeenMiddleware",
    "fleetfolk.users.web.second_factor.SecondFactorMiddleware",
    "fleetfolk.console.middleware.RefusalMiddleware",
]

ROOT_URLCONF = "fleetfolk.config.urls"
WSGI_APPLICATION = "fleetfolk.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "fleetfolk.users.web.context.viewer",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"

DATABASES = {"default": environment.database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

FLEETFOLK_GATE = "fleetfolk.access.gate.Gate"
FLEETFOLK_LOG = "fleetfolk.actionlog.writer.Writer"
FLEETFOLK_LOG_MONTHS = environment.number("FLEETFOLK_LOG_MONTHS")
FLEETFOLK_ASSISTANCE_MONTHS = environment.number("FLEETFOLK_ASSISTANCE_MONTHS")

# Accounts
AUTH_USER_MODEL = "users.User"
AUTHENTICATION_BACKENDS = ["fleetfolk.users.signin.EmailBackend"]
PASSWORD_HASHERS = [
    "fleetfolk.testing.hashing.QuickArgon2" if TESTING else "django.contrib.auth.hashers.Argon2PasswordHasher"
]
AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "fleetfolk.users.password_rules.OrganizationRules"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
PASSWORD_RESET_TIMEOUT = 3 * 24 * 3600
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "fleetfolk.users.signin.AccountAdapter"
ACCOUNT_REAUTHENTICATION_TIMEOUT = 60 * environment.number("FLEETFOLK_PROOF_MINUTES")
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_FORMS = {
    "reset_password": "fleetfolk.users.web.forms.ForgottenPasswordForm",
    "reset_password_from_key": "fleetfolk.users.web.forms.LinkPasswordForm",
    "change_password": "fleetfolk.users.web.forms.OwnPasswordForm",
}
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "fleetfolk.users.secret.PasswordLinks"  # noqa: S105 - a class
ACCOUNT_RATE_LIMITS = {
    "login": "60/m/ip",
    "login_failed": "20/5m/ip",
    "reset_password": "20/m/ip,5/h/key",
    "reset_password_from_key": "20/m/ip",
}
MFA_ADAPTER = "fleetfolk.users.mfa.Adapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_PASSKEY_SIGNUP_ENABLED = False
MFA_TOTP_ISSUER = "Fleetfolk"
MFA_TRUST_ENABLED = False
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
MFA_WEBAUTHN_USER_VERIFICATION = "required"
SOCIALACCOUNT_ADAPTER = "fleetfolk.users.sso.adapter.SsoAdapter"
SOCIALACCOUNT_STORE_TOKENS = False
USERSESSIONS_TRACK_ACTIVITY = False
FLEETFOLK_PROXIES = ALLAUTH_TRUSTED_PROXY_COUNT = environment.number("FLEETFOLK_PROXIES")

# Sessions, cookies, headers
SESSION_ENGINE = "fleetfolk.users.sessions"
SESSION_COOKIE_NAME = "__Host-fleetfolk" if HTTPS else "fleetfolk"
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "__Host-fleetfolk-csrf" if HTTPS else "fleetfolk-csrf"
CSRF_FAILURE_VIEW = "fleetfolk.console.errors.csrf_failure"
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_SSL_REDIRECT = PRODUCTION
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if FLEETFOLK_PROXIES else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "manifest-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
}

# Mail and pushes
MAILERS = {"default": environment.mail()}
DEFAULT_FROM_EMAIL = environment.value("FLEETFOLK_MAIL_FROM")
FLEETFOLK_MAIL_FROM_DOMAINS = environment.names("FLEETFOLK_MAIL_FROM_DOMAINS")
FLEETFOLK_PUSH_HOSTS = environment.hosts("FLEETFOLK_PUSH_HOSTS")
FLEETFOLK_WEBHOOK_HOSTS = environment.hosts("FLEETFOLK_WEBHOOK_HOSTS")
FLEETFOLK_SSO_HOSTS = environment.hosts("FLEETFOLK_SSO_HOSTS")
FLEETFOLK_SSO_DOMAINS = environment.names("FLEETFOLK_SSO_DOMAINS") | ({"proved.example"} if TESTING else set())

FLEETFOLK_MAIL_MARK = _ORIGIN.hostname or "localhost"
FLEETFOLK_MAIL_IN_DOMAIN = environment.value("FLEETFOLK_MAIL_IN_DOMAIN").lower() or f"push.{FLEETFOLK_MAIL_MARK}"
FLEETFOLK_MAIL_IN_MEGABYTES = environment.number("FLEETFOLK_MAIL_IN_MEGABYTES")
FLEETFOLK_MAIL_IN_PER_HOUR = environment.number("FLEETFOLK_MAIL_IN_PER_HOUR")
FLEETFOLK_MAIL_IN_DAYS = environment.number("FLEETFOLK_MAIL_IN_DAYS")
FLEETFOLK_MAIL_IN_RELAYS = environment.networks("FLEETFOLK_MAIL_IN_RELAYS")
FLEETFOLK_MAIL_IN_TRUSTED = environment.value("FLEETFOLK_MAIL_IN_TRUSTED")
FLEETFOLK_MAIL_IN_NAME_SERVER = environment.value("FLEETFOLK_MAIL_IN_NAME_SERVER")
FLEETFOLK_MAIL_IN_CERTIFICATE = environment.value("FLEETFOLK_MAIL_IN_CERTIFICATE")
FLEETFOLK_MAIL_IN_KEY = environment.value("FLEETFOLK_MAIL_IN_KEY")

# Languages, times, files
LANGUAGE_CODE = "en"
# Each by the name that its own speakers give it.
LANGUAGES = [("en", "English"), ("de", "Deutsch")]
LOCALE_PATHS = [PACKAGE / "locale"]
TIME_ZONE = "UTC"
USE_TZ = True
STATIC_URL = "/static/"
STATIC_ROOT = FLEETFOLK_DATA / "static"
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": FLEETFOLK_DATA / "files"},
    },
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
            if TESTING
            else "whitenoise.storage.CompressedManifestStaticFilesStorage"
        )
    },
}
WHITENOISE_USE_FINDERS = TESTING
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "fleetfolk_cache",
        # Beyond this many, entries are thrown away: guesses are counted here, and a flood must not wipe out the counts.
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
FLEETFOLK_UPLOAD_MAX_BYTES = 300_000_000
FILE_UPLOAD_HANDLERS = [
    "fleetfolk.console.uploads.LimitedUpload",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
FLEETFOLK_API_PER_MINUTE = environment.number("FLEETFOLK_API_PER_MINUTE")
FLEETFOLK_METRICS_TOKEN = environment.value("FLEETFOLK_METRICS_TOKEN")

LOGGING_CONFIG = None
logs.configure(plain=not PRODUCTION)

SILENCED_SYSTEM_CHECKS = [
    "auth.W004",  # The address is unique among accounts; pending invitations may share it.
    # What `check --deploy` says of plain HTTP is refused above in production and wanted in the demo.
    *([] if PRODUCTION else ["security.W004", "security.W008", "security.W012", "security.W016", "security.W009"]),
]
