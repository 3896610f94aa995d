"""One's own messages: read, put away, answered, their files; and nobody else's."""

from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from fleetfolk.actionlog.models import Entry
from fleetfolk.kernel import clock
from fleetfolk.kernel.perform import perform
from fleetfolk.messages.actions.create_attachment import CreateAttachment, CreateAttachmentInput
from fleetfolk.messages.actions.send_message import SendMessage, SendMessageInput
from fleetfolk.messages.files import LARGEST, NotKept, keep_file
from fleetfolk.messages.inbox import unread_of
from fleetfolk.messages.models import Attachment, Delivery, Item, Reply
from fleetfolk.messages.sending import deliver
from fleetfolk.messages.tests.scenes import sent, written
from fleetfolk.testing.cast import Cast, actor
from fleetfolk.testing.door import staging
from fleetfolk.testing.plugin import SignedIn
from fleetfolk.users.models import User


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, settings: Settings) -> None:
    settings.FLEETFOLK_DATA = tmp_path


PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 64


def of(cast: Cast, person: User, **more: object) -> Item:
    message = sent(cast, person, **more)
    return Item.objects.get(message=message, user=person)


def page(browser: Client, name: str, item: Item, *, status: int = 200) -> str:
    answer = browser.get(reverse(f"inbox:{name}", args=[item.pk]))
    assert answer.status_code == status
    return answer.content.decode()


def test_a_message_is_unread_until_it_is_opened(cast: Cast, signed_in: SignedIn) -> None:
    item = of(cast, cast.bob)
    browser = signed_in(cast.bob)
    home = browser.get("/").content.decode()
    assert "(1 unread)" in home
    listed = browser.get("/account/messages/").content.decode()
    assert "Maintenance" in listed
    assert "We come on Monday." in listed
    text = page(browser, "message", item)
    assert "<em>Monday</em>" in text
    assert unread_of(cast.bob.pk) == 0
    assert "(1 unread)" not in browser.get("/").content.decode()
    assert Entry.objects.filter(code="user.message.read", target_id=cast.bob.pk).count() == 1
    page(browser, "message", item)
    assert Entry.objects.filter(code="user.message.read").count() == 1


def test_coming_by_a_mail_it_counts_as_opened_there(cast: Cast, signed_in: SignedIn) -> None:
    item = of(cast, cast.bob, channels=("email",))
    with staging():
        Delivery.objects.update(state="sent")
    signed_in(cast.bob).get(reverse("inbox:message", args=[item.pk]) + "?by=email")
    assert Delivery.objects.get().state == "opened"


def test_put_away_and_taken_back(cast: Cast, signed_in: SignedIn) -> None:
    item = of(cast, cast.bob)
    browser = signed_in(cast.bob)
    answer = browser.post(reverse("inbox:archive", args=[item.pk]), headers={"HX-Request": "true"})
    assert reverse("inbox:restore", args=[item.pk]) in answer["HX-Trigger"]
    assert unread_of(cast.bob.pk) == 0
    assert "Maintenance" not in browser.get("/account/messages/").content.decode()
    assert "Maintenance" in browser.get("/account/messages/?archived=1").content.decode()
    browser.post(reverse("inbox:restore", args=[item.pk]))
    assert "Maintenance" in browser.get("/account/messages/").content.decode()


def test_an_answer_is_plain_text(cast: Cast, signed_in: SignedIn) -> None:
    item = of(cast, cast.bob)
    browser = signed_in(cast.bob)
    assert browser.post(reverse("inbox:reply", args=[item.pk]), {"text": "  "}).status_code == 422
    assert browser.post(reverse("inbox:reply", args=[item.pk]), {"text": "<b>Yes</b>"}).status_code == 302
    assert Reply.objects.get().text == "<b>Yes</b>"
    assert "&lt;b&gt;Yes&lt;/b&gt;" in page(browser, "message", item)


@pytest.mark.parametrize("name", ["message", "reply", "archive", "restore"])
def test_somebody_elses_message_does_not_exist(cast: Cast, signed_in: SignedIn, name: str) -> None:
    item = of(cast, cast.bob)
    for other in (cast.bea, cast.ada, cast.sam, cast.eve):
        browser = signed_in(other)
        path = reverse(f"inbox:{name}", args=[item.pk])
        answer = browser.get(path) if name == "message" else browser.post(path, {"text": "Hello"})
        assert answer.status_code == 404
        assert b"Maintenance" not in answer.content
    kept = Item.objects.get(pk=item.pk)
    assert (kept.read_at, kept.archived_at) == (None, None)
    assert not Reply.objects.exists()


def test_what_is_over_is_gone(cast: Cast, signed_in: SignedIn) -> None:
    item = of(cast, cast.bob)
    with staging():
        Item.objects.update(expires_at=clock.now())
    browser = signed_in(cast.bob)
    assert "Maintenance" not in browser.get("/account/messages/").content.decode()
    page(browser, "message", item, status=404)
    assert unread_of(cast.bob.pk) == 0


def test_a_file_is_only_for_who_has_the_message_or_may_see_it(cast: Cast, signed_in: SignedIn) -> None:
    message = written(cast, cast.bob)
    kept = keep_file("../Plan <1>.png", [PNG])
    perform(CreateAttachment, actor=actor(cast.ada), target_id=message.pk, data=CreateAttachmentInput(file=kept))
    perform(SendMessage, actor=actor(cast.ada), target_id=message.pk, data=SendMessageInput())
    deliver(message.pk)
    path = reverse("inbox:file", args=[Attachment.objects.get().pk])
    for person, status in ((cast.bob, 200), (cast.ada, 200), (cast.bea, 404), (cast.sue, 404), (cast.eve, 404)):
        answer = signed_in(person).get(path)
        assert answer.status_code == status
        assert (b"".join(answer) == PNG) is (status == 200)
    answer = signed_in(cast.bob).get(path)
    assert b"".join(answer.streaming_content) == PNG  # type: ignore[attr-defined]
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert Client().get(path).status_code == 302
    with staging():
        Item.objects.update(expires_at=clock.now())
    assert signed_in(cast.bob).get(path).status_code == 404
    assert b"".join(signed_in(cast.ada).get(path)) == PNG


@pytest.mark.parametrize(
    ("content", "reason"),
    [(b"<svg onload=alert(1)>", "kind"), (b"MZ\x90\0", "kind"), (b"", "kind"), (PNG + b"\0" * LARGEST, "size")],
)
def test_what_is_no_picture_or_pdf_or_too_large_is_not_kept(content: bytes, reason: str) -> None:
    with pytest.raises(NotKept, match=f"message_file_{reason}"):
        keep_file("harmless.png", [content])


def test_a_file_gets_the_ending_of_its_kind() -> None:
    assert keep_file("a/b\\invoice.pdf.exe", [b"%PDF-1.7"]).name == "a_b_invoice.pdf.exe.pdf"
