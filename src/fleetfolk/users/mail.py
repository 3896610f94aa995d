"""Mails to people: queued in the change's own transaction, sent by the worker."""

from fleetfolk.kernel.enqueue import enqueue
from fleetfolk.users.models import User


def notify(user: User, notice: str, **facts: str) -> None:
    """A mail of this kind is queued, and sent only if the change around it is committed.

    ``notice`` names a template in ``templates/users/mail/``; pending people are not written to: they have no account.
    """
    if user.activated_at is not None:
        about = {"email": user.email, "name": user.get_short_name(), "tenant_id": user.tenant_id}
        enqueue("users.send_notice", notice=notice, facts={**facts}, **about)
