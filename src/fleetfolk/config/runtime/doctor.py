"""`fleetfolk doctor`: what is wrong with an installation, and what to do about each thing."""

from __future__ import annotations

import os
import shutil
import smtplib
import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import urlsplit

import django
from cryptography import x509
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import mailers
from django.core.mail.backends.smtp import EmailBackend
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from fleetfolk.config.runtime import server
from fleetfolk.config.runtime.failure import CannotStart
from fleetfolk.config.runtime.folder import MEGABYTE, data_folder, find_database
from fleetfolk.messages.pushmail.listener import certificate
from fleetfolk.messages.webpush.vapid import key_named
from fleetfolk.outbound.endpoints import Unfit, allowed_of, read_endpoint

ADVISED_SERVER = 18
STALE_HEARTBEAT_SECONDS = 60
LATE_JOB_MINUTES = 5
LITTLE_SPACE = 2_000 * MEGABYTE
NO_SPACE = 300 * MEGABYTE
RENEW_DAYS = 14


class Level(StrEnum):
    """How bad it is: fine, worth mending, or broken."""

    OK = "ok"
    WARN = "warn"
    FAIL = "FAIL"


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What one check found: the thing looked at, how bad it is, and a sentence that says what to do."""

    subject: str
    level: Level
    sentence: str


def run() -> int:
    """Every check has said its sentence. 1 if one found something broken, else 0."""
    worst = Level.OK
    for verdict in examine():
        print(f"  {verdict.level:<5} {verdict.subject:<12} {verdict.sentence}", flush=True)
        if verdict.level is Level.FAIL or (verdict.level is Level.WARN and worst is Level.OK):
            worst = verdict.level
    match worst:
        case Level.OK:
            print("\nAll is well.")
        case Level.WARN:
            print("\nIt works. The lines marked warn are worth mending.")
        case Level.FAIL:
            print("\nSomething is broken: mend the lines marked FAIL first.")
    return 1 if worst is Level.FAIL else 0


def examine() -> Iterator[Verdict]:
    """The verdicts, one after the other. Checks that need the database are left out where it cannot be reached."""
    url = find_database()
    if url is None:
        sentence = "There is none: DATABASE_URL is not set, and no `fleetfolk run` has the embedded one running."
        yield fail("database", sentence)
        return
    os.environ["DATABASE_URL"] = url
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fleetfolk.config.settings")
    try:
        django.setup()
    except ImproperlyConfigured as problem:
        yield fail("settings", str(problem))
        return
    yield from mode()
    try:
        facts = server.reach(url)
    except CannotStart as problem:
        yield fail("database", str(problem))
    else:
        yield from database(facts)
        for check in NEED_DATABASE:
            yield from check()
    for check in NEED_NO_DATABASE:
        yield from check()


def mode() -> Iterator[Verdict]:
    """What the installation is for. Settings already refuse production with demo secrets, debug or plain HTTP."""
    if settings.DEBUG:
        yield warn("settings", "FLEETFOLK_DEBUG is on: errors show their insides to everybody. Unset it.")
    if not settings.PRODUCTION:
        yield warn(
            "mode", "This is a demo, whose passwords everybody knows. For real use set FLEETFOLK_MODE=production."
        )
    elif len(set(settings.SECRET_KEY)) < 12:
        yield warn("mode", "FLEETFOLK_SECRET_KEY is long, but hardly random. Make one with: openssl rand -base64 48")
    else:
        yield ok("mode", f"Production at {settings.FLEETFOLK_ORIGIN}.")


def database(facts: server.Facts) -> Iterator[Verdict]:
    """The server's version, safety, letters and clock."""
    if int(facts.version.partition(".")[0]) < ADVISED_SERVER:
        sentence = f"PostgreSQL {facts.version} works; Fleetfolk is measured on {ADVISED_SERVER}. Upgrade when you can."
        yield warn("database", sentence)
    else:
        yield ok("database", f"PostgreSQL {facts.version} with {' and '.join(server.EXTENSIONS)}.")
    if facts.durable:
        yield ok("durability", "What is saved survives a power cut (fsync and full_page_writes are on).")
    else:
        yield fail(
            "durability", "A power cut can destroy the database: set fsync = on and full_page_writes = on there."
        )
    if facts.letters:
        yield ok("letters", "Search finds parts of words in every script.")
    else:
        yield warn(
            "letters",
            "The database's LC_CTYPE is C, so search by parts of words is slow for letters beyond ASCII. Move the data "
            "to a database made with LC_CTYPE 'C.UTF-8' (pg_dump, createdb --lc-ctype=C.UTF-8 --template=template0).",
        )
    skew = abs(facts.ahead_seconds)
    if skew > 5:
        level = fail if skew > 60 else warn
        yield level("clock", f"The clocks of this machine and the database differ by {skew:.0f} s. Let NTP set both.")
    else:
        yield ok("clock", f"It agrees with the database's to {skew:.1f} s.")


def migrations() -> Iterator[Verdict]:
    """The tables are those of this version."""
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if waiting:
        yield fail("tables", f"{len(waiting)} migrations wait, the first is {waiting[0][0]}. Run: fleetfolk migrate")
    else:
        yield ok("tables", "Every migration is applied.")


def worker() -> Iterator[Verdict]:
    """Somebody does the long work, and it is not piling up."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - make_interval(secs => %s)",
                [STALE_HEARTBEAT_SECONDS],
            )
            (alive,) = cursor.fetchone()
            cursor.execute(
                """
                SELECT
                  count(*) FILTER (
                    WHERE status = 'todo' AND coalesce(scheduled_at, last.at) < now() - make_interval(mins => %s)
                  ),
                  count(*) FILTER (WHERE status = 'failed' AND last.at > now() - interval '1 day')
                FROM procrastinate_jobs job
                CROSS JOIN LATERAL (SELECT max(at) AS at FROM procrastinate_events WHERE job_id = job.id) last
                WHERE status IN ('todo', 'failed')
                """,
                [LATE_JOB_MINUTES],
            )
            late, failed = cursor.fetchone()
    except DatabaseError as error:
        yield fail(
            "worker", f"Its tables cannot be read ({str(error).strip().splitlines()[0]}). Run: fleetfolk migrate"
        )
        return
    if not alive:
        yield fail("worker", "None is running, so mails and imports wait. Start one: fleetfolk procrastinate worker")
    elif late:
        yield warn(
            "worker",
            f"{late} jobs have waited for over {LATE_JOB_MINUTES} minutes. Start more: fleetfolk procrastinate worker",
        )
    elif failed:
        yield warn("worker", f"{failed} jobs failed in the last 24 hours. The worker's log says why.")
    else:
        yield ok("worker", f"{alive} running, nothing waits.")


def mail() -> Iterator[Verdict]:
    """The mail server takes our connection and sign-in. Nothing is sent."""
    backend = mailers["default"]
    if not isinstance(backend, EmailBackend):
        level = fail if settings.PRODUCTION else ok
        yield level("mail", "Mails are kept on a page of this demo. To send them set EMAIL_URL.")
        return
    where = f"{backend.host}:{backend.port}"
    backend.timeout = 10
    try:
        backend.open()
        backend.close()
    except OSError as error:
        yield fail("mail", f"The mail server {where} cannot be used ({error}). Correct EMAIL_URL, or mend that server.")
    else:
        yield ok("mail", f"{where} takes our sign-in.")


def push() -> Iterator[Verdict]:
    """Browsers that asked for pushes get them: their services are allowed, and we have the keys they know us by."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT tenant_id, server_key, substring(endpoint FROM '^https://[^/?#]+'), count(*)
            FROM messaging_pushsubscription GROUP BY 1, 2, 3
            """
        )
        found = cursor.fetchall()
    browsers, allowed = sum(row[3] for row in found), allowed_of(settings.FLEETFOLK_PUSH_HOSTS)
    without_key = sum(many for tenant, key, _service, many in found if key_named(tenant, key) is None)
    closed: dict[str, int] = {}
    for _tenant, _key, service, many in found:
        try:
            read_endpoint(f"{service}/", allowed)
        except Unfit:
            closed[service] = closed.get(service, 0) + many
    if not (allowed.everything or allowed.names or allowed.below or allowed.local):
        yield warn("push", "No push service is allowed, so nobody gets pushes. Unset FLEETFOLK_PUSH_HOSTS.")
    if without_key:
        yield warn(
            "push",
            f"{without_key} of {browsers} browsers know us by a key that none of our secrets makes, and get nothing. "
            "Name the former secret in FLEETFOLK_SECRET_KEY_FALLBACKS.",
        )
    if closed:
        named = ", ".join(sorted(service.removeprefix("https://") for service in closed)[:5])
        yield warn(
            "push",
            f"{sum(closed.values())} of {browsers} browsers are at services that FLEETFOLK_PUSH_HOSTS does not allow, "
            f"and get nothing. Add them: {named}",
        )
    if not without_key and not closed:
        yield ok("push", f"{browsers} browsers can be reached: their services are allowed, their keys are ours.")


def mail_in() -> Iterator[Verdict]:
    """Push Mail is taken in on this machine: a mail for nobody is refused, and talks are secret."""
    port = int(os.environ.get("FLEETFOLK_MAIL_IN_PORT") or (0 if settings.PRODUCTION else 2525))
    lmtp = int(os.environ.get("FLEETFOLK_MAIL_IN_LMTP_PORT") or 0)
    domain = settings.FLEETFOLK_MAIL_IN_DOMAIN
    if not port and not lmtp:
        yield ok("push mail", "It is not taken in. To take it in set FLEETFOLK_MAIL_IN_PORT.")
        return
    try:
        certificate(settings.FLEETFOLK_MAIL_IN_CERTIFICATE, settings.FLEETFOLK_MAIL_IN_KEY)
    except OSError as error:  # An SSLError is one.
        yield fail("push mail", f"Its certificate cannot be used ({error}). Correct FLEETFOLK_MAIL_IN_CERTIFICATE.")
        return
    kind: type[smtplib.SMTP] = smtplib.SMTP if port else smtplib.LMTP
    where = os.environ.get("FLEETFOLK_MAIL_IN_HOST") or "127.0.0.1"
    where = "127.0.0.1" if where == "0.0.0.0" else where  # noqa: S104 - asked, not bound
    try:
        with kind(where, port or lmtp, timeout=10) as talk:
            talk.ehlo()
            talk.mail("postmaster@localhost")
            code, _said = talk.rcpt(f"nobody@{domain}")
            good_until = _certificate_ends(talk) if talk.has_extn("starttls") else None
    except (OSError, smtplib.SMTPException) as error:
        level = fail if settings.PRODUCTION else warn
        yield level("push mail", f"Nobody takes mail in on port {port or lmtp} ({error}). Start it: fleetfolk run")
        return
    left = (good_until - datetime.now(UTC)).days if good_until else RENEW_DAYS
    if code not in (450, 550):
        yield fail("push mail", f"What answers on port {port or lmtp} is not Fleetfolk: it takes mail for {domain}.")
    elif left < RENEW_DAYS:
        level = fail if left < 0 else warn
        yield level("push mail", f"Its certificate ends on {good_until:%Y-%m-%d}. Renew it, then restart Fleetfolk.")
    elif port and settings.PRODUCTION and not good_until:
        yield warn("push mail", "It comes in without TLS. Set FLEETFOLK_MAIL_IN_CERTIFICATE to a certificate's file.")
    else:
        yield ok("push mail", f"Mail for {domain} is taken in on port {port or lmtp}.")


def _certificate_ends(talk: smtplib.SMTP) -> datetime:
    """Until when the certificate is good that senders are shown now, whoever made it."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    talk.rset()
    talk.starttls(context=context)
    shown: bytes = talk.sock.getpeercert(binary_form=True)  # type: ignore[union-attr]
    return x509.load_der_x509_certificate(shown).not_valid_after_utc


def static_files() -> Iterator[Verdict]:
    """Style sheet and script are there."""
    gathered = Path(settings.STATIC_ROOT) / "console" / "fleetfolk.css"
    if gathered.exists() or finders.find("console/fleetfolk.css"):
        yield ok("front end", "Style sheet and script are built.")
    else:
        yield fail("front end", "Style sheet and script are missing. In a checkout: make setup. Then: fleetfolk run")


def pages() -> Iterator[Verdict]:
    """The pages answer on this machine."""
    port = int(os.environ.get("FLEETFOLK_PORT") or 8080)
    try:
        asked = HTTPConnection("127.0.0.1", port, timeout=10)
        asked.request("GET", "/readyz", headers={"Host": urlsplit(settings.FLEETFOLK_ORIGIN).netloc})
        status = asked.getresponse().status
    except (OSError, HTTPException) as error:
        yield warn("pages", f"Nobody answers on port {port} of this machine ({error}). Start them: fleetfolk run")
        return
    if status == 200:
        yield ok("pages", f"They answer on port {port}.")
    else:
        yield fail("pages", f"What answers on port {port} says it is not ready (status {status}). Its log says why.")


def gateway() -> Iterator[Verdict]:
    """Devices are answered on this machine: one without a token is told that its token is invalid."""
    port = int(os.environ.get("FLEETFOLK_PORT") or 8080)
    try:
        asked = HTTPConnection("127.0.0.1", port, timeout=10)
        asked.request("GET", "/external/api/isHardwareConnected")
        answer = asked.getresponse()
        said = answer.read(200)
    except (OSError, HTTPException) as error:
        yield warn("gateway", f"Devices are not answered on port {port} ({error}). Start everything: fleetfolk run")
        return
    if answer.status == 400 and b"Invalid token." in said:
        yield ok("gateway", f"Devices are answered on port {port}.")
    else:
        yield fail(
            "gateway",
            f"Devices are answered with status {answer.status} on port {port}. If your own proxy stands there, let it "
            "hand /external/api/ to the gateway; else gateway.log says why.",
        )


def disk() -> Iterator[Verdict]:
    """There is room in the data folder."""
    root = data_folder().root
    home = data_folder().postgres.resolve()
    free = shutil.disk_usage(home if home.exists() else root if root.exists() else Path.cwd()).free
    sentence = f"{free // MEGABYTE} MB are free where {root} keeps its data."
    if free < NO_SPACE:
        yield fail("disk", f"Only {sentence} Free some space: the database stops when there is none.")
    elif free < LITTLE_SPACE:
        yield warn("disk", f"Only {sentence} Free some space, or set FLEETFOLK_DATA to a larger disk.")
    else:
        yield ok("disk", sentence)


type Check = Callable[[], Iterator[Verdict]]
NEED_DATABASE: tuple[Check, ...] = (migrations, worker, push)
NEED_NO_DATABASE: tuple[Check, ...] = (mail, mail_in, static_files, pages, gateway, disk)


def ok(subject: str, sentence: str) -> Verdict:
    return Verdict(subject=subject, level=Level.OK, sentence=sentence)


def warn(subject: str, sentence: str) -> Verdict:
    return Verdict(subject=subject, level=Level.WARN, sentence=sentence)


def fail(subject: str, sentence: str) -> Verdict:
    return Verdict(subject=subject, level=Level.FAIL, sentence=sentence)
