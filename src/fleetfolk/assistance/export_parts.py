"""What remote assistance knows of people: of the customer it is exported, of the assistant a pseudonym stays."""

from collections.abc import Iterator

from fleetfolk.assistance.models import Assistance, Consent, Request, Visit
from fleetfolk.users.models import User
from fleetfolk.users.personal import Personal, Record, register_personal

_FEW = 500


def _consents(person: User) -> Iterator[Record]:
    for consent in Consent.objects.filter(user=person).order_by("granted_at", "pk"):
        yield {
            "kind": "remote assistance",
            "mode": consent.mode,
            "granted": consent.granted_at,
            "until": consent.until,
            "revoked": consent.revoked_at,
        }


def _requests(person: User) -> Iterator[Record]:
    for request in Request.objects.filter(user=person).order_by("asked_at", "pk"):
        yield {
            "what": "request",
            "by": request.agent_label,
            "mode": request.mode,
            "reason": request.reason,
            "ticket": request.ticket,
            "asked": request.asked_at,
            "answered": request.answered_at,
            "accepted": request.accepted,
        }


def _sessions(person: User) -> Iterator[Record]:
    """Sessions in which the person was helped, and those in which they helped: without the names of the helped."""
    for session in Assistance.objects.filter(user=person).order_by("started_at", "pk").iterator(chunk_size=_FEW):
        yield {
            "what": "session",
            "by": session.agent_label,
            "mode": session.mode,
            "reason": session.reason,
            "ticket": session.ticket,
            "basis": session.basis,
            "began": session.started_at,
            "ended": session.ended_at,
            "ended_because": session.end_cause,
        }
    for session in Assistance.objects.filter(agent=person).order_by("started_at", "pk").iterator(chunk_size=_FEW):
        yield {"what": "session given", "mode": session.mode, "began": session.started_at, "ended": session.ended_at}


def _visits(person: User) -> Iterator[Record]:
    for visit in Visit.objects.filter(user_id=person.pk).order_by("at", "pk").iterator(chunk_size=_FEW):
        yield {
            "what": "request of a session",
            "by": visit.agent_label,
            "at": visit.at,
            "method": visit.method,
            "page": visit.path,
            "status": visit.status,
        }


def _wipe_ended_by(person: User, pseudonym: str) -> int:
    """Sessions of others that the person ended say a pseudonym, and so do those in which they helped."""
    given = Assistance.objects.filter(agent=person)
    ended = Assistance.objects.filter(tenant_id=person.tenant_id, ended_by_label=str(person)).exclude(user=person)
    changed = ended.update(ended_by_label=pseudonym)
    return changed + given.exclude(agent_label=pseudonym).update(agent_label=pseudonym)


_HELPED = "Who was helped is data of the helped. What the person did is in their action log."

register_personal(Personal(model="assistance.Consent", by=("user_id",), export=_consents, file="consents"))
register_personal(
    Personal(model="assistance.Request", by=("user_id",), export=_requests, file="support_sessions", shape="log")
)
register_personal(
    Personal(
        model="assistance.Request",
        by=("agent_id",),
        excluded=_HELPED,
        erase="pseudonymize",
        labels=(("agent_id", "agent_label"),),
    )
)
register_personal(
    Personal(model="assistance.Assistance", by=("user_id",), export=_sessions, file="support_sessions", shape="log")
)
register_personal(
    Personal(
        model="assistance.Assistance",
        by=("agent_id",),
        excluded=_HELPED,
        erase="pseudonymize",
        labels=(("agent_id", "agent_label"), ("user_id", "user_label"), ("user_id", "ended_by_label")),
        wipe=_wipe_ended_by,
    )
)
register_personal(
    Personal(model="assistance.Visit", by=("user_id",), export=_visits, file="support_sessions", shape="log")
)
register_personal(
    Personal(
        model="assistance.Visit",
        by=("agent_id",),
        excluded=_HELPED,
        erase="pseudonymize",
        labels=(("agent_id", "agent_label"), ("user_id", "user_label")),
    )
)
