"""A push goes over real HTTPS to a service that reads it, and to nobody else, however that is tried."""

import datetime as dt
import json
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from fleetfolk.kernel import clock
from fleetfolk.messages.webpush.encryption import BrowserKeys
from fleetfolk.messages.webpush.requests import (
    Push,
    Urgency,
    Verdict,
    request_of,
    topic_of,
    verdict_of,
    wait_of,
)
from fleetfolk.messages.webpush.vapid import key_of
from fleetfolk.outbound import posting
from fleetfolk.outbound.endpoints import Unfit, allowed_of, read_endpoint
from fleetfolk.outbound.posting import Answer, Request, post
from fleetfolk.testing.https_service import Scripted
from fleetfolk.testing.push_service import PushBrowser, PushService, push_service

TEXT = json.dumps({"id": 7, "text": "Grüße 🙂"}).encode()


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PushService]:
    with push_service(tmp_path_factory.mktemp("push")) as service:
        yield service


@pytest.fixture
def service(running: PushService) -> PushService:
    running.script.clear()
    running.asked.clear()
    return running


def push(service: PushService, browser: PushBrowser, **said: Any) -> Request:
    return request_of(
        Push(**{"text": TEXT, "ttl": 3600, **said}),
        endpoint=read_endpoint(browser.endpoint, allowed_of(service.host)),
        browser=BrowserKeys.read(browser.p256dh, browser.auth),
        server=key_of(1),
        subject="mailto:post@lumen.example",
        now=int(clock.now().timestamp()),
    )


def test_the_browser_gets_it_and_reads_it(service: PushService) -> None:
    browser = service.browser(key_of(1).public)
    answer = post(push(service, browser, topic="message-7", urgency=Urgency.HIGH), trust=service.trust)
    assert verdict_of(answer) is Verdict.ACCEPTED
    (received,) = browser.received
    assert received.said == {"id": 7, "text": "Grüße 🙂"}
    assert received.headers["TTL"] == "3600"
    assert received.headers["Urgency"] == "high"
    assert received.headers["Topic"] == topic_of("message-7")
    assert len(received.headers["Topic"]) == 32
    assert received.claims["aud"] == service.origin
    assert received.claims["sub"] == "mailto:post@lumen.example"


def test_a_browser_takes_pushes_of_the_tenant_that_it_subscribed_to(service: PushService) -> None:
    browser = service.browser(key_of(2).public)
    assert verdict_of(post(push(service, browser), trust=service.trust)) is Verdict.REFUSED
    assert not browser.received


def test_a_browser_that_is_gone_is_said_to_be(service: PushService) -> None:
    browser = service.browser(key_of(1).public)
    service.forget(browser)
    assert verdict_of(post(push(service, browser), trust=service.trust)) is Verdict.GONE


def test_the_longest_push_is_taken(service: PushService) -> None:
    browser = service.browser(key_of(1).public)
    assert verdict_of(post(push(service, browser, text=b"x" * 3993), trust=service.trust)) is Verdict.ACCEPTED
    assert len(browser.received[0].text) == 3993


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(service: PushService, status: int) -> None:
    browser = service.browser(key_of(1).public)
    service.script.append(Scripted(status=status, headers={"Location": f"{service.origin}/elsewhere"}))
    assert verdict_of(post(push(service, browser), trust=service.trust)) is Verdict.REFUSED
    assert len(service.asked) == 1


def test_a_certificate_that_nobody_knows_is_not_accepted(service: PushService) -> None:
    with pytest.raises(ssl.SSLError):
        post(push(service, service.browser()))
    assert not service.asked


def test_a_name_that_leads_inside_is_not_connected_to(service: PushService, monkeypatch: pytest.MonkeyPatch) -> None:
    port = int(service.host.rpartition(":")[2])
    inside = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in ("8.8.8.8", "127.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_kwargs: inside)
    endpoint = read_endpoint("https://push.example.org/push/1", allowed_of("*"))
    with pytest.raises(Unfit):
        post(Request(endpoint=endpoint, headers={}, body=b"x"), trust=service.trust)
    assert not service.asked


def test_the_name_is_looked_up_once(service: PushService, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever answers for the name cannot say one address when it is looked at and another when it is used."""
    asked: list[str] = []
    known = socket.getaddrinfo

    def look_up(host: str, *args: Any, **kwargs: Any) -> Any:
        if not host.replace(".", "").isdigit():
            asked.append(host)
        return known("127.0.0.1" if host == "localhost" else host, *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    browser = service.browser(key_of(1).public)
    assert post(push(service, browser), trust=service.trust).status == 201
    assert asked == ["localhost"]


def answering(said: Callable[[ssl.SSLSocket], None], service: PushService) -> tuple[str, threading.Thread]:
    """A service of another kind, for one connection."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(service.authority, service.authority.with_suffix(".key"))
    listening = socket.create_server(("127.0.0.1", 0))

    def answer() -> None:
        with listening:
            plain, _ = listening.accept()
            try:
                with context.wrap_socket(plain, server_side=True) as connection:
                    connection.recv(65536)
                    said(connection)
            except OSError:
                pass  # The other side has hung up, as it should.

    serving = threading.Thread(target=answer, daemon=True)
    serving.start()
    return f"localhost:{listening.getsockname()[1]}", serving


def asked_of(service: PushService, said: Callable[[ssl.SSLSocket], None]) -> Answer:
    host, serving = answering(said, service)
    endpoint = read_endpoint(f"https://{host}/push/1", allowed_of(host))
    try:
        return post(Request(endpoint=endpoint, headers={}, body=b"x"), trust=service.trust)
    finally:
        serving.join(5)


def drip(connection: ssl.SSLSocket) -> None:
    for _second in range(40):
        connection.sendall(b"H")
        time.sleep(0.05)


def flood(connection: ssl.SSLSocket) -> None:
    connection.sendall(b"HTTP/1.1 201 Created\r\n")
    for _line in range(2000):
        connection.sendall(b"X-Long: " + b"x" * 1000 + b"\r\n")


def test_an_answer_that_drips_is_not_waited_for(service: PushService, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(posting, "PATIENCE", 0.4)
    began = time.monotonic()
    with pytest.raises(TimeoutError):
        asked_of(service, drip)
    assert time.monotonic() - began < 5


def test_an_answer_without_end_is_not_read(service: PushService) -> None:
    with pytest.raises(OSError, match="no end"):
        asked_of(service, flood)


@pytest.mark.parametrize(
    "said", [b"", b"SSH-2.0-OpenSSH\r\n\r\n", b"HTTP/1.1 2001 Created\r\n\r\n", b"HTTP/1.1 201 Created\r\n"]
)
def test_what_is_no_answer_is_an_error(service: PushService, said: bytes) -> None:
    with pytest.raises(OSError, match="Whoever was asked"):
        asked_of(service, lambda connection: connection.sendall(said))


def test_what_only_announces_an_answer_is_passed_over(service: PushService) -> None:
    said = b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 429 Too Many\r\nretry-AFTER: 17\r\n\r\nbody"
    answer = asked_of(service, lambda connection: connection.sendall(said))
    assert answer == Answer(status=429, retry_after="17")


@pytest.mark.parametrize(
    ("status", "verdict"),
    [
        *((status, Verdict.ACCEPTED) for status in (200, 201, 202, 204)),
        *((status, Verdict.GONE) for status in (404, 410)),
        (413, Verdict.TOO_LARGE),
        *((status, Verdict.LATER) for status in (408, 425, 429, 500, 502, 503, 504)),
        *((status, Verdict.REFUSED) for status in (300, 302, 400, 401, 403, 405, 415)),
    ],
)
def test_what_an_answer_means(status: int, verdict: Verdict) -> None:
    assert verdict_of(Answer(status=status)) is verdict


def test_how_long_to_wait() -> None:
    now = dt.datetime(2026, 11, 22, 10, 0, tzinfo=dt.UTC)
    waits = [wait_of(Answer(status=503), attempt=attempt, now=now) for attempt in range(7)]
    assert waits == [60, 240, 960, 3840, 15360, 61440, 86400]
    for said, seconds in {
        "120": 120,
        " 0 ": 0,
        "999999999": 86400,
        "Sun, 22 Nov 2026 10:05:00 GMT": 300,
        "Sun, 22 Nov 2026 09:00:00 GMT": 0,
        "Sun, 22 Nov 2099 09:00:00 GMT": 86400,
        "soon": 60,
        "-5": 60,
        "1e9": 60,
        "٣": 60,
        "Sun, 22 Nov 2026 10:05:00": 60,
    }.items():
        assert wait_of(Answer(status=429, retry_after=said), attempt=0, now=now) == seconds, said
