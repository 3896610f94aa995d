"""Mail that `swaks` sends to a listener in a process of its own, as mail servers do."""

import datetime as dt
import re
import signal
import smtplib
from email.message import EmailMessage

import dkim
import pytest
from django.db import connection

from fleetfolk.kernel import clock
from fleetfolk.messages.files import path_of
from fleetfolk.messages.models import Item, MessageKind
from fleetfolk.messages.pushmail.models import Forged, IncomingMail, MailRule, MailState
from fleetfolk.messages.pushmail.secret_addresses import new_secret
from fleetfolk.messages.pushmail.tests.conftest import DOMAIN, PRIVATE, Listener, mailbox_of
from fleetfolk.testing.cast import Cast
from fleetfolk.testing.door import staging

PNG = b"\x89PNG\r\n\x1a\n"


def written(subject: str = "Hello", text: str = "Hi!", sender: str = "Ada <ada@bank.example>") -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["Subject"], mail["To"] = sender, subject, "nobody@elsewhere.example"
    mail["Message-ID"] = f"<{new_secret()[2:]}@bank.example>"
    mail["Date"] = "Mon, 01 Jan 2024 10:00:00 +0000"
    mail.set_content(text)
    return mail


def signed(mail: EmailMessage) -> bytes:
    raw = mail.as_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    return bytes(dkim.sign(raw, b"mail", b"bank.example", PRIVATE)) + raw


def test_unicode_becomes_a_message_that_says_who_sent_it_and_that_it_is_true(listener: Listener, copy: Cast) -> None:
    box = mailbox_of(copy.cleo)
    sent = listener.swaks(
        box.address, data=signed(written("Grüße 🎉", "Žluťoučký kůň\n日本語", "Zoë <zoe@bank.example>"))
    )
    assert sent.code == 0, sent.talk
    (kept,) = box.mails()
    message = kept.message
    assert message is not None
    assert (message.kind, message.subject, message.body) == (MessageKind.PUSHMAIL, "Grüße 🎉", "Žluťoučký kůň\n日本語")
    assert message.sender == "Zoë <zoe@bank.example>"
    assert (message.verdicts["standing"], message.verdicts["dmarc"]) == ("verified", "pass")
    assert Item.objects.filter(message=message, user=copy.cleo).count() == 1
    box.row.refresh_from_db()
    assert (box.row.count, box.row.last_used_at is not None) == (1, True)


def test_the_envelope_decides_and_a_qualifier_and_capitals_do_not_matter(listener: Listener, copy: Cast) -> None:
    box = mailbox_of(copy.cleo)
    assert listener.swaks(f"{box.secret.upper()}+bill@{DOMAIN.upper()}", data=written().as_bytes()).code == 0
    assert len(box.mails()) == 1


def test_ten_megabytes_arrive_with_their_picture(listener: Listener, copy: Cast) -> None:
    box = mailbox_of(copy.cleo)
    mail = written("Big")
    picture = PNG + b"x" * (10 * 1024 * 1024 - len(PNG))
    mail.add_attachment(picture, maintype="image", subtype="png", filename="roof.png")
    assert listener.swaks(box.address, data=mail.as_bytes()).code == 0
    (kept,) = box.mails()
    assert kept.message is not None
    (file,) = kept.message.attachments.all()
    assert (file.name, file.media_type, file.size) == ("roof.png", "image/png", len(picture))
    assert path_of(file.file).read_bytes() == picture


def test_html_alone_becomes_words_and_a_program_stays_outside(listener: Listener, copy: Cast) -> None:
    box = mailbox_of(copy.cleo)
    mail = written()
    mail.set_content("<p>Dear <b>Ada</b>,</p><script>alert(1)</script><p>Bye</p>", subtype="html")
    mail.add_attachment(b"MZ\x90\x00", maintype="image", subtype="png", filename="photo.png.exe")
    assert listener.swaks(box.address, data=mail.as_bytes()).code == 0
    (kept,) = box.mails()
    assert kept.message is not None
    assert kept.message.body.startswith("Dear Ada,\n\nBye\n\n—\n\n1 file was left out")
    assert "photo.png.exe" in kept.message.body
    assert not kept.message.attachments.exists()


def test_unknown_revoked_and_ended_addresses_are_refused_alike_while_the_sender_waits(
    listener: Listener, copy: Cast
) -> None:
    now = clock.now()
    dead = [
        f"{new_secret()}@{DOMAIN}",
        f"ada@{DOMAIN}",
        mailbox_of(copy.cleo, revoked_at=now).address,
        mailbox_of(copy.cleo, ends_at=now - dt.timedelta(seconds=1)).address,
    ]
    answers = set()
    for address in dead:
        sent = listener.swaks(address, data=written().as_bytes())
        assert sent.code == 24, sent.talk  # No recipient was taken.
        answers |= {answer for answer in sent.answers() if answer.startswith("5")}
    assert answers == {"550 5.1.1 No such address here"}


def test_nobody_relays_and_nobody_signs_in(listener: Listener, copy: Cast) -> None:
    assert listener.swaks("somebody@elsewhere.example", data=written().as_bytes()).heard("550 5.7.1")
    with smtplib.SMTP("127.0.0.1", listener.smtp, "client.example") as talk:
        talk.ehlo()
        assert "auth" not in talk.esmtp_features
        assert talk.docmd("AUTH PLAIN AGFkYQBzZWNyZXQ=")[0] >= 500
        assert talk.docmd("VRFY", mailbox_of(copy.cleo).address)[0] == 252


def test_what_is_too_large_is_refused_before_and_after_it_was_sent(listener: Listener, copy: Cast) -> None:
    box = mailbox_of(copy.cleo)
    with smtplib.SMTP("127.0.0.1", listener.smtp, "client.example") as talk:
        talk.ehlo()
        assert int(talk.esmtp_features["size"]) == 25 * 1024 * 1024
        assert talk.mail("ada@bank.example", ["SIZE=27000000"])[0] == 552
        talk.mail("ada@bank.example")
        talk.rcpt(box.address)
        assert talk.data(b"Subject: Big\r\n\r\n" + b"x" * 70 + b"\r\n" + (b"y" * 998 + b"\r\n") * 26_500)[0] == 552
    assert box.mails() == []


def test_a_mail_nested_too_deep_is_refused_while_the_sender_waits(listener: Listener, copy: Cast) -> None:
    box = mailbox_of(copy.cleo)
    deep = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(30))
    assert listener.swaks(box.address, data=b"From: a@b.example\r\n" + deep + b"\r\nHi\r\n").heard("554 5.6.0")
    assert box.mails() == []


@pytest.mark.parametrize(
    ("arguments", "header"),
    [
        (("--from", "<>"), ""),
        ((), "Auto-Submitted: auto-replied"),
        ((), "Precedence: bulk"),
        ((), "X-Loop: lumen.example"),
        ((), "Content-Type: multipart/report; report-type=delivery-status; boundary=b"),
        ((), "\r\n".join(["Received: from a by b"] * 31)),
    ],
)
def test_mail_that_goes_round_is_taken_and_goes_nowhere(
    listener: Listener, copy: Cast, arguments: tuple[str, ...], header: str
) -> None:
    box = mailbox_of(copy.cleo)
    raw = b"From: Ada <ada@bank.example>\r\n" + (header.encode() + b"\r\n" if header else b"") + b"\r\nHi\r\n"
    sent = listener.swaks(box.address, *arguments, data=raw)
    assert sent.code == 0, sent.talk
    assert box.mails() == []


def test_forged_mail_is_marked_held_or_refused_as_the_organization_says(listener: Listener, copy: Cast) -> None:
    box = mailbox_of(copy.cleo)
    forged = written("Pay", sender="Bank <boss@bank.example>")
    assert listener.swaks(box.address, data=forged.as_bytes()).code == 0
    assert [mail.verdict["standing"] for mail in box.mails()] == ["forged"]
    with staging():
        rule = MailRule.objects.create(tenant=copy.lumen, organization=copy.lumen, forged=Forged.HOLD)
    forged.replace_header("Message-ID", "<2@bank.example>")
    assert listener.swaks(box.address, data=forged.as_bytes()).code == 0
    assert [mail.state for mail in box.mails()] == [MailState.ACCEPTED, MailState.HELD]
    with staging():
        MailRule.objects.filter(pk=rule.pk).update(forged=Forged.REFUSE)
    forged.replace_header("Message-ID", "<3@bank.example>")
    assert listener.swaks(box.address, data=forged.as_bytes()).heard("550 5.7.1 The sender is not who")
    undecided = written(sender="Ada <ada@down.example>")
    assert listener.swaks(box.address, data=undecided.as_bytes()).heard("451 4.7.0")
    assert listener.swaks(box.address, data=signed(written("True"))).code == 0
    with staging():
        MailRule.objects.all().delete()
    assert [mail.subject for mail in box.mails()] == ["Pay", "Pay", "True"]


def test_where_senders_are_named_only_they_get_in_and_only_as_themselves(listener: Listener, copy: Cast) -> None:
    box = mailbox_of(copy.cleo, allowed_senders=["bank.example"])
    assert listener.swaks(box.address, data=written().as_bytes()).heard("550 5.7.1 This sender")
    other = written(sender="Eve <eve@other.example>")
    assert listener.swaks(box.address, data=other.as_bytes()).heard("550 5.7.1 This sender")
    assert listener.swaks(box.address, data=signed(written("True"))).code == 0
    assert [mail.subject for mail in box.mails()] == ["True"]


def test_a_mail_that_is_sent_twice_is_there_once(listener: Listener, copy: Cast) -> None:
    box = mailbox_of(copy.cleo)
    raw = written().as_bytes()
    assert [listener.swaks(box.address, data=raw).code for _ in range(2)] == [0, 0]
    assert len(box.mails()) == 1


def test_lmtp_answers_for_each_recipient(listener: Listener, copy: Cast) -> None:
    first, second = mailbox_of(copy.cleo), mailbox_of(copy.bob, allowed_senders=["other.example"])
    sent = listener.swaks(f"{first.address},{second.address}", lmtp=True, data=written().as_bytes())
    assert [answer for answer in sent.answers() if answer.startswith(("250 2.0.0", "550 5.7.1"))] == [
        "250 2.0.0 Taken in",
        "550 5.7.1 This sender may not write here",
    ]
    assert (len(first.mails()), len(second.mails())) == (1, 0)


def test_postmaster_is_there(listener: Listener) -> None:
    assert listener.swaks(f"postmaster@{DOMAIN}", data=written("Trouble").as_bytes()).code == 0
    assert "mail_for_postmaster" in listener.log()


def test_too_much_for_one_address_comes_later(listener: Listener, copy: Cast) -> None:
    running = Listener(
        folder=listener.folder / "few", name_server=listener.name_server, more={"FLEETFOLK_MAIL_IN_PER_HOUR": "2"}
    )
    running.folder.mkdir()
    running.start()
    box = mailbox_of(copy.cleo)
    try:
        sent = [running.swaks(box.address, data=written(str(number)).as_bytes()) for number in range(3)]
    finally:
        running.stop()
    assert [one.code == 0 for one in sent] == [True, True, False]
    assert sent[2].heard("450 4.7.1")


def test_what_was_taken_in_survives_the_death_of_listener_and_worker(
    name_server: int, copy: Cast, tmp_path_factory: pytest.TempPathFactory
) -> None:
    running = Listener(folder=tmp_path_factory.mktemp("killed"), name_server=name_server).start()
    box = mailbox_of(copy.cleo)
    assert running.swaks(box.address, data=written("Kept").as_bytes()).code == 0
    assert running.child is not None
    running.child.process.send_signal(signal.SIGKILL)
    running.stop()
    with connection.cursor() as cursor:
        cursor.execute("SELECT args->>'mail_id' FROM procrastinate_jobs WHERE task_name = 'messages.accept_mail'")
        asked = {int(key) for (key,) in cursor.fetchall()}
    assert IncomingMail.objects.get(address=box.row).pk in asked
    assert [mail.message.subject for mail in box.mails() if mail.message] == ["Kept"]
    assert len(box.mails()) == 1


def test_no_secret_is_in_the_log(listener: Listener, copy: Cast) -> None:
    box = mailbox_of(copy.cleo)
    listener.swaks(box.address, data=written().as_bytes())
    listener.swaks(f"{new_secret()}@{DOMAIN}", "--from", box.address, data=written().as_bytes())
    listener.swaks(f"postmaster@{DOMAIN}", data=written(box.address).as_bytes())
    assert "mail_at_the_door" in listener.log()
    assert "mail_for_nobody" in listener.log()
    assert not re.search(r"p-[a-z2-7]{26}", listener.log(), re.IGNORECASE)
