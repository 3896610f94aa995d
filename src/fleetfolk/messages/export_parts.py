"""What messages know of people: exported for who got and answered them, freed of the name when an author is erased."""

from collections.abc import Iterator

from fleetfolk.messages.models import Attachment, Choice, Delivery, Item, Message, Reply
from fleetfolk.messages.models_push import PushSubscription
from fleetfolk.messages.reading import read_for
from fleetfolk.users.models import User
from fleetfolk.users.personal import Personal, Record, register_personal


def _inbox(person: User) -> Iterator[Record]:
    items = Item.objects.select_related("message__organization").filter(user=person).order_by("pk")
    for item in items.iterator(chunk_size=100):
        message = item.message
        words = read_for(message, person)
        yield {
            "kind": "message",
            "from": message.sender or message.organization.name,
            "subject": words.subject,
            "text": words.text,
            "at": item.at,
            "read": item.read_at,
            "archived": item.archived_at,
            "attachments": [one.name for one in Attachment.objects.filter(message=message).order_by("pk")],
        }


def _deliveries(person: User) -> Iterator[Record]:
    rows = Delivery.objects.filter(user=person).order_by("pk").iterator(chunk_size=500)
    for row in rows:
        yield {"kind": "delivery", "message": row.message_id, "by": row.channel, "state": row.state, "at": row.at}


def _replies(person: User) -> Iterator[Record]:
    for reply in Reply.objects.filter(user=person).order_by("pk").iterator(chunk_size=100):
        yield {"kind": "reply", "message": reply.message_id, "text": reply.text, "at": reply.at}


def _choices(person: User) -> Iterator[Record]:
    for choice in Choice.objects.filter(user=person):
        yield {"by_mail": choice.email, "by_push": choice.push}


def _pushes(person: User) -> Iterator[Record]:
    for push in PushSubscription.objects.filter(user=person).order_by("pk"):
        yield {"browser": push.browser, "since": push.created_at, "last": push.last_ok_at}


def _wipe_own(person: User, label: str) -> int:
    """Messages that were for this person alone are gone with them; elsewhere they are named no more."""
    gone, _each = Message.objects.filter(tenant_id=person.tenant_id, audience={"users": [person.pk]}).delete()
    for message in Message.objects.filter(tenant_id=person.tenant_id, audience__users__contains=person.pk):
        message.audience = {"users": [key for key in message.audience["users"] if key != person.pk]}
        message.save(update_fields=["audience"])
        gone += 1
    return gone


register_personal(Personal(model="messaging.Item", by=("user_id",), export=_inbox, file="messages", shape="log"))
register_personal(
    Personal(model="messaging.Delivery", by=("user_id",), export=_deliveries, file="messages", shape="log")
)
register_personal(Personal(model="messaging.Reply", by=("user_id",), export=_replies, file="messages", shape="log"))
register_personal(Personal(model="messaging.Choice", by=("user_id",), export=_choices, file="message_choices"))
register_personal(
    Personal(
        model="messaging.Message",
        by=("created_by_id",),
        excluded="What a person of staff wrote belongs to those who got it.",
        erase="pseudonymize",
        labels=(("created_by_id", "created_by_label"),),
    )
)
register_personal(
    Personal(
        model="messaging.Message",
        excluded="What was written to a person is in the file of messages.",
        erase="delete",
        wipe=_wipe_own,
    )
)
register_personal(Personal(model="messaging.Attachment", excluded="It goes with its message, where its name is."))
register_personal(
    Personal(
        model="messaging.MessageTemplate",
        by=("created_by_id",),
        excluded="A text of the organization.",
        erase="pseudonymize",
        labels=(("created_by_id", "created_by_label"),),
    )
)
for _keeping, _why in (
    ("messaging.Unreachable", "It says that an address of theirs takes no mails."),
    ("messaging.DayCount", "It counts mails and pushes, so that they are not many."),
):
    register_personal(Personal(model=_keeping, by=("user_id",), excluded=_why))
register_personal(Personal(model="messaging.PushSubscription", by=("user_id",), export=_pushes, file="push_browsers"))
