"""The doctor says what is wrong and what to do, and fails only for what is broken."""

import ssl
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from django.db import connection
from pytest_django.fixtures import Settings

from fleetfolk.config.runtime import doctor, server
from fleetfolk.config.runtime.doctor import Level, Verdict
from fleetfolk.config.runtime.ports import free_port
from fleetfolk.messages.models_push import PushSubscription
from fleetfolk.messages.webpush.vapid import key_of
from fleetfolk.testing.cast import Cast
from fleetfolk.testing.certificates import self_made
from fleetfolk.testing.door import staging

GOOD = server.Facts(version="18.1", identity="1/2", durable=True, letters=True, ahead_seconds=0.1)


def found(subject: str) -> Verdict:
    """What an examination says of the subject."""
    return next(verdict for verdict in doctor.examine() if verdict.subject == subject)


@pytest.mark.django_db
def test_every_subject_gets_a_sentence() -> None:
    verdicts = list(doctor.examine())
    assert {verdict.subject for verdict in verdicts} >= {
        "mode", "database", "durability", "letters", "clock", "tables", "worker", "mail", "front end", "pages",
        "gateway", "disk",
    }  # fmt: skip
    assert all(verdict.sentence.endswith(".") or ": " in verdict.sentence for verdict in verdicts)


@pytest.mark.django_db
def test_a_missing_worker_is_broken_and_a_beating_one_is_well() -> None:
    assert found("worker").level is Level.FAIL
    assert "fleetfolk procrastinate worker" in found("worker").sentence
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers DEFAULT VALUES")
    assert found("worker") == Verdict(subject="worker", level=Level.OK, sentence="1 running, nothing waits.")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '2 minutes'")
    assert found("worker").level is Level.FAIL


@pytest.mark.django_db
def test_jobs_that_wait_or_fail_are_counted() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
        cursor.execute("INSERT INTO procrastinate_workers DEFAULT VALUES")
        for task in ("waits", "fails"):
            cursor.execute(
                "INSERT INTO procrastinate_jobs (queue_name, task_name, args) VALUES ('default', %s, '{}')", [task]
            )
        for status in ("doing", "failed"):
            cursor.execute("UPDATE procrastinate_jobs SET status = %s WHERE task_name = 'fails'", [status])
        cursor.execute("UPDATE procrastinate_events SET at = now() - interval '10 minutes'")
    assert found("worker").sentence.startswith("1 jobs have waited for over 5 minutes.")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET scheduled_at = now() + interval '1 hour' WHERE status = 'todo'")
    assert found("worker").sentence.startswith("1 jobs failed in the last 24 hours.")


def test_a_server_that_forgets_at_a_power_cut_is_broken() -> None:
    unsafe = server.Facts(version="18.1", identity="1/2", durable=False, letters=True, ahead_seconds=0.1)
    assert [verdict.level for verdict in doctor.database(GOOD)] == [Level.OK] * 4
    assert [verdict.subject for verdict in doctor.database(unsafe) if verdict.level is Level.FAIL] == ["durability"]


def test_an_old_server_poor_letters_and_a_wrong_clock_are_worth_mending() -> None:
    poor = server.Facts(version="16.4", identity="1/2", durable=True, letters=False, ahead_seconds=-12)
    warned = {verdict.subject: verdict.sentence for verdict in doctor.database(poor) if verdict.level is Level.WARN}
    assert set(warned) == {"database", "letters", "clock"}
    assert "differ by 12 s" in warned["clock"]
    late = server.Facts(version="18.1", identity="1/2", durable=True, letters=True, ahead_seconds=90)
    assert [verdict.subject for verdict in doctor.database(late) if verdict.level is Level.FAIL] == ["clock"]


def test_a_mail_server_that_does_not_answer_is_broken(settings: Settings) -> None:
    options = {"host": "127.0.0.1", "port": free_port()}
    settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": options}}
    (verdict,) = doctor.mail()
    assert verdict.level is Level.FAIL
    assert f"127.0.0.1:{options['port']} cannot be used" in verdict.sentence


class _NobodyThere:
    """Knows no address."""

    async def handle_RCPT(self, *_asked: object) -> str:  # noqa: N802 - aiosmtpd's name
        return "550 5.1.1 No such address here"


class _Anybody:
    """Takes all mail."""


def asked_about_mail(monkeypatch: pytest.MonkeyPatch, handler: object, pem: Path | None = None) -> Verdict:
    """What is said of a listener that is there."""
    tls = None
    if pem is not None:
        tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        tls.load_cert_chain(pem)
    there = Controller(handler, hostname="127.0.0.1", port=free_port(), tls_context=tls)
    there.start()
    try:
        monkeypatch.setenv("FLEETFOLK_MAIL_IN_PORT", str(there.port))
        (verdict,) = doctor.mail_in()
    finally:
        there.stop()
    return verdict


@pytest.mark.parametrize(
    ("days", "level", "said"),
    [(60, Level.OK, "is taken in"), (3, Level.WARN, "Renew it"), (-1, Level.FAIL, "Renew it")],
)
def test_a_certificate_of_push_mail_that_ends_is_told_in_time(
    days: int, level: Level, said: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    pem = self_made(tmp_path / "push.pem", name="push.lumen.example", days=days)
    verdict = asked_about_mail(monkeypatch, _NobodyThere(), pem)
    assert verdict.level is level
    assert said in verdict.sentence


def test_push_mail_without_a_certificate_is_worth_mending_in_production_only(
    monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    assert asked_about_mail(monkeypatch, _NobodyThere()).level is Level.OK
    settings.PRODUCTION = True
    assert "without TLS" in asked_about_mail(monkeypatch, _NobodyThere()).sentence
    assert asked_about_mail(monkeypatch, _Anybody()).level is Level.FAIL


def test_a_certificate_that_cannot_be_read_and_a_listener_that_is_away_are_broken(
    monkeypatch: pytest.MonkeyPatch, settings: Settings, tmp_path: Path
) -> None:
    settings.PRODUCTION = True
    assert next(iter(doctor.mail_in())).sentence.startswith("It is not taken in.")
    monkeypatch.setenv("FLEETFOLK_MAIL_IN_PORT", str(free_port()))
    (away,) = doctor.mail_in()
    assert (away.level, "Nobody takes mail in" in away.sentence) == (Level.FAIL, True)
    for content in (None, b"no certificate"):
        file = tmp_path / "push.pem"
        if content:
            file.write_bytes(content)
        settings.FLEETFOLK_MAIL_IN_CERTIFICATE = str(file)
        (verdict,) = doctor.mail_in()
        assert (verdict.level, "Correct FLEETFOLK_MAIL_IN_CERTIFICATE" in verdict.sentence) == (Level.FAIL, True)


def test_browsers_that_get_no_pushes_are_told(cast: Cast, settings: Settings) -> None:
    settings.FLEETFOLK_PUSH_HOSTS = "push.example.com"
    assert [one.level for one in doctor.push()] == [Level.OK]
    subscribed(cast, "https://push.example.com/1", key_of(cast.lumen.pk).public)
    (well,) = doctor.push()
    assert well.sentence.startswith("1 browsers can be reached")
    subscribed(cast, "https://push.example.com/2", key_of(cast.lumen.pk + 1).public)
    subscribed(cast, "https://elsewhere.example/3", key_of(cast.lumen.pk).public)
    keys, services = doctor.push()
    assert (keys.level, services.level) == (Level.WARN, Level.WARN)
    assert keys.sentence.startswith("1 of 3 browsers know us by a key")
    assert services.sentence.endswith("Add them: elsewhere.example")
    settings.SECRET_KEY_FALLBACKS, settings.FLEETFOLK_PUSH_HOSTS = [settings.SECRET_KEY], "*"
    settings.SECRET_KEY = "another secret than that one, and long enough for it"
    with staging():
        PushSubscription.objects.filter(endpoint__endswith="/2").delete()
    assert [one.level for one in doctor.push()] == [Level.OK]
    settings.FLEETFOLK_PUSH_HOSTS = ""
    assert "Unset FLEETFOLK_PUSH_HOSTS" in next(iter(doctor.push())).sentence


def subscribed(cast: Cast, endpoint: str, key: str) -> None:
    with staging():
        PushSubscription.objects.create(
            tenant=cast.lumen, user=cast.bob, session_key="s", endpoint=endpoint,
            endpoint_hash=endpoint, p256dh="p", auth="a", server_key=key,
        )  # fmt: skip


def test_without_a_database_it_says_how_to_get_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("DATABASE_URL")
    monkeypatch.setenv("FLEETFOLK_DATA", str(tmp_path_factory.mktemp("empty")))
    assert doctor.run() == 1
    assert "FAIL  database     There is none: DATABASE_URL is not set" in capsys.readouterr().out


def test_a_database_that_is_away_is_one_finding_among_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", f"postgresql://a:b@127.0.0.1:{free_port()}/c")
    levels = {verdict.subject: verdict.level for verdict in doctor.examine()}
    assert levels["database"] is Level.FAIL
    assert "tables" not in levels
    assert "disk" in levels
