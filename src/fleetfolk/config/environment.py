"""The environment variables, read once, typed, each with the words of the settings table in the docs."""

import os
import secrets
from dataclasses import dataclass
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured
from psycopg import ProgrammingError, conninfo

from fleetfolk.outbound.endpoints import allowed_of

PLANNER = "-c jit=off -c max_parallel_workers_per_gather=0 -c seq_page_cost=0.15 -c random_page_cost=0.15"
"""Pages ask small, well-indexed questions of data that is in memory: compiling them, or spreading them over cores,
costs more than it saves, and reading a page here and there costs no more than reading it in a row."""

NOTICED = {
    "connect_timeout": "5",
    "keepalives_idle": "10",
    "keepalives_interval": "5",
    "keepalives_count": "3",
    "tcp_user_timeout": "20000",
}
"""A server that vanished without a word is noticed within half a minute, and the next one asked, where there is one."""

PREPARED_FROM = 1
"""Statements of `planned_once` are kept by the database when they come again after so many times."""

DEMO_SECRET = "demo-only-and-known-to-everybody"  # noqa: S105 - refused in production


@dataclass(frozen=True, kw_only=True, slots=True)
class Variable:
    """One environment variable: its name, what it is when unset, and what it says."""

    name: str
    default: str
    meaning: str


VARIABLES = (
    Variable(
        name="FLEETFOLK_MODE",
        default="demo",
        meaning="`demo`, `production` or `test`. Production refuses demo secrets, debug and plain HTTP origins.",
    ),
    Variable(
        name="FLEETFOLK_SECRET_KEY",
        default="",
        meaning="Signs sessions and links. At least 50 random characters; required in production.",
    ),
    Variable(
        name="FLEETFOLK_SECRET_KEY_FALLBACKS",
        default="",
        meaning="Former secret keys, separated by commas, that are still accepted while a new one takes over.",
    ),
    Variable(
        name="FLEETFOLK_ORIGIN",
        default="http://localhost:8080",
        meaning="The address people type, with scheme and without a path. Links in mails are built from it alone.",
    ),
    Variable(
        name="FLEETFOLK_LOG_MONTHS",
        default="0",
        meaning="For how many whole months the action log is kept; older months are dropped. 0 keeps it for ever.",
    ),
    Variable(
        name="FLEETFOLK_ASSISTANCE_MONTHS",
        default="0",
        meaning="For how many whole months the records of remote assistance are kept, with every page that was opened. "
        "0 keeps them for ever.",
    ),
    Variable(name="FLEETFOLK_PORT", default="8080", meaning="The port that `fleetfolk run` listens on."),
    Variable(
        name="FLEETFOLK_HOST",
        default="127.0.0.1",
        meaning="The address that `fleetfolk run` listens on; `0.0.0.0` for a reverse proxy on another machine.",
    ),
    Variable(
        name="FLEETFOLK_WEB_PROCESSES",
        default="",
        meaning="How many processes answer pages. Unset: one a core, four at most.",
    ),
    Variable(
        name="FLEETFOLK_GATEWAY_PROCESSES",
        default="1",
        meaning="How many processes answer devices. One takes some thousand values a second. A device is always "
        "answered by the same one, which counts its limits.",
    ),
    Variable(
        name="FLEETFOLK_CHROMIUM",
        default="",
        meaning="The browser of the journeys in `make test`. Unset: the first Chromium or Chrome on the path.",
    ),
    Variable(
        name="FLEETFOLK_PROOF_MINUTES",
        default="10",
        meaning="So many minutes after a password was given, sensitive acts do not ask for it again.",
    ),
    Variable(
        name="FLEETFOLK_PROXIES",
        default="0",
        meaning="How many reverse proxies of yours stand before `fleetfolk run` and append to X-Forwarded-For.",
    ),
    Variable(
        name="FLEETFOLK_API_PER_MINUTE",
        default="10000",
        meaning="So many requests a minute the programs of one organization may make together.",
    ),
    Variable(
        name="FLEETFOLK_DATA",
        default=".fleetfolk",
        meaning="Folder of the embedded database, logs and uploaded files.",
    ),
    Variable(
        name="DATABASE_URL",
        default="",
        meaning="`postgresql://user:password@host:port/name` of a PostgreSQL 18 server; of a primary and its standby: "
        "`postgresql://user:password@one:5432,two:5432/name?target_session_attrs=read-write`. Unset: the embedded one.",
    ),
    Variable(
        name="EMAIL_URL",
        default="",
        meaning="`smtp://user:password@host:587` (STARTTLS) or `smtps://…:465`. Unset: the demo keeps mails on a page.",
    ),
    Variable(
        name="FLEETFOLK_MAIL_FROM",
        default="Fleetfolk <no-reply@localhost>",
        meaning="The sender of mails.",
    ),
    Variable(
        name="FLEETFOLK_MAIL_FROM_DOMAINS",
        default="",
        meaning="Domains, separated by commas, from whose addresses any organization may send its mails: those for "
        "which your mail server signs. Where an organization names another address, answers go there.",
    ),
    Variable(
        name="FLEETFOLK_PUSH_HOSTS",
        default="fcm.googleapis.com,*.push.services.mozilla.com,*.push.apple.com,*.notify.windows.com",
        meaning="The push services to which pushes are posted, separated by commas: names, `*.name` for all below one, "
        "`*` for every public host. Outside production also `host:port` of one on this machine.",
    ),
    Variable(
        name="FLEETFOLK_WEBHOOK_HOSTS",
        default="*",
        meaning="The hosts that webhooks may post to, separated by commas: names, `*.name` for all below one, `*` for "
        "every public host; empty for none. Outside production also `host:port` of one on this machine.",
    ),
    Variable(
        name="FLEETFOLK_SSO_HOSTS",
        default="*",
        meaning="The hosts of providers of single sign-on that are asked, as for FLEETFOLK_WEBHOOK_HOSTS.",
    ),
    Variable(
        name="FLEETFOLK_SSO_DOMAINS",
        default="",
        meaning="E-mail domains, separated by commas, that an organization may claim for single sign-on without a "
        "record in DNS: for domains that no public name server knows. Who claims one first has it.",
    ),
    Variable(
        name="FLEETFOLK_MAIL_IN_DOMAIN",
        default="",
        meaning="What stands behind the @ of Push Mail addresses. Its MX record leads to this machine, or to a mail "
        "server of yours that hands on. Unset: `push.` and the host of FLEETFOLK_ORIGIN.",
    ),
    Variable(
        name="FLEETFOLK_MAIL_IN_PORT",
        default="",
        meaning="The port on which Push Mail is taken in by SMTP; 0 for none. Unset: 2525 in the demo, or a free one "
        "where that is taken; none in production.",
    ),
    Variable(
        name="FLEETFOLK_MAIL_IN_LMTP_PORT",
        default="0",
        meaning="The port on which a mail server of yours hands Push Mail on by LMTP. 0 for none.",
    ),
    Variable(
        name="FLEETFOLK_MAIL_IN_HOST",
        default="127.0.0.1",
        meaning="The address on which Push Mail is taken in; `0.0.0.0` to be reached from outside.",
    ),
    Variable(
        name="FLEETFOLK_MAIL_IN_MEGABYTES",
        default="25",
        meaning="A mail that is larger is refused while it is handed over.",
    ),
    Variable(
        name="FLEETFOLK_MAIL_IN_PER_HOUR",
        default="60",
        meaning="So many mails in an hour are taken in for one Push Mail address; more are told to come later.",
    ),
    Variable(
        name="FLEETFOLK_MAIL_IN_DAYS",
        default="14",
        meaning="For how many days a mail is kept as it came. The message that was made of it stays.",
    ),
    Variable(
        name="FLEETFOLK_MAIL_IN_RELAYS",
        default="",
        meaning="Addresses or networks of mail servers of yours that hand on what they took in, separated by commas. "
        "Their own address says nothing about a sender, so SPF is not asked for it.",
    ),
    Variable(
        name="FLEETFOLK_MAIL_IN_TRUSTED",
        default="",
        meaning="The name under which those servers write what they found out about a sender into "
        "Authentication-Results. Unset: Fleetfolk checks signatures by itself.",
    ),
    Variable(
        name="FLEETFOLK_MAIL_IN_NAME_SERVER",
        default="",
        meaning="The name server that is asked about senders and about domains of single sign-on, as `192.0.2.53:53`. "
        "Unset: those of this machine.",
    ),
    Variable(
        name="FLEETFOLK_MAIL_IN_CERTIFICATE",
        default="",
        meaning="The file of a certificate chain (PEM) with which STARTTLS is offered. Unset: it is not.",
    ),
    Variable(
        name="FLEETFOLK_MAIL_IN_KEY",
        default="",
        meaning="The file of the certificate's private key (PEM). Unset: it is in the certificate's file.",
    ),
    Variable(name="FLEETFOLK_DEBUG", default="0", meaning="`1` shows tracebacks in the browser. Never in production."),
    Variable(
        name="FLEETFOLK_METRICS_TOKEN",
        default="",
        meaning="Bearer token that `/metrics` asks for. Unset: only requests from this machine are answered.",
    ),
)

_DEFAULTS = {variable.name: variable.default for variable in VARIABLES}


def value(name: str) -> str:
    """The variable as text. A name that the table lacks is a `KeyError`."""
    return os.environ.get(name, "") or _DEFAULTS[name]


def number(name: str) -> int:
    """The variable as a whole number; `ImproperlyConfigured` says so where it is none."""
    try:
        return int(value(name))
    except ValueError:
        raise ImproperlyConfigured(f"{name} is {value(name)!r}. Set it to a whole number.") from None


def flag(name: str) -> bool:
    """Whether the variable is `1`."""
    return value(name) == "1"


def networks(name: str) -> tuple[str, ...]:
    """The networks of the variable; `ImproperlyConfigured` says so where one is none."""
    try:
        return tuple(str(ip_network(each.strip(), strict=False)) for each in value(name).split(",") if each.strip())
    except ValueError:
        raise ImproperlyConfigured(
            f"{name} is {value(name)!r}. Set it to addresses or networks like 192.0.2.1, 10.0.0.0/8."
        ) from None


def mode() -> str:
    """`demo`, `production` or `test`."""
    if value("FLEETFOLK_MODE") not in {"demo", "production", "test"}:
        raise ImproperlyConfigured("FLEETFOLK_MODE is neither demo, production nor test. Set it to one of them.")
    return value("FLEETFOLK_MODE")


def data_folder() -> Path:
    """The folder of the embedded database, logs and files."""
    return Path(value("FLEETFOLK_DATA")).resolve()


def secret_key() -> str:
    """The key that signs; in demo mode one that is made once and kept in the data folder."""
    if given := value("FLEETFOLK_SECRET_KEY"):
        return given
    if mode() == "production":
        raise ImproperlyConfigured("FLEETFOLK_SECRET_KEY is not set. Set it to at least 50 random characters.")
    if mode() == "test":
        return DEMO_SECRET
    file = data_folder() / "secret-key"
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600)
        file.write_text(secrets.token_urlsafe(48))
    return file.read_text()


def origin() -> str:
    """Scheme, host and port that people type, without a slash at the end."""
    parts = urlsplit(value("FLEETFOLK_ORIGIN"))
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path.strip("/"):
        raise ImproperlyConfigured("FLEETFOLK_ORIGIN is not an address like https://console.example.com.")
    return f"{parts.scheme}://{parts.netloc}"


def names(name: str) -> frozenset[str]:
    """What the variable names, with commas between, in lower case."""
    return frozenset(one.strip().lower() for one in value(name).split(",") if one.strip())


def database() -> dict[str, object]:
    """Django's settings for DATABASE_URL, which may name several servers: `postgresql://user@one:5432,two:5432/name`."""
    url = os.environ.get("DATABASE_URL", "")
    if not url:
        raise ImproperlyConfigured(
            "DATABASE_URL is not set. Start with `make run`, which brings a database, or set it."
        )
    try:
        known = {name: str(said) for name, said in conninfo.conninfo_to_dict(url).items() if said is not None}
    except ProgrammingError:
        known = {}
    if not url.startswith(("postgresql://", "postgres://")) or not known.get("dbname"):
        raise ImproperlyConfigured("DATABASE_URL is not an address like postgresql://user:password@host:5432/name.")
    return {
        "ENGINE": "fleetfolk.config.postgresql",
        "NAME": known.pop("dbname"),
        "USER": known.pop("user", ""),
        "PASSWORD": known.pop("password", ""),
        "HOST": known.pop("host", ""),
        "PORT": known.pop("port", ""),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "application_name": "fleetfolk",
            "prepare_threshold": PREPARED_FROM,
            "options": f"-c timezone=UTC {PLANNER}",
            **NOTICED,
            **known,
        },
    }


def hosts(name: str) -> str:
    """The hosts to which something is posted; `ImproperlyConfigured` where they cannot be read, or must not be."""
    said = value(name)
    try:
        allowed = allowed_of(said)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} cannot be read: {error} Name hosts like *.push.apple.com.") from None
    if allowed.local and mode() == "production":
        raise ImproperlyConfigured(f"{name} names a host with a port. Production posts to public hosts only.")
    return said


def mail() -> dict[str, object]:
    """Django's settings for EMAIL_URL."""
    url = value("EMAIL_URL")
    if not url:
        return {"BACKEND": "fleetfolk.demo.mail.Mailbox"}
    parts = urlsplit(url)
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise ImproperlyConfigured("EMAIL_URL is not an address like smtp://user:password@mail.example.com:587.")
    options: dict[str, object] = {
        "host": parts.hostname,
        "port": parts.port or (465 if parts.scheme == "smtps" else 587),
        "username": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
        "use_ssl": parts.scheme == "smtps",
        "use_tls": parts.scheme == "smtp" and parts.hostname not in {"localhost", "127.0.0.1"},
        "timeout": 20,
    }
    return {"BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": options}
