"""Erase a deleted person for good."""

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel import clock
from fleetfolk.kernel.action import Action, Risk
from fleetfolk.kernel.actor import Actor, ActorKind
from fleetfolk.kernel.enqueue import enqueue
from fleetfolk.kernel.errors import Denied, Refused
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.users.erasing import erase_rows, pseudonym_of
from fleetfolk.users.models import RESTORABLE_FOR, User
from fleetfolk.users.models_privacy import Deletion, Erasure, Suppression
from fleetfolk.users.permissions import DELETE_USERS
from fleetfolk.users.picture_files import forget_picture
from fleetfolk.users.suppression import address_keys, subject_keys


@dataclass(frozen=True, kw_only=True, slots=True)
class EraseUserInput:
    """``again``: the person was erased before and came back with a backup, so there are no days of grace.

    ``suppress`` is then whether their address was not to be added any more; else their own wish tells.
    """

    again: bool = False
    suppress: bool = False


class EraseUser(Action[User, EraseUserInput]):
    """The account and all that hangs on it is gone, the log names nobody, and a certificate says what was erased.

    Done by the caretaker when the grace period is over.
    """

    code = "user.erase"
    label = _("Erase user")
    said = _("erased %(target)s")
    permission = DELETE_USERS
    target_model = "users.User"
    input_type = EraseUserInput
    risk = Risk.IRREVERSIBLE

    def check(self, *, actor: Actor, target: User, data: EraseUserInput) -> None:
        """Denies everybody but the caretaker; refuses while the account can still be restored."""
        if actor.kind is not ActorKind.SYSTEM:
            raise Denied("erase_by_the_system")
        requested = target.deletion_requested_at
        if not data.again and (requested is None or clock.now() < requested + RESTORABLE_FOR):
            raise Refused("still_restorable", name=str(target))

    def apply(self, *, actor: Actor, target: User, data: EraseUserInput) -> Outcome[User]:
        """Erases; the outcome has the key and a pseudonym, for the entry."""
        key, now = target.pk, clock.now()
        wish = Deletion.objects.filter(user=target).first()
        address_key = address_keys(target.tenant_id, target.email)[0]
        suppressed = data.suppress or (wish is not None and wish.suppress)
        if suppressed:
            Suppression.objects.get_or_create(tenant_id=target.tenant_id, address_key=address_key, defaults={"at": now})
        erasure = Erasure(
            tenant_id=target.tenant_id,
            at=now,
            subject_key=subject_keys(target.tenant_id, key, target.created_at)[0],
            requested_at=target.deletion_requested_at,
            by_themselves=wish is not None and wish.by_themselves,
            suppressed=address_key if suppressed else "",
            again=data.again,
            counts=erase_rows(target),
        )
        forget_picture(target.email)
        target.delete()
        erasure.certificate = checksum_of(certificate_of(erasure))
        erasure.save(force_insert=True)
        enqueue("users.note_erasure", erasure_id=erasure.pk)
        target.pk = key
        target.name, target.email = pseudonym_of(key), ""
        return Outcome(target=target, facts={"rows": sum(erasure.counts.values()), "again": data.again})


def certificate_of(erasure: Erasure) -> dict[str, object]:
    """What a certificate says: when, at whose wish, and how many rows of which table. Nothing that names anybody."""
    return {
        "format": "fleetfolk.erasure/1",
        "tenant": erasure.tenant_id,
        "subject": erasure.subject_key,
        "erased": _moment(erasure.at),
        "requested": _moment(erasure.requested_at) if erasure.requested_at else None,
        "requested_by": "the person themselves" if erasure.by_themselves else "the organization",
        "address_suppressed": bool(erasure.suppressed),
        "after_restoring_a_backup": erasure.again,
        "rows": dict(sorted(erasure.counts.items())),
    }


def checksum_of(certificate: Mapping[str, object]) -> str:
    """The SHA-256 of a certificate as JSON with sorted keys and no spaces."""
    text = json.dumps(certificate, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _moment(at: dt.datetime) -> str:
    return at.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")
