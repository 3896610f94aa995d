"""Samples of secret mail addresses and of the mail that came to them."""

import datetime as dt
from typing import Any

from fleetfolk.kernel import clock
from fleetfolk.kernel.actor import system_actor
from fleetfolk.messages.actions.create_push_address import CreatePushAddressInput
from fleetfolk.messages.actions.edit_mail_rule import EditMailRuleInput
from fleetfolk.messages.actions.edit_push_address import EditPushAddressInput
from fleetfolk.messages.actions.erase_mails import EraseMailsInput
from fleetfolk.messages.actions.revoke_push_address import RevokePushAddressInput
from fleetfolk.messages.actions.rotate_push_address import RotatePushAddressInput
from fleetfolk.messages.pushmail.models import Forged, IncomingMail, MailState, PushAddress
from fleetfolk.messages.pushmail.secret_addresses import new_secret, secret_hash
from fleetfolk.testing.cast import Cast, actor
from fleetfolk.testing.door import staging
from fleetfolk.testing.sampling import Sample, Samples
from fleetfolk.users.actions.no_input import NoInput
from fleetfolk.users.models import User

RAW = b"From: Bank <bank@bank.example>\r\nSubject: Bill\r\nMessage-ID: <1@bank.example>\r\n\r\nPlease pay.\r\n"


def push_address(person: User, secret: str | None = None, **columns: Any) -> PushAddress:
    """An address of the person, for this secret."""
    hashed = secret_hash(secret or new_secret())
    with staging():
        return PushAddress.objects.create(
            **{
                "tenant_id": person.tenant_id,
                "user": person,
                "name": "Bank",
                "secret_hash": hashed,
                "secret_end": "abcd",
                "created_by_id": 0,
                "created_by_label": "Ada",
                **columns,
            }
        )


def mail_to(address: PushAddress, raw: bytes = RAW, **columns: Any) -> IncomingMail:
    """A mail that came to the address."""
    with staging():
        return IncomingMail.objects.create(
            **{
                "tenant_id": address.tenant_id,
                "user": address.user,
                "address": address,
                "key": new_secret(),
                "raw": raw,
                "size": len(raw),
                "sender": "Bank <bank@bank.example>",
                "subject": "Bill",
                "verdict": {"standing": "unverified"},
                "received_at": clock.now(),
                **columns,
            }
        )


def held_mail(cast: Cast) -> IncomingMail:
    """A mail to Cleo that was held back."""
    return mail_to(push_address(cast.cleo), state=MailState.HELD, reason="forged")


def _cleo(cast: Cast, data: Any) -> Sample:
    return Sample(target_id=cast.cleo.pk, data=data, permitted=actor(cast.ada))


def _kept(cast: Cast) -> dict[str, Any]:
    return {"address_id": push_address(cast.cleo).pk, "secret_hash": "b" * 64, "secret_end": "wxyz"}


def _held(cast: Cast) -> Sample:
    return Sample(target_id=held_mail(cast).pk, data=NoInput(), permitted=actor(cast.ada))


SAMPLES: Samples = {
    "pushmail.address.create": lambda cast: _cleo(
        cast, CreatePushAddressInput(name="Bank", secret_hash="a" * 64, secret_end="abcd")
    ),
    "pushmail.address.edit": lambda cast: _cleo(
        cast, EditPushAddressInput(address_id=push_address(cast.cleo).pk, name="Broker", allowed_senders=["a.example"])
    ),
    "pushmail.address.rotate": lambda cast: _cleo(cast, RotatePushAddressInput(**_kept(cast))),
    "pushmail.address.revoke": lambda cast: _cleo(cast, RevokePushAddressInput(address_id=push_address(cast.cleo).pk)),
    "pushmail.mail.accept": _held,
    "pushmail.mail.delete": _held,
    "pushmail.mails.erase": lambda cast: Sample(
        target_id=cast.lumen.pk,
        data=EraseMailsInput(before=clock.now() - dt.timedelta(days=14)),
        permitted=system_actor("caretaker", tenant_id=cast.lumen.pk),
    ),
    "pushmail.rule.edit": lambda cast: Sample(
        target_id=cast.north.pk, data=EditMailRuleInput(forged=Forged.HOLD), permitted=actor(cast.ada)
    ),
}
