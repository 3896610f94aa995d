"""What remote assistance knows of people: exported for the customer, freed of the name when an assistant is erased."""

from collections.abc import Iterator

from fleetfolk.assistance.models import Assistance, Consent, Request
from fleetfolk.users.models import User
from fleetfolk.users.personal import Personal, Record, register_personal


def _consents(person: User) -> Iterator[Record]:
    for consent in Consent.objects.filter(user=person).order_by("granted_at", "pk"):
        yield {
            "kind": "remote assistance",
            "mode": consent.mode,
            "granted": consent.granted_at,
            "until": consent.until,
            "withdrawn": consent.revoked_at,
        }


def _requests(person: User) -> Iterator[Record]:
    for request in Request.objects.filter(user=person).order_by("asked_at", "pk"):
        yield {
            "kind": "request",
            "by": request.agent_label,
            "mode": request.mode,
            "reason": request.reason,
            "ticket": request.ticket,
            "asked": request.asked_at,
            "answered": request.answered_at,
            "accepted": request.accepted,
        }


def _sessions(person: User) -> Iterator[Record]:
    """What was done in the person's view, page by page. Whom they assisted themselves is those people's."""
    for row in Assistance.objects.filter(user=person).order_by("started_at", "pk").iterator(chunk_size=100):
        yield {
            "kind": "session",
            "by": row.agent_label,
            "mode": row.mode,
            "allowed_by": row.basis,
            "reason": row.reason,
            "ticket": row.ticket,
            "began": row.started_at,
            "ended": row.ended_at,
            "how": row.end_cause,
            "pages": [
                {"at": visit.at, "method": visit.method, "path": visit.path, "status": visit.status}
                for visit in row.visits.order_by("at", "pk").iterator(chunk_size=500)
            ],
        }


register_personal(Personal(model="assistance.Consent", by=("user_id",), export=_consents, file="consents"))
register_personal(
    Personal(model="assistance.Request", by=("user_id",), export=_requests, file="support_sessions", shape="log")
)
register_personal(
    Personal(
        model="assistance.Request",
        by=("agent_id",),
        excluded="Whom a person of staff asked is those customers' data.",
        erase="pseudonymize",
        labels=(("agent_id", "agent_label"),),
    )
)
register_personal(
    Personal(
        model="assistance.Assistance",
        by=("user_id",),
        export=_sessions,
        file="support_sessions",
        shape="log",
        labels=(("user_id", "user_label"),),
    )
)
register_personal(
    Personal(
        model="assistance.Assistance",
        by=("agent_id",),
        excluded="Whom a person of staff assisted is those customers' data; what they did is in their action log.",
        erase="pseudonymize",
        labels=(("agent_id", "agent_label"),),
    )
)
register_personal(
    Personal(
        model="assistance.Visit",
        by=("agent_id", "user_id"),
        excluded="Part of the support sessions, which are exported with every page.",
        erase="pseudonymize",
        labels=(("agent_id", "agent_label"), ("user_id", "user_label")),
    )
)
