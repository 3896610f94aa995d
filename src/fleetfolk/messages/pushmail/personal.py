"""What Push Mail knows of people, and what becomes of it when one is erased."""

from collections.abc import Iterator

from fleetfolk.messages.pushmail.models import IncomingMail, PushAddress
from fleetfolk.users.models import User
from fleetfolk.users.personal import Personal, Record, register_personal


def _addresses(person: User) -> Iterator[Record]:
    for address in PushAddress.objects.filter(user=person).order_by("pk"):
        yield {
            "kind": "push mail address",
            "name": address.name,
            "ends_in": address.secret_end,
            "allowed_senders": list(address.allowed_senders),
            "created": address.created_at,
            "until": address.ends_at,
            "revoked": address.revoked_at,
            "last_used": address.last_used_at,
            "mails": address.count,
        }


def _mails(person: User) -> Iterator[Record]:
    for mail in IncomingMail.objects.filter(user=person).defer("raw").order_by("pk").iterator(chunk_size=500):
        yield {
            "kind": "mail",
            "from": mail.sender,
            "subject": mail.subject,
            "at": mail.received_at,
            "state": mail.state,
            "bytes": mail.size,
        }


register_personal(Personal(model="messaging.PushAddress", by=("user_id",), export=_addresses, file="push_mail"))
register_personal(
    Personal(
        model="messaging.PushAddress",
        by=("created_by_id",),
        excluded="An address is in the file of whom it was made for.",
        erase="pseudonymize",
        labels=(("created_by_id", "created_by_label"),),
    )
)
register_personal(Personal(model="messaging.IncomingMail", by=("user_id",), export=_mails, file="push_mail"))
