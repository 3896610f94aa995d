"""How much one server or one sender may hand over, how many may talk at once, and talking in secret."""

import contextlib
import smtplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from pathlib import Path

import dkim
import pytest

from fleetfolk.messages.pushmail.listener import MOST_CONNECTIONS, MOST_OF_ONE, Places
from fleetfolk.messages.pushmail.peers import address_of, network_of
from fleetfolk.messages.pushmail.rates import PER_SENDER, PER_SERVER, WRONG_PER_SERVER
from fleetfolk.messages.pushmail.tests.conftest import DOMAIN, PRIVATE, Listener, mailbox_of
from fleetfolk.testing.cast import Cast
from fleetfolk.testing.certificates import self_made

POSTMASTER = f"postmaster@{DOMAIN}"
RELAY = "127.0.0.30"


@contextmanager
def talk(listener: Listener, *, of: str, lmtp: bool = False) -> Iterator[smtplib.SMTP]:
    """A talk with the listener, of a server at this address."""
    kind, port = (smtplib.LMTP, listener.lmtp) if lmtp else (smtplib.SMTP, listener.smtp)
    with kind("127.0.0.1", port, "mx.bank.example", source_address=(of, 0)) as talking:
        talking.ehlo()
        yield talking


def handed_over(talking: smtplib.SMTP, author: str, *, proved: bool) -> int:
    """How the listener answers a mail to the postmaster whose envelope and header name this author."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = author, POSTMASTER, "Hello"
    mail["Date"] = "Mon, 01 Jan 2024 10:00:00 +0000"
    mail.set_content("Hi!")
    raw = mail.as_bytes().replace(b"\n", b"\r\n")
    raw = bytes(dkim.sign(raw, b"mail", b"bank.example", PRIVATE)) + raw if proved else raw
    assert talking.mail(author)[0] == 250
    assert talking.rcpt(POSTMASTER)[0] == 250
    return talking.data(raw)[0]


def greeting(listener: Listener, *, of: str) -> tuple[socket.socket, bytes]:
    """A connection of a server, and what it is told first."""
    peer = socket.create_connection(("127.0.0.1", listener.smtp), timeout=20, source_address=(of, 0))
    return peer, peer.recv(200)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate that we made ourselves, with its key in the same file."""
    return self_made(tmp_path_factory.mktemp("tls") / "push.pem", name=DOMAIN)


@pytest.fixture(scope="module")
def secure(
    copy: Cast, name_server: int, certificate: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Listener]:
    """A listener that has the certificate, and a mail server of ours before it."""
    more = {"FLEETFOLK_MAIL_IN_CERTIFICATE": str(certificate), "FLEETFOLK_MAIL_IN_RELAYS": RELAY}
    running = Listener(folder=tmp_path_factory.mktemp("secure"), name_server=name_server, more=more).start()
    yield running
    running.stop()


def trusting(certificate: Path) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=str(certificate))
    context.check_hostname = False  # The talk is with an address, not a name.
    return context


def test_forged_mail_uses_up_nothing_of_whom_it_names(listener: Listener) -> None:
    with talk(listener, of="127.0.0.9") as forger:
        assert {handed_over(forger, "ada@bank.example", proved=False) for _ in range(PER_SENDER + 5)} == {250}
    with talk(listener, of="127.0.0.10") as bank:
        sent = [handed_over(bank, "ada@bank.example", proved=True) for _ in range(PER_SENDER + 10)]
        assert sent[:PER_SENDER] == [250] * PER_SENDER
        assert 450 in sent
        assert handed_over(bank, "zoe@bank.example", proved=True) == 250
    with talk(listener, of="127.0.0.9") as forger:
        assert handed_over(forger, "ada@bank.example", proved=False) == 250


def test_a_server_offers_so_much_in_an_hour_whoever_it_says_to_be(listener: Listener) -> None:
    with talk(listener, of="127.0.0.11") as server:
        taken = 0
        while taken <= PER_SERVER + 50 and server.mail(f"somebody{taken}@bank.example")[0] == 250:
            server.rset()
            taken += 1
        assert PER_SERVER <= taken <= PER_SERVER + 50
    with talk(listener, of="127.0.0.12") as other:
        assert other.mail("somebody@bank.example")[0] == 250


def test_a_server_that_guesses_learns_nothing_more(listener: Listener, copy: Cast) -> None:
    box = mailbox_of(copy.cleo)
    with talk(listener, of="127.0.0.13") as server:
        server.mail("eve@bank.example")
        assert {server.rcpt(f"guess{number}@{DOMAIN}")[0] for number in range(WRONG_PER_SERVER)} == {550}
        assert server.rcpt(box.address)[0] == 450
    with talk(listener, of="127.0.0.14") as other:
        other.mail("ada@bank.example")
        assert other.rcpt(box.address)[0] == 250


def test_a_mail_is_for_ten_at_most(listener: Listener) -> None:
    spellings = [f"{'postmaster'[:number].upper()}{'postmaster'[number:]}@{DOMAIN}" for number in range(11)]
    with talk(listener, of="127.0.0.15") as server:
        server.mail("ada@bank.example")
        answers = [server.rcpt(address)[0] for address in spellings]
    assert answers == [250] * 10 + [452]


def test_a_mail_server_of_ours_is_not_counted(secure: Listener, copy: Cast) -> None:
    box = mailbox_of(copy.cleo)
    with talk(secure, of=RELAY) as relay:
        for number in range(PER_SERVER + 5):
            assert relay.mail(f"somebody{number}@bank.example")[0] == 250
            relay.rset()
        relay.mail("ada@bank.example")
        assert {relay.rcpt(f"guess{number}@{DOMAIN}")[0] for number in range(WRONG_PER_SERVER + 5)} == {550}
        assert relay.rcpt(box.address)[0] == 250


def test_one_server_takes_not_every_place_and_all_together_no_more_than_there_are(listener: Listener) -> None:
    with contextlib.ExitStack() as held:

        def asks(of: str) -> bytes:
            peer, said = greeting(listener, of=of)
            held.enter_context(peer)
            return said

        assert {asks("127.0.0.20")[:3] for _ in range(MOST_OF_ONE)} == {b"220"}
        assert asks("127.0.0.20").startswith(b"421 4.3.2")
        with talk(listener, of="127.0.0.21", lmtp=True):
            others = ["127.0.0.21"] * (MOST_OF_ONE - 1) + ["127.0.0.22"] * MOST_OF_ONE
            others += ["127.0.0.23"] * (MOST_CONNECTIONS - 3 * MOST_OF_ONE)
            assert {asks(of)[:3] for of in others} == {b"220"}
            assert asks("127.0.0.24").startswith(b"421 4.3.2")
        with talk(listener, of="127.0.0.24") as now_there_is_room:
            assert now_there_is_room.noop()[0] == 250
    with talk(listener, of="127.0.0.20") as again:
        assert again.noop()[0] == 250


def test_our_own_server_may_have_all_places_and_empty_ones_are_forgotten() -> None:
    places = Places(most=3, of_one=1)
    assert [places.take("mx", ours=True) for _ in range(4)] == [True, True, True, False]
    places.leave("mx")
    assert places.take("else", ours=False)
    for server in ("mx", "mx", "else"):
        places.leave(server)
    assert not places._taken


@pytest.mark.parametrize(
    ("peer", "network"),
    [
        (("192.0.2.1", 25), "192.0.2.1"),
        (("::ffff:192.0.2.1", 25, 0, 0), "192.0.2.1"),
        (("2001:db8:1:2:3::4", 25, 0, 0), "2001:db8:1:2::/64"),
        (("fe80::1%eth0", 25, 0, 2), "fe80::/64"),
        (None, ""),
    ],
)
def test_a_server_is_counted_by_what_it_cannot_change(peer: tuple[object, ...] | None, network: str) -> None:
    assert network_of(address_of(peer)) == network


def test_mail_comes_in_secretly_with_a_certificate(secure: Listener, copy: Cast, certificate: Path) -> None:
    box = mailbox_of(copy.cleo)
    mail = b"From: Ada <ada@bank.example>\r\nSubject: Secret\r\nMessage-ID: <tls@bank.example>\r\n\r\nHi!\r\n"
    sent = secure.swaks(box.address, "-tls", data=mail)
    assert sent.code == 0, sent.talk
    assert "TLS started with cipher" in sent.talk
    assert DOMAIN in sent.talk  # The name in the certificate.
    (kept,) = box.mails()
    assert kept.subject == "Secret"
    with talk(secure, of="127.0.0.40") as talking:
        assert "starttls" in talking.esmtp_features
        assert talking.starttls(context=trusting(certificate))[0] == 220
        talking.ehlo()
        assert not {"starttls", "auth"} & {*talking.esmtp_features}
        assert talking.docmd("AUTH PLAIN AGFkYQBzZWNyZXQ=")[0] >= 500


def test_without_a_certificate_nothing_is_promised(listener: Listener) -> None:
    with talk(listener, of="127.0.0.41") as talking:
        assert "starttls" not in talking.esmtp_features
        assert talking.docmd("STARTTLS")[0] == 454


def test_what_was_said_before_the_secret_begins_is_forgotten(secure: Listener, certificate: Path) -> None:
    """Somebody between the two could slip commands in (CVE-2011-0411)."""
    peer, said = greeting(secure, of="127.0.0.42")
    with peer:
        assert said.startswith(b"220")
        peer.sendall(b"EHLO mx.bank.example\r\n")
        while b"250 " not in peer.recv(4096):
            pass
        peer.sendall(b"STARTTLS\r\nMAIL FROM:<eve@bank.example>\r\n")
        assert peer.recv(4096) == b"220 Ready to start TLS\r\n"
        with trusting(certificate).wrap_socket(peer) as secret:
            secret.sendall(b"EHLO mx.bank.example\r\nRCPT TO:<" + POSTMASTER.encode() + b">\r\n")
            heard = b""
            while b"503" not in heard:
                heard += secret.recv(4096) or pytest.fail(f"It hung up: {heard!r}")
            assert b"2.1.0" not in heard


def test_a_secret_talk_has_one_place_and_gives_it_back(secure: Listener, certificate: Path) -> None:
    for number in range(MOST_OF_ONE + 3):
        peer, said = greeting(secure, of="127.0.0.43")
        with peer:
            assert said.startswith(b"220"), number
            peer.sendall(b"EHLO mx.bank.example\r\n")
            while b"250 " not in peer.recv(4096):
                pass
            peer.sendall(b"STARTTLS\r\n")
            assert peer.recv(4096).startswith(b"220")
            if number % 2:
                peer.sendall(b"this is no handshake\r\n")
                while peer.recv(4096):
                    pass
            else:
                with contextlib.suppress(ssl.SSLError), trusting(certificate).wrap_socket(peer) as secret:
                    secret.sendall(b"QUIT\r\n")
                    while secret.recv(4096):
                        pass
