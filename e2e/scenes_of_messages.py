"""Scenes of messages: the list, the composer, sending, what was sent, texts, a person's tab, inbox and Push Mail."""

from playwright.sync_api import expect

from e2e.pages import dialog
from e2e.people import House
from e2e.scenes import Stage, at, scene
from fleetfolk.kernel.perform import perform
from fleetfolk.messages.actions.create_message import CreateMessage
from fleetfolk.messages.actions.create_template import CreateTemplate, TemplateInput
from fleetfolk.messages.actions.send_message import SendMessage, SendMessageInput
from fleetfolk.messages.content import MessageInput, Words
from fleetfolk.messages.models import Channel, Item, Message
from fleetfolk.messages.pushmail.models import IncomingMail, MailState, PushAddress
from fleetfolk.messages.sending import deliver
from fleetfolk.testing.cast import actor
from fleetfolk.users.models import User

BODY = """Hello {first_name},

the check of your **{device}** is due. It takes 40 minutes and keeps the guarantee.

- Choose a day that suits you.
- The heating stays on."""

at("messages-none", "/messages/")
at("message-templates-none", "/messages/templates/")


def written(stage: Stage) -> Message:
    """A draft for two people in two languages, with a button."""
    house = stage.house
    return written_to(house, house.person("Annegret Oberhuber-Weißenberg"), house.person("Ólafur Þorbergsson"))


def written_to(house: House, *people: User) -> Message:
    """The draft for these people."""
    data = MessageInput(
        subject="Your heat pump’s winter check: choose a day",
        body=BODY,
        language="en",
        variants={"de": Words(subject="Ihre Winterprüfung", body="Guten Tag {name}", label="Tag wählen")},
        button={"kind": "link", "label": "Choose a day", "url": "https://lumenhome.example/winter"},
        audience={"users": [person.pk for person in people]},
        channels=[Channel.EMAIL, Channel.PUSH],
    )
    key = perform(CreateMessage, actor=actor(house.ada), target_id=house.root.pk, data=data).target.pk
    return Message.objects.get(pk=key)


def sent(stage: Stage, message: Message | None = None) -> Message:
    """The message, which everybody has for whom it is."""
    message = message or written(stage)
    perform(SendMessage, actor=actor(stage.house.ada), target_id=message.pk, data=SendMessageInput())
    deliver(message.pk)
    return message


@scene("messages", on_its_own=True)
def _(stage: Stage) -> None:
    sent(stage)
    stage.page.goto("/messages/")


@scene("message-compose", on_its_own=True)
def _(stage: Stage) -> None:
    stage.page.goto(f"/messages/{written(stage).pk}/edit/")
    expect(stage.page.locator("#preview")).to_contain_text("Hello Annegret")


@scene("message-find", on_its_own=True)
def _(stage: Stage) -> None:
    stage.page.goto(f"/messages/{written(stage).pk}/edit/")
    stage.page.locator("#add-person").click()
    expect(stage.page.locator("#found")).to_contain_text("Annegret")


@scene("message-send", on_its_own=True)
def _(stage: Stage) -> None:
    stage.page.goto(f"/messages/{written(stage).pk}/edit/?send=1")
    expect(dialog(stage.page)).to_contain_text("Send to 2 people?")


@scene("message-sent", on_its_own=True)
def _(stage: Stage) -> None:
    stage.page.goto(f"/messages/{sent(stage).pk}/")


@scene("message-templates", on_its_own=True)
def _(stage: Stage) -> None:
    data = TemplateInput(name="Winter check", subject="Choose a day", body=BODY, language="en")
    perform(CreateTemplate, actor=actor(stage.house.ada), target_id=stage.house.root.pk, data=data)
    stage.page.goto("/messages/templates/")


@scene("message-template", on_its_own=True)
def _(stage: Stage) -> None:
    stage.page.goto("/messages/templates/new/")


@scene("person-messages", on_its_own=True)
def _(stage: Stage) -> None:
    message = sent(stage)
    stage.page.goto(f"/users/{message.audience['users'][0]}/messages/")
    stage.page.locator(".ff-expand").click()
    expect(stage.page.locator(".ff-msg")).to_be_visible()


def received(stage: Stage) -> Item:
    """The message in the inbox of the customer whose browser it is."""
    bob = User.objects.get(tenant=stage.house.root, name="Bob Berg")
    message = sent(stage, written_to(stage.house, bob))
    return Item.objects.get(message=message, user=bob)


@scene("inbox", customer=True)
def _(stage: Stage) -> None:
    received(stage)
    stage.page.goto("/account/messages/")
    expect(stage.page.get_by_role("link", name="winter check")).to_be_visible()


@scene("inbox-message", customer=True)
def _(stage: Stage) -> None:
    stage.page.goto(f"/account/messages/{received(stage).pk}/")
    expect(stage.page.get_by_label("Your answer")).to_be_visible()


at("inbox-channels", "/account/notifications/", customer=True)


@scene("person-pushmail", on_its_own=True)
def _(stage: Stage) -> None:
    person = stage.house.person("Annegret Oberhuber-Weißenberg")
    address = PushAddress.objects.create(
        tenant=stage.house.root,
        user=person,
        name="Bank statements of the house",
        secret_hash="0" * 56 + f"{person.pk:08}",
        secret_end="k7qa",
        allowed_senders=["bank.example", "statements@savings-bank.example"],
        created_by_id=stage.house.ada.pk,
        created_by_label=stage.house.ada.name,
        count=1200,
    )
    IncomingMail.objects.create(
        tenant=stage.house.root,
        user=person,
        address=address,
        key="held",
        raw=b"",
        size=0,
        state=MailState.HELD,
        reason="forged",
        sender="robot@bank.example",
        subject="Your statement of November is ready to be read",
        received_at=address.created_at,
    )
    stage.page.goto(f"/users/{person.pk}/")
    card = stage.page.get_by_role("region", name="Push Mail")
    expect(card).to_contain_text("Held back")
    card.scroll_into_view_if_needed()


@scene("person-pushmail-new", on_its_own=True)
def _(stage: Stage) -> None:
    person = stage.house.person("Annegret Oberhuber-Weißenberg")
    stage.page.goto(f"/users/{person.pk}/")
    stage.page.get_by_role("region", name="Push Mail").get_by_role("link", name="Generate address").click()
    expect(dialog(stage.page).get_by_label("Allowed senders")).to_be_visible()
