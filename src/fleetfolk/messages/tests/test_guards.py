"""What pages of messages keep from whom, one guard after another."""

import datetime as dt
import inspect
from dataclasses import replace
from html import unescape
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse

from fleetfolk.kernel import clock
from fleetfolk.kernel.actor import Actor, Assisting, AssistMode
from fleetfolk.kernel.errors import TargetNotFound
from fleetfolk.messages.activity_source import MessageSource
from fleetfolk.messages.files import keep_file
from fleetfolk.messages.models import Attachment, Item, Message, Reply
from fleetfolk.messages.sending import deliver
from fleetfolk.messages.tests.scenes import sent
from fleetfolk.messages.web.inbox import attachment
from fleetfolk.testing.cast import Cast, actor
from fleetfolk.testing.door import staging
from fleetfolk.testing.plugin import SignedIn
from fleetfolk.testing.samples_messages import going_out
from fleetfolk.testing.samples_pushmail import push_address
from fleetfolk.users.models import User


@pytest.fixture
def ada(cast: Cast, signed_in: SignedIn) -> Client:
    return signed_in(cast.ada)


def said(answer: Any) -> str:
    return unescape(answer.content.decode())


def without(person: User, permission: str) -> None:
    """The person's role holds it no more."""
    role = person.role
    role.permissions = sorted({*role.permissions} - {permission})
    with staging():
        role.save(update_fields=["permissions"])


def assisted(cast: Cast, person: User) -> Actor:
    """Somebody else's hands in the person's own view."""
    by = Assisting(id=1, public_id=uuid4(), agent_id=cast.ada.pk, agent_label="Ada", mode=AssistMode.ACT)
    return replace(actor(person), assisted_by=by)


def test_the_card_of_push_mail_is_there_for_who_may_use_it(cast: Cast, ada: Client) -> None:
    push_address(cast.cleo, name="Invoices")
    assert "Invoices" in said(ada.get(f"/users/{cast.cleo.pk}/"))
    without(cast.ada, "messages.addresses.edit")
    assert "Invoices" not in said(ada.get(f"/users/{cast.cleo.pk}/"))
    assert ada.get(f"/users/{cast.cleo.pk}/push-mail/new/").status_code == 403


def test_an_address_that_was_revoked_is_not_opened_again(cast: Cast, ada: Client) -> None:
    address = push_address(cast.cleo)
    page = f"/users/{cast.cleo.pk}/push-mail/{address.pk}/"
    assert ada.get(page).status_code == 200
    with staging():
        type(address).objects.filter(pk=address.pk).update(revoked_at=clock.now())
    assert ada.get(page).status_code == 409


def test_files_of_people_are_not_taken_one_after_another(cast: Cast, ada: Client) -> None:
    file = f"/messages/{sent(cast, cast.bob).pk}/people.csv"
    assert {ada.get(file).status_code for _again in range(10)} == {200}
    assert ada.get(file).status_code == 429


def test_each_tab_shows_those_of_whom_it_speaks(cast: Cast, ada: Client) -> None:
    message = sent(cast, cast.bob, cast.bea)
    with staging():
        Item.objects.filter(user=cast.bob).update(read_at=clock.now())
        Reply.objects.create(tenant=cast.lumen, message=message, user=cast.bea, text="When?", at=clock.now())
    shown = {
        which: {
            person.first_name
            for person in (cast.bob, cast.bea)
            if person.email in b"".join(ada.get(f"/messages/{message.pk}/people.csv?which={which}")).decode()
        }
        for which in ("everybody", "read", "unread", "replied", "failed")
    }
    both = {cast.bob.first_name, cast.bea.first_name}
    bob, bea = {cast.bob.first_name}, {cast.bea.first_name}
    assert shown == {"everybody": both, "read": bob, "unread": bea, "replied": bea, "failed": set()}


def test_a_message_whose_author_is_gone_goes_to_nobody(cast: Cast) -> None:
    message = going_out(cast)
    with staging():
        User.objects.filter(pk=cast.ada.pk).update(disabled_at=clock.now())
    deliver(message.pk)
    message.refresh_from_db()
    assert (message.state, message.failure) == ("failed", "message_author_gone")
    assert not Item.objects.exists()


def test_whoever_assists_reads_no_message_nor_its_files(cast: Cast, signed_in: SignedIn) -> None:
    message = sent(cast, cast.bob)
    with staging():
        kept = keep_file("a.png", [b"\x89PNG\r\n\x1a\n"])
        file = Attachment.objects.create(
            tenant=cast.lumen, message=message, name=kept.name, media_type=kept.media_type, size=8, file=kept.file
        )
    view: Any = inspect.unwrap(attachment)
    request: Any = RequestFactory().get("/")
    shown: Any = signed_in(cast.bob).get(reverse("inbox:file", args=[file.pk]))
    assert b"".join(shown.streaming_content).startswith(b"\x89PNG")
    request.user, request.actor = cast.bob, assisted(cast, cast.bob)
    with pytest.raises(TargetNotFound, match="message_not_yours"):
        view(request, file.pk)

    now = clock.now()
    about: dict[str, Any] = {
        "since": now - dt.timedelta(days=1),
        "until": now + dt.timedelta(days=1),
        "step": dt.timedelta(days=1),
        "zone": ZoneInfo("Europe/Berlin"),
    }
    source = MessageSource()
    assert sum((source.counts(actor(cast.bob), cast.bob, **about) or {}).values()) == 1
    assert source.counts(assisted(cast, cast.bob), cast.bob, **about) == {}
    assert Message.objects.count() == 1
