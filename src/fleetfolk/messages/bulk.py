"""Writing to many who were chosen: an act on many that leads to the composer."""

from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from fleetfolk.jobs.bulk import BulkAct, register_bulk
from fleetfolk.jobs.models import Job
from fleetfolk.messages.actions.send_message import SendMessage, SendMessageInput
from fleetfolk.users.bulk import USERS


def _composer(draft: Job) -> str:
    return f"{reverse('messages:new')}?{urlencode({'job': draft.pk})}"


register_bulk(
    BulkAct(
        of=USERS,
        code="message",
        label=_("Send message"),
        icon="message",
        heading=ngettext_lazy("Write to %(total)s user", "Write to %(total)s users", "count"),
        action=SendMessage,
        input=lambda _chosen: SendMessageInput(),
        group=2,
        goto=_composer,
    )
)
