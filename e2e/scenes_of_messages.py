"""Scenes of messages: the list, the composer, sending, one that was sent, texts, and a person's tab."""

from playwright.sync_api import expect

from e2e.pages import dialog
from e2e.scenes import Stage, at, scene
from fleetfolk.kernel.perform import perform
from fleetfolk.messages.actions.create_message import CreateMessage
from fleetfolk.messages.actions.create_template import CreateTemplate, TemplateInput
from fleetfolk.messages.actions.send_message import SendMessage, SendMessageInput
from fleetfolk.messages.content import MessageInput, Words
from fleetfolk.messages.models import Channel, Message
from fleetfolk.messages.sending import deliver
from fleetfolk.testing.cast import actor

BODY = """Hello {first_name},

the check of your **{device}** is due. It takes 40 minutes and keeps the guarantee.

- Choose a day that suits you.
- The heating stays on."""

at("messages-none", "/messages/")
at("message-templates-none", "/messages/templates/")


def written(stage: Stage) -> Message:
    """A draft for two people in two languages, with a button."""
    house = stage.house
    people = [house.person("Annegret Oberhuber-Weißenberg"), house.person("Ólafur Þorbergsson")]
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


def sent(stage: Stage) -> Message:
    """The same message, which both have."""
    message = written(stage)
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
