"""Links that are mailed: each mail makes its own secret, so that a link is nowhere but in the last mail."""

from typing import Any

import structlog
from django.conf import settings
from django.db.models import Model
from django.urls import reverse

from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import system_actor
from fleetfolk.kernel.errors import ActionError
from fleetfolk.kernel.perform import perform
from fleetfolk.users.secret import new_secret, secret_hash

_LOG = structlog.get_logger("fleetfolk.users")


def fresh_link[T: Model](
    rotation: type[Action[T, Any]], *, target_id: int, tenant_id: int, at: str
) -> tuple[T, str] | None:
    """The target as the rotation left it, and a link that works; None where there is no need for one any more.

    ``at`` names the URL that takes the secret. A second run makes a second secret: the first link is void then. What
    is mailed is to be read of this target: the rotation held its lock, so whoever had an address before it was
    corrected gets no secret.
    """
    secret = new_secret()
    try:
        target = perform(
            rotation,
            actor=system_actor("mailer", tenant_id=tenant_id),
            target_id=target_id,
            data=rotation.input_type(secret_hash=secret_hash(secret)),
        ).target
    except ActionError as error:
        _LOG.info("link_not_sent", rotation=rotation.code, target=target_id, reason=error.reason)
        return None
    return target, settings.FLEETFOLK_ORIGIN + reverse(at, args=[secret])
