"""Links as people get them: out of the mail that the worker sends."""

import re
from urllib.parse import urlsplit

from django.core import mail

from fleetfolk.testing.cast import Cast, invite
from fleetfolk.users import tasks
from fleetfolk.users.models import Invitation, User


def pending(cast: Cast, name: str = "Paul Pending", role: str = "user", email: str = "") -> User:
    """Somebody whom Ada has just invited to Familie Berg."""
    return invite(cast.berg, name, cast.role(role), by=cast.ada, email=email)


def link_in_last_mail() -> str:
    """The path of the link in the mail that was sent last."""
    found = re.search(r"https?://\S+/(?:join|password/new)/\S+", str(mail.outbox[-1].body))
    assert found, mail.outbox[-1].body
    return urlsplit(found[0]).path


def invitation_link(user: User) -> str:
    """The path of the link that the pending person finds in their mail."""
    invitation = Invitation.objects.get(user=user)
    tasks.send_invitation(invitation_id=invitation.pk, tenant_id=user.tenant_id)
    return link_in_last_mail()
