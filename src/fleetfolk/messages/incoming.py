"""A message that came from outside, by mail: put into one inbox, called inside the Action that accepts it."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from fleetfolk.kernel import clock
from fleetfolk.messages.files import MOST, KeptFile
from fleetfolk.messages.inboxes import put
from fleetfolk.messages.models import BODY_LENGTH, SUBJECT_LENGTH, Attachment, Channel, Message, MessageKind
from fleetfolk.messages.models import MessageState as State
from fleetfolk.users.models import User


def put_in(
    person: User,
    *,
    sender: str,
    subject: str,
    body: str,
    verdicts: Mapping[str, Any],
    files: Sequence[KeptFile] = (),
    channels: Collection[Channel] = (),
    expires_at: dt.datetime | None = None,
) -> Message:
    """The person has the message, as one by mail from ``sender``, with what was found out about that.

    ``body`` is read as Markdown and nothing in it is a place for names; what is too long is cut.
    """
    now = clock.now()
    message = Message.objects.create(
        tenant_id=person.tenant_id,
        organization_id=person.organization_id,
        kind=MessageKind.PUSHMAIL,
        state=State.SENT,
        created_by_id=0,
        created_by_label="",
        created_at=now,
        client="other",
        subject=subject[:SUBJECT_LENGTH],
        body=body[:BODY_LENGTH],
        audience={"users": [person.pk]},
        channels={way.value: way in channels for way in Channel},
        sender=sender[:320],
        verdicts=dict(verdicts),
        send_at=now,
        started_at=now,
        finished_at=now,
        recipients=1,
        expires_at=expires_at,
    )
    Attachment.objects.bulk_create(
        Attachment(
            tenant_id=person.tenant_id,
            message=message,
            name=kept.name,
            media_type=kept.media_type,
            size=kept.size,
            file=kept.file,
        )
        for kept in files[:MOST]
    )
    put(message, people=User.objects.filter(pk=person.pk), now=now)
    return message
