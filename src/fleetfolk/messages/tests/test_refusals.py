"""What messages and Push Mail addresses refuse, case by case."""

import datetime as dt
from typing import Any
from uuid import uuid4

import pytest

from fleetfolk.kernel import clock
from fleetfolk.messages.actions.send_reply import A_DAY
from fleetfolk.messages.audience import MOST_NAMED
from fleetfolk.messages.content import Words
from fleetfolk.messages.files import LARGEST, MOST, KeptFile
from fleetfolk.messages.models import (
    BODY_LENGTH,
    REPLY_LENGTH,
    SUBJECT_LENGTH,
    Attachment,
    Item,
    Message,
    MessageTemplate,
    Reply,
)
from fleetfolk.messages.pushmail.models import MOST_SENDERS, PushAddress
from fleetfolk.messages.pushmail.rules import MOST_ADDRESSES
from fleetfolk.testing.cast import Cast
from fleetfolk.testing.devices import device_of
from fleetfolk.testing.refusals import Change, after, by, given, once, refuses
from fleetfolk.testing.samples_pushmail import push_address
from fleetfolk.testing.sampling import Sample
from fleetfolk.users.models import User

_SENT, _PAST = once(state="sent"), lambda _cast: clock.now() - dt.timedelta(hours=1)
_FAR = dt.timedelta(days=1)


def _files(cast: Cast, sample: Sample) -> None:
    Attachment.objects.bulk_create(
        Attachment(
            tenant=cast.lumen, message_id=sample.target_id, name="a.png", media_type="image/png", size=1, file=uuid4()
        )
        for _ in range(MOST)
    )


def _disabled(cast: Cast, _sample: Sample) -> None:
    User.objects.filter(pk=cast.cleo.pk).update(disabled_at=clock.now())


def _of_a_mail(_cast: Cast, sample: Sample) -> None:
    Message.objects.filter(items__pk=sample.data.item_id).update(kind="pushmail")


def _answers(cast: Cast, sample: Sample) -> None:
    item = Item.objects.get(pk=sample.data.item_id)
    Reply.objects.bulk_create(
        Reply(tenant=cast.lumen, message=item.message, user=cast.cleo, text="x", at=clock.now()) for _ in range(A_DAY)
    )


def _archived(_cast: Cast, sample: Sample) -> None:
    Item.objects.filter(pk=sample.data.item_id).update(archived_at=clock.now())


def _kept(_cast: Cast, sample: Sample) -> None:
    Item.objects.filter(pk=sample.data.item_id).update(archived_at=None)


def _visits(cast: Cast, _sample: Sample) -> None:
    MessageTemplate.objects.create(
        tenant=cast.lumen, organization=cast.north, name="Visits", created_by_id=1, created_by_label="x"
    )


def _revoked(_cast: Cast, sample: Sample) -> None:
    PushAddress.objects.filter(pk=sample.data.address_id).update(revoked_at=clock.now())


def _crowded(cast: Cast, _sample: Sample) -> None:
    for number in range(MOST_ADDRESSES):
        push_address(cast.cleo, name=f"Bank {number}")


def _taken(cast: Cast) -> str:
    return push_address(cast.cleo, name="Taken").name


def _elsewhere(cast: Cast) -> int:
    return device_of(cast.eve.organization, "Hers")[0].pk


def _theirs(cast: Cast) -> int:
    return push_address(cast.bob).pk


def _button(**button: Any) -> Change:
    return given(button=button)


_LARGE = KeptFile(name="a.png", media_type="image/png", size=LARGEST + 1, file=uuid4())

CASES: list[tuple[str, Change, str]] = [
    ("message.create", given(language="xx"), "message_language"),
    ("message.create", given(subject="x" * (SUBJECT_LENGTH + 1)), "message_too_long"),
    ("message.create", given(variants={"de": Words(subject="x", body="x" * (BODY_LENGTH + 1))}), "message_too_long"),
    ("message.create", given(subject="a\nb"), "message_characters"),
    ("message.create", given(body="a\x00b"), "message_characters"),
    ("message.create", given(expires_at=_PAST), "message_expiry_past"),
    ("message.create", _button(kind="script"), "message_button"),
    ("message.create", _button(kind="reply", url="https://a.example"), "message_button"),
    ("message.create", _button(kind="link", label=" ", url="https://a.example"), "message_button_label"),
    ("message.create", _button(kind="link", label="x" * 41, url="https://a.example"), "message_button_label"),
    (
        "message.create",
        given(button=lambda cast: {"kind": "device", "label": "x", "device": _elsewhere(cast)}),
        "message_button_device",
    ),
    ("message.create", given(audience={"users": []}), "message_audience_size"),
    ("message.create", given(audience={"users": [1] * (MOST_NAMED + 1)}), "message_audience_size"),
    ("message.create", given(audience={"users": ["1"]}), "message_audience"),
    ("message.create", given(audience={"users": [True]}), "message_audience"),
    ("message.create", given(audience={"everybody": 1}), "message_audience"),
    ("message.create", given(audience=lambda cast: {"users": [cast.cleo.pk], "job": 1}), "message_audience"),
    ("message.create", given(audience=lambda cast: {"users": [cast.eve.pk]}), "message_audience_out_of_reach"),
    ("message.edit", _SENT, "message_not_draft"),
    ("message.edit", given(subject="x" * (SUBJECT_LENGTH + 1)), "message_too_long"),
    ("message.delete", _SENT, "message_not_draft"),
    ("message.send", _SENT, "message_not_draft"),
    ("message.send", once(audience={}), "message_audience"),
    ("message.send", after(_disabled), "message_nobody"),
    ("message.send", given(at=_PAST), "message_time_past"),
    ("message.send", given(at=lambda _cast: clock.now() - dt.timedelta(days=3), in_zone=True), "message_time_past"),
    ("message.send", after(lambda _cast, sample: _ends(sample)), "message_expiry_past"),
    ("message.cancel", _SENT, "message_not_going_out"),
    ("message.items.create", _SENT, "message_not_going_out"),
    ("message.items.create", after(lambda _cast, sample: _goes(sample, clock.now() + _FAR)), "message_not_due"),
    ("message.items.create", after(lambda _cast, sample: _goes(sample, None)), "message_not_due"),
    ("message.items.create", by("ada"), "message_of_the_system"),
    ("message.end", _SENT, "message_not_going_out"),
    ("message.end", by("ada"), "message_of_the_system"),
    ("message.attachment.create", _SENT, "message_not_draft"),
    ("message.attachment.create", after(_files), "message_files_many"),
    ("message.attachment.create", given(file=_LARGE), "message_file_size"),
    ("message.attachment.delete", _SENT, "message_not_draft"),
    ("message.attachment.delete", given(attachment_id=0), "message_file_gone"),
    ("message.template.create", given(name=" "), "message_template_name"),
    ("message.template.create", given(name="x" * 200), "message_template_name"),
    ("message.template.create", given(name="a\u202eb"), "message_template_name"),
    ("message.template.create", given(body="x" * (BODY_LENGTH + 1)), "message_too_long"),
    ("message.template.edit", given(name=" "), "message_template_name"),
    ("message.template.edit", after(_visits), "message_template_taken"),
    ("user.message.archive", after(_archived), "message_archived"),
    ("user.message.restore", after(_kept), "message_not_archived"),
    ("user.reply.send", after(_of_a_mail), "reply_to_mail"),
    ("user.reply.send", given(text=" "), "reply_length"),
    ("user.reply.send", given(text="a\x00b"), "reply_length"),
    ("user.reply.send", given(text="x" * (REPLY_LENGTH + 1)), "reply_length"),
    ("user.reply.send", after(_answers), "reply_many"),
    ("pushmail.address.create", after(_disabled), "pushmail_no_account"),
    ("pushmail.address.create", after(_crowded), "pushmail_too_many"),
    ("pushmail.address.create", given(name=" "), "pushmail_name"),
    ("pushmail.address.create", given(name="x" * 200), "pushmail_name"),
    ("pushmail.address.create", given(name="a\u202eb"), "pushmail_name"),
    ("pushmail.address.create", given(ends_at=_PAST), "pushmail_end_past"),
    (
        "pushmail.address.create",
        given(allowed_senders=[f"s{number}.example" for number in range(MOST_SENDERS + 1)]),
        "pushmail_senders_many",
    ),
    ("pushmail.address.edit", given(address_id=_theirs), "pushmail_address_gone"),
    ("pushmail.address.edit", after(_revoked), "pushmail_address_gone"),
    ("pushmail.address.edit", given(name=_taken), "pushmail_name_taken"),
    ("pushmail.address.edit", given(ends_at=_PAST), "pushmail_end_past"),
    ("pushmail.address.rotate", given(address_id=_theirs), "pushmail_address_gone"),
    ("pushmail.address.rotate", after(_revoked), "pushmail_address_gone"),
    ("pushmail.address.revoke", given(address_id=_theirs), "pushmail_address_gone"),
    ("pushmail.address.revoke", after(_revoked), "pushmail_address_gone"),
    ("pushmail.mail.delete", once(state="waiting"), "pushmail_mail_over"),
    ("pushmail.mails.erase", by("ada"), "pushmail_mails_stay"),
    ("pushmail.mails.erase", given(before=lambda _cast: clock.now() + _FAR), "pushmail_mails_stay"),
]


def _ends(sample: Sample) -> None:
    Message.objects.filter(pk=sample.target_id).update(expires_at=clock.now())


def _goes(sample: Sample, at: dt.datetime | None) -> None:
    Message.objects.filter(pk=sample.target_id).update(send_at=at)


@pytest.mark.parametrize(("code", "change", "reason"), CASES)
def test_it_is_refused(cast: Cast, code: str, change: Change, reason: str) -> None:
    refuses(cast, code, change, reason)
