"""The console's pages of messages: writing one, sending it, and seeing how it fared."""

import datetime as dt
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from fleetfolk.actionlog.models import Entry
from fleetfolk.kernel import clock
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.perform import perform
from fleetfolk.messages.actions.send_message import SendMessage, SendMessageInput
from fleetfolk.messages.models import Item, Message, MessageState, MessageTemplate
from fleetfolk.messages.sending import deliver
from fleetfolk.messages.tests.scenes import sent, written
from fleetfolk.testing.cast import Cast, actor
from fleetfolk.testing.plugin import SignedIn

WORDS = {"subject_en": "Maintenance", "body_en": "Hello {first_name}, we come on **Monday**.", "channels": ["email"]}


@pytest.fixture
def ada(cast: Cast, signed_in: SignedIn) -> Client:
    return signed_in(cast.ada)


def said(answer: object) -> str:
    return unescape(answer.content.decode())  # type: ignore[attr-defined]


def test_a_message_is_written_kept_and_sent(cast: Cast, ada: Client) -> None:
    answer = ada.post("/messages/new/", {**WORDS, "to": [cast.bob.pk], "do": "review"})
    draft = Message.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/messages/{draft.pk}/send/")
    assert (draft.subject, draft.audience, draft.language) == ("Maintenance", {"users": [cast.bob.pk]}, "en")
    assert "Send to 1 person" in said(ada.get(f"/messages/{draft.pk}/send/"))
    answer = ada.post(f"/messages/{draft.pk}/send/", {"when": "now"})
    assert (answer.status_code, answer["Location"]) == (302, f"/messages/{draft.pk}/")
    deliver(draft.pk)
    page = said(ada.get(f"/messages/{draft.pk}/"))
    assert "Bob" in page
    assert "Not read" in page
    assert Item.objects.get().user_id == cast.bob.pk


def test_a_draft_is_changed_where_it_is(cast: Cast, ada: Client) -> None:
    draft = written(cast, cast.bob)
    page = said(ada.get(f"/messages/{draft.pk}/edit/"))
    assert 'value="Maintenance"' in page
    ada.post(f"/messages/{draft.pk}/edit/", {**WORDS, "subject_en": "Later", "to": [cast.bob.pk], "do": "save"})
    draft.refresh_from_db()
    assert draft.subject == "Later"
    assert Message.objects.count() == 1


def test_each_language_keeps_its_own_words(cast: Cast, ada: Client) -> None:
    both = {**WORDS, "subject_de": "Wartung", "body_de": "Wir kommen am Montag."}
    ada.post("/messages/new/", {**both, "to": [cast.bob.pk], "do": "save"})
    draft = Message.objects.get()
    assert draft.variants == {"de": {"subject": "Wartung", "body": "Wir kommen am Montag.", "label": ""}}
    page = said(ada.get(f"/messages/{draft.pk}/edit/"))
    assert 'value="Wartung"' in page


def test_words_in_one_language_alone_are_the_message(cast: Cast, ada: Client) -> None:
    ada.post("/messages/new/", {"subject_de": "Wartung", "body_de": "Montag.", "to": [cast.bob.pk], "do": "save"})
    draft = Message.objects.get()
    assert (draft.language, draft.subject, draft.variants) == ("de", "Wartung", {})


def test_people_are_put_in_and_taken_out_without_losing_what_was_typed(cast: Cast, ada: Client) -> None:
    page = said(ada.post("/messages/new/", {**WORDS, "to": [cast.bob.pk], "add": f"user:{cast.sam.pk}"}))
    assert "2 people" in page
    assert 'value="Maintenance"' in page
    page = said(ada.post("/messages/new/", {**WORDS, "to": [cast.bob.pk], "drop": f"user:{cast.bob.pk}"}))
    assert "Person or segment" in page
    assert not Message.objects.exists()


def test_the_preview_speaks_to_its_reader(cast: Cast, ada: Client) -> None:
    page = said(ada.post("/messages/preview/", {**WORDS, "to": [cast.bob.pk]}))
    assert f"Hello {cast.bob.get_short_name()}" in page
    assert "<strong>Monday</strong>" in page
    assert not Message.objects.exists()


@pytest.mark.parametrize("evil", ["<script>alert(1)</script>", "[x](javascript:alert(1))", "![x](http://e.example/p)"])
def test_the_preview_runs_nothing(cast: Cast, ada: Client, evil: str) -> None:
    page = ada.post("/messages/preview/", {"subject_en": "x", "body_en": evil, "to": [cast.bob.pk]}).content.decode()
    text = page.partition('class="ff-msg-text"')[2].partition("</article>")[0]
    assert "<script" not in text
    assert 'href="javascript' not in text
    assert "<img" not in text


def test_a_button_needs_its_address(cast: Cast, ada: Client) -> None:
    answer = ada.post(
        "/messages/new/", {**WORDS, "to": [cast.bob.pk], "action": "link", "label_en": "Go", "do": "save"}
    )
    assert answer.status_code == 422
    assert "Say where the button leads." in said(answer)
    evil = {
        **WORDS,
        "to": [cast.bob.pk],
        "action": "link",
        "label_en": "Go",
        "url": "javascript:alert(1)",
        "do": "save",
    }
    answer = ada.post("/messages/new/", evil)
    assert answer.status_code == 422
    assert "not an address of the web" in said(answer)
    assert not Message.objects.exists()


def test_an_empty_message_is_not_offered_for_sending(cast: Cast, ada: Client) -> None:
    draft = written(cast, cast.bob, subject="", body="")
    page = said(ada.get(f"/messages/{draft.pk}/send/"))
    assert "Write a subject and a text first." in page
    assert "Send to" not in page


def test_later_in_each_persons_zone_keeps_the_clock_time(cast: Cast, ada: Client) -> None:
    draft = written(cast, cast.bob)
    ada.post(f"/messages/{draft.pk}/send/", {"when": "later", "at": "2031-03-05T09:00", "in_zone": "on"})
    draft.refresh_from_db()
    assert (draft.state, draft.in_zone) == (MessageState.SCHEDULED, True)
    assert draft.send_at is not None
    assert draft.send_at.isoformat() == "2031-03-05T09:00:00+00:00"
    page = said(ada.get("/messages/?state=scheduled"))
    assert "Maintenance" in page
    answer = ada.post(f"/messages/{draft.pk}/cancel/")
    draft.refresh_from_db()
    assert (draft.state, answer["Location"]) == (MessageState.DRAFT, f"/messages/{draft.pk}/edit/")


def test_the_list_says_how_messages_fared(cast: Cast, ada: Client) -> None:
    sent(cast, cast.bob, cast.sam)
    written(cast, cast.bob, subject="Unfinished")
    page = said(ada.get("/messages/"))
    assert "Maintenance" in page
    assert "Unfinished" not in page
    assert "Unfinished" in said(ada.get("/messages/?state=draft"))
    assert "No message found" in said(ada.get("/messages/?q=nothing+like+it"))


def test_the_file_of_people_runs_no_formula(cast: Cast, ada: Client) -> None:
    message = sent(cast, cast.bob)
    answer = ada.get(f"/messages/{message.pk}/people.csv")
    text = b"".join(answer).decode()
    assert cast.bob.email in text
    assert text.startswith("\ufeffname,email,read_at")


def test_the_file_of_people_asks_who_takes_it_and_is_logged(cast: Cast, signed_in: SignedIn) -> None:
    file = f"/messages/{sent(cast, cast.bob).pk}/people.csv"
    asked = signed_in(cast.ada, minutes_ago=11).get(file).content.decode()
    assert "Confirm that it is you" in asked
    assert cast.bob.email not in asked
    signed_in(cast.ada).get(file)
    assert Entry.objects.filter(code="user.list.export", result="done").count() == 1


def test_a_copy_is_a_draft_for_nobody(cast: Cast, ada: Client) -> None:
    message = sent(cast, cast.bob)
    answer = ada.post(f"/messages/{message.pk}/copy/")
    draft = Message.objects.latest("pk")
    assert answer["Location"] == f"/messages/{draft.pk}/edit/"
    assert (draft.state, draft.audience, draft.subject) == (MessageState.DRAFT, {}, "Maintenance")


def test_who_may_only_look_writes_nothing_and_that_is_known(cast: Cast, signed_in: SignedIn) -> None:
    draft = written(cast, cast.bob)
    dana = signed_in(cast.dana)
    assert dana.get("/messages/new/").status_code == 403
    assert dana.post("/messages/new/", {**WORDS, "to": [cast.bob.pk], "do": "save"}).status_code == 403
    assert dana.post(f"/messages/{draft.pk}/send/", {"when": "now"}).status_code in (403, 404)
    refused = set(Entry.objects.exclude(result="done").values_list("code", flat=True))
    assert refused >= {"message.create", "message.send"}
    draft.refresh_from_db()
    assert draft.state == MessageState.DRAFT


def test_the_profile_has_what_somebody_got_and_the_way_to_write_to_them(cast: Cast, ada: Client) -> None:
    empty = said(ada.get(f"/users/{cast.bob.pk}/messages/"))
    assert "got no messages yet" in empty
    assert f"/messages/to/{cast.bob.pk}/" in said(ada.get(f"/users/{cast.bob.pk}/"))
    sent(cast, cast.bob, body="Hello {first_name}", channels=("email",))
    page = said(ada.get(f"/users/{cast.bob.pk}/messages/"))
    assert "Maintenance" in page
    assert "Hello Bob" in page
    assert "Not read" in page
    answer = ada.get(f"/messages/to/{cast.bob.pk}/")
    assert answer["Location"] == f"/messages/new/?to={cast.bob.pk}"
    assert "1 person" in said(ada.get(answer["Location"]))


def test_staff_of_a_branch_see_what_its_person_got_from_above_and_not_how_others_fared(
    cast: Cast, signed_in: SignedIn
) -> None:
    message = sent(cast, cast.cleo, cast.sam)
    finn = signed_in(cast.finn)
    page = said(finn.get(f"/users/{cast.cleo.pk}/messages/"))
    assert "Maintenance" in page
    assert f"/messages/{message.pk}/" not in page
    assert finn.get(f"/messages/{message.pk}/").status_code == 404


def test_files_go_with_a_draft_and_what_is_none_is_said(cast: Cast, ada: Client) -> None:
    plan = SimpleUploadedFile("Plan.pdf", b"%PDF-1.7 plan")
    program = SimpleUploadedFile("setup.exe", b"MZ not a picture")
    answer = ada.post("/messages/new/", {**WORDS, "to": [cast.bob.pk], "files": [plan, program], "do": "save"})
    draft = Message.objects.get()
    assert answer["Location"] == f"/messages/{draft.pk}/edit/"
    assert list(draft.attachments.values_list("name", flat=True)) == ["Plan.pdf"]
    page = said(ada.get(answer["Location"]))
    assert "Plan.pdf" in page
    assert "setup.exe: Messages carry pictures" in page
    ada.post(f"/messages/{draft.pk}/files/{draft.attachments.get().pk}/remove/")
    assert not draft.attachments.exists()


def test_a_test_comes_to_oneself_alone_with_its_files(cast: Cast, ada: Client) -> None:
    plan = SimpleUploadedFile("Plan.pdf", b"%PDF-1.7 plan")
    ada.post("/messages/new/", {**WORDS, "to": [cast.bob.pk], "files": [plan], "do": "test"})
    draft, test = Message.objects.order_by("pk")
    assert (draft.state, test.state) == (MessageState.DRAFT, MessageState.SENDING)
    assert test.subject == "Test: Maintenance"
    assert test.attachments.get().name == "Plan.pdf"
    deliver(test.pk)
    assert Item.objects.get().user_id == cast.ada.pk
    for state in ("sent", "draft", "scheduled"):
        assert "Test: Maintenance" not in said(ada.get(f"/messages/?state={state}"))
    assert ada.get(f"/messages/{test.pk}/").status_code == 404
    assert "Test: Maintenance" in said(ada.get("/account/messages/"))


def test_nothing_goes_to_others_as_a_test(cast: Cast) -> None:
    """It would stand among no messages."""
    for people in ([cast.bob.pk], [cast.ada.pk, cast.bob.pk]):
        hidden = written(cast, audience={"users": people}, test=True)
        with pytest.raises(Refused, match="message_test"):
            perform(SendMessage, actor=actor(cast.ada), target_id=hidden.pk, data=SendMessageInput())
    own = written(cast, cast.ada, test=True)
    later = SendMessageInput(at=clock.now() + dt.timedelta(days=1))
    with pytest.raises(Refused, match="message_test"):
        perform(SendMessage, actor=actor(cast.ada), target_id=own.pk, data=later)
    perform(SendMessage, actor=actor(cast.ada), target_id=own.pk, data=SendMessageInput())


def test_an_empty_test_is_refused_and_leaves_nothing(cast: Cast, ada: Client) -> None:
    answer = ada.post("/messages/new/", {"to": [cast.bob.pk], "do": "test"}, follow=True)
    assert "Write a subject and a text first." in said(answer)
    assert Message.objects.count() == 1


def test_a_template_is_kept_and_begins_a_message(cast: Cast, ada: Client) -> None:
    words = {"name": "Winter check", "subject_en": "Choose a day", "body_en": "Hello {first_name}"}
    assert ada.post("/messages/templates/new/", words)["Location"] == "/messages/templates/"
    text = MessageTemplate.objects.get()
    assert "Winter check" in said(ada.get("/messages/templates/"))
    assert 'value="Choose a day"' in said(ada.get(f"/messages/new/?template={text.pk}"))
    page = said(ada.post("/messages/new/", {**WORDS, "to": [cast.bob.pk], "template": text.pk}))
    assert 'value="Choose a day"' in page
    assert "1 person" in page
    again = ada.post("/messages/templates/new/", words)
    assert again.status_code == 422
    ada.post(f"/messages/templates/{text.pk}/", {**words, "name": "Spring check"})
    text.refresh_from_db()
    assert text.name == "Spring check"
    ada.post(f"/messages/templates/{text.pk}/delete/")
    assert not MessageTemplate.objects.exists()
