"""What the operator writes to its customers: one message sent to a segment, one to a person, others yet to go."""

import datetime as dt
from typing import Any

from fleetfolk.actionlog.models import Entry
from fleetfolk.demo.build import quickly
from fleetfolk.demo.clients import INSTALLATION, Device, devices
from fleetfolk.demo.errand import run_errands
from fleetfolk.demo.helping import ADA, known_customer
from fleetfolk.demo.people import people
from fleetfolk.demo.segmenting import OWNERS, TESTERS, UNSEEN, tell_of_segments
from fleetfolk.demo.stage import REQUEST_ID, Stage
from fleetfolk.devices.models import Device as Thing
from fleetfolk.kernel import clock
from fleetfolk.messages.actions.create_message import CreateMessage
from fleetfolk.messages.actions.create_template import CreateTemplate, TemplateInput
from fleetfolk.messages.actions.read_message import ReadMessage, ReadMessageInput
from fleetfolk.messages.actions.send_message import SendMessage, SendMessageInput
from fleetfolk.messages.actions.send_reply import SendReply, SendReplyInput
from fleetfolk.messages.content import MessageInput, Words
from fleetfolk.messages.models import Channel, Item
from fleetfolk.messages.sending import deliver
from fleetfolk.organizations.models import Organization
from fleetfolk.segments.models import Segment
from fleetfolk.users.models import User

INGRID = "ingrid.bergstrom@lumenhome.example"
_LAST = "letter.template"
_MINUTE = dt.timedelta(minutes=1)
_READ_AFTER = (12, 55, 170, 420, 1260)
"""Minutes after which somebody read what was sent to the beta testers; the others have not."""
_ANSWERS = (
    "I like the new schedule. Could it also know when we are on holiday?",
    "It works well here. Only the bathroom is a little cold in the evening.",
)

_TO_TESTERS = Words(
    subject="The new heating schedule is here, please try it",
    body=(
        "Hello {first_name},\n\nyou are one of our beta testers, so you have it first: **the heating schedule now "
        "learns when you are at home**. It is switched on for *{device}* from today.\n\n"
        "- Change the temperature whenever you like, it learns from that.\n"
        "- Switch it off under *Settings* if you miss the old one.\n\nDoes it suit you? Just answer this message.\n\n"
        "Ada Lindqvist, Lumen Home"
    ),
)
_TO_TESTERS_IN_GERMAN = Words(
    subject="Der neue Heizplan ist da, probieren Sie ihn bitte aus",
    body=(
        "Guten Tag {first_name},\n\nSie testen für uns und haben ihn deshalb zuerst: **Der Heizplan lernt jetzt, wann "
        "Sie zu Hause sind.** Für *{device}* ist er ab heute eingeschaltet.\n\n"
        "- Ändern Sie die Temperatur, wann Sie wollen: Daraus lernt er.\n"
        "- Unter *Einstellungen* schalten Sie ihn aus, wenn Ihnen der alte fehlt.\n\n"
        "Passt er zu Ihnen? Antworten Sie einfach auf diese Nachricht.\n\nAda Lindqvist, Lumen Home"
    ),
)
_TO_CUSTOMER = Words(
    subject="Your heat pump follows its schedule again",
    body=(
        "Hello {first_name},\n\nthank you for letting me look. A holiday was still set, so *{device}* ignored its "
        "schedule. I told you how to end it, and now it heats again as you want.\n\nAda Lindqvist, Lumen Home"
    ),
)
_TO_CUSTOMER_IN_GERMAN = Words(
    subject="Ihre Wärmepumpe folgt wieder ihrem Plan",
    body=(
        "Guten Tag {first_name},\n\ndanke, dass ich nachsehen durfte. Es war noch ein Urlaub eingestellt, deshalb "
        "hielt sich *{device}* nicht an den Plan. Wie man ihn beendet, habe ich Ihnen gesagt; jetzt heizt sie wieder, "
        "wie Sie es wollen.\n\nAda Lindqvist, Lumen Home"
    ),
    label="Gerät öffnen",
)
_TO_OWNERS = Words(
    subject="We have not heard from your heat pump",
    body=(
        "Hello {first_name},\n\nyour heat pump has not reported for a while. It may still heat, but we cannot see "
        "whether something is wrong.\n\n1. Look whether your router is on.\n2. Switch the heat pump's network box off "
        "and on again.\n\nIf it stays silent, answer this message and we come and look.\n\nLumen Home"
    ),
)
_TO_UNSEEN = Words(
    subject="Your heating has learned something while you were away",
    body=(
        "Hello {first_name},\n\nyou have not signed in for a month. Meanwhile there is\n\n"
        "- a heating schedule that learns,\n- a view of what each room uses,\n- "
    ),
)
_VISIT = Words(
    subject="We come to service {device}",
    body=(
        "Hello {first_name},\n\nit is time for the yearly service of {device} at {organization}. We come on … between "
        "… and …, and need about an hour.\n\nDoes that not suit you? Answer this message, and we find another day.\n\n"
        "Lumen Home"
    ),
)


def tell_of_writing(now: dt.datetime) -> None:
    """The operator has segments, and wrote to them. Told again it changes nothing, interrupted it goes on.

    It comes after the fleet, whose devices it speaks of. The template that messages begin with is kept last.
    """
    root = Organization.objects.get(pk=User.objects.get(email=ADA).tenant_id)
    if Entry.objects.filter(tenant=root, request_id=REQUEST_ID + _LAST).exists():
        return
    stage = Stage(root, now=now)
    customer = known_customer(stage)
    if customer is None:
        return
    with quickly():
        _Writer(stage, customer, now=now).tell()


class _Writer:
    """Ada and Ingrid at their desks, and those who read what they wrote."""

    def __init__(self, stage: Stage, customer: User, *, now: dt.datetime) -> None:
        self.stage = stage
        self.customer = customer
        self.now = now
        self.used = {person.email: devices(person) for person in people()}

    def tell(self) -> None:
        """All of it has happened."""
        tell_of_segments(self.stage, self.customer, by=ADA, device=self._desk(ADA), now=self.now)
        self._to_testers((self.now - dt.timedelta(days=2)).replace(hour=9, minute=40, second=0, microsecond=0))
        self._to_customer((self.now - dt.timedelta(days=1)).replace(hour=13, minute=31, second=0, microsecond=0))
        self._yet_to_go((self.now - dt.timedelta(days=1)).replace(hour=15, minute=5, second=0, microsecond=0))

    def _to_testers(self, at: dt.datetime) -> None:
        """The beta testers have it by inbox and mail; some read it, two answered, the customer has not seen it."""
        key = self._write(
            "testers",
            _TO_TESTERS,
            at=at - 9 * _MINUTE,
            to={"segment": self._segment(TESTERS)},
            variants={"de": _TO_TESTERS_IN_GERMAN},
            button={"kind": "reply"},
            channels=(Channel.EMAIL,),
        )
        self._send("testers", key, at=at)
        items = Item.objects.select_related("user").filter(message_id=key).exclude(user=self.customer)
        readers = list(items.order_by("pk")[: len(_READ_AFTER)])
        for number, (item, minutes) in enumerate(zip(readers, _READ_AFTER, strict=False)):
            read = ReadMessageInput(item_id=item.pk, by=Channel.EMAIL if number % 2 else None)
            self._as_reader(ReadMessage, read, f"letter.read.{number}", item, at + minutes * _MINUTE)
            if number < len(_ANSWERS):
                answer = SendReplyInput(item_id=item.pk, text=_ANSWERS[number])
                self._as_reader(SendReply, answer, f"letter.answer.{number}", item, at + (minutes + 4) * _MINUTE)

    def _as_reader(self, action: Any, data: object, key: str, item: Item, at: dt.datetime) -> None:
        email = item.user.email
        device = self._desk(email)
        self.stage.do(action, data, key=key, at=at, by=email, target_id=item.user_id, device=device)

    def _to_customer(self, at: dt.datetime) -> None:
        """Whoever was helped yesterday has a word from Ada, with the device behind a button."""
        things = Thing.objects.filter(owner=self.customer, template__name="Heat pump")
        thing = things.order_by("pk").values_list("pk", flat=True).first()
        button = {"kind": "device", "label": "Open the device", "device": thing} if thing else {}
        key = self._write(
            "customer",
            _TO_CUSTOMER,
            at=at - 6 * _MINUTE,
            to={"users": [self.customer.pk]},
            variants={"de": _TO_CUSTOMER_IN_GERMAN},
            button=button,
        )
        self._send("customer", key, at=at)

    def _yet_to_go(self, at: dt.datetime) -> None:
        """One goes out in three days at nine, wherever its people are; one is not finished; a text waits for both.

        Where no heat pump is offline, nobody is to be told, and the first stays a draft.
        """
        owners = self._segment(OWNERS)
        key = self._write(
            "owners",
            _TO_OWNERS,
            at=at,
            to={"segment": owners},
            button={"kind": "reply"},
            channels=(Channel.EMAIL, Channel.PUSH),
        )
        if Segment.objects.filter(pk=owners, counted__gt=0).exists():
            nine = (self.now + dt.timedelta(days=3)).replace(hour=9, minute=0, second=0, microsecond=0)
            when = SendMessageInput(at=nine, in_zone=True)
            self._do(SendMessage, when, "letter.owners.sent", at=at + 4 * _MINUTE, target_id=key)
        self._write("unseen", _TO_UNSEEN, at=at + 30 * _MINUTE, to={"segment": self._segment(UNSEEN)}, by=INGRID)
        visit = TemplateInput(name="Service visit", subject=_VISIT.subject, body=_VISIT.body, language="en")
        self._do(CreateTemplate, visit, _LAST, at=at + 52 * _MINUTE, target_id=self.stage.root.pk)

    def _segment(self, name: str) -> int:
        return Segment.objects.values_list("pk", flat=True).get(organization=self.stage.root, name=name)

    def _write(
        self, name: str, words: Words, *, at: dt.datetime, to: dict[str, Any], by: str = ADA, **more: Any
    ) -> int:
        """A draft is there; its key."""
        data = MessageInput(subject=words.subject, body=words.body, language="en", audience=to, **more)
        key = f"letter.{name}"
        self._do(CreateMessage, data, key, at=at, target_id=self.stage.root.pk, by=by)
        return Entry.objects.get(tenant=self.stage.root, request_id=REQUEST_ID + key).target_id or 0

    def _send(self, name: str, key: int, *, at: dt.datetime) -> None:
        """It went out at that moment, as the worker brings it, and its mails a little later."""
        self._do(SendMessage, SendMessageInput(), f"letter.{name}.sent", at=at, target_id=key)
        with clock.at(at + dt.timedelta(seconds=2)):
            deliver(key)
        run_errands(at + dt.timedelta(seconds=4))

    def _do(self, action: Any, data: object, key: str, *, at: dt.datetime, target_id: int, by: str = ADA) -> None:
        self.stage.do(action, data, key=key, at=at, by=by, target_id=target_id, device=self._desk(by))

    def _desk(self, email: str) -> Device:
        return next((device for device in self.used.get(email, ()) if device.client == "Web"), INSTALLATION)
