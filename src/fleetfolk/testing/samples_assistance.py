"""Samples of remote assistance."""

import datetime as dt
from typing import Any

from fleetfolk.assistance.actions.accept_request import AnswerRequestInput
from fleetfolk.assistance.actions.cancel_assistance import CancelAssistanceInput
from fleetfolk.assistance.actions.end_assistance import EndAssistanceInput
from fleetfolk.assistance.actions.erase_records import EraseRecordsInput
from fleetfolk.assistance.actions.grant_consent import GrantConsent, GrantConsentInput
from fleetfolk.assistance.actions.rotate_request import RotateRequestInput
from fleetfolk.assistance.actions.send_request import SendRequest, SendRequestInput
from fleetfolk.assistance.actions.start_assistance import StartAssistance, StartAssistanceInput
from fleetfolk.assistance.models import Assistance, Request
from fleetfolk.kernel import clock
from fleetfolk.kernel.actor import AssistMode, system_actor
from fleetfolk.kernel.perform import perform
from fleetfolk.organizations.models import AssistanceRule, Organization
from fleetfolk.testing.cast import Cast, accept, actor, fresh, invite
from fleetfolk.testing.door import staging
from fleetfolk.testing.sampling import Sample, Samples
from fleetfolk.users.actions.no_input import NoInput
from fleetfolk.users.models import User
from fleetfolk.users.secret import new_secret, secret_hash

REASON = "Bathroom is cold in the morning"


def rule(cast: Cast, assistance: AssistanceRule | None) -> None:
    """What Lumen Home says about remote assistance."""
    with staging():
        Organization.objects.filter(pk=cast.lumen.pk).update(assistance_rule=assistance)
    for place in (cast.lumen, cast.north, cast.south, cast.berg):
        place.refresh_from_db()


def customer(cast: Cast) -> User:
    """A customer of North, who may be assisted with consent."""
    rule(cast, AssistanceRule.ASK)
    known = User.objects.filter(email="carl@lumenhome.example").first()
    return fresh(known) if known else accept(invite(cast.north, "Carl Customer", cast.role("user"), by=cast.ada))


def asking(mode: AssistMode = AssistMode.VIEW, minutes: int = 30) -> SendRequestInput:
    """A question that would do."""
    return SendRequestInput(mode=mode, reason=REASON, minutes=minutes, ticket="LH-88213")


def starting(mode: AssistMode = AssistMode.VIEW, **other: Any) -> StartAssistanceInput:
    """A start that would do."""
    said = {"mode": mode, "reason": REASON, "minutes": 30, "ticket": "LH-88213", **other}
    return StartAssistanceInput(**{"secret_hash": secret_hash(new_secret()), "browser_hash": "b" * 64, **said})


def consented(cast: Cast, mode: AssistMode = AssistMode.VIEW, hours: int = 24) -> User:
    """The customer, who has allowed it."""
    person = customer(cast)
    perform(GrantConsent, actor=actor(person), target_id=person.pk, data=GrantConsentInput(hours=hours, mode=mode))
    return fresh(person)


def assisted(cast: Cast) -> tuple[User, Assistance]:
    """The customer, and Ada's assistance that goes on."""
    person = consented(cast)
    perform(StartAssistance, actor=actor(cast.ada), target_id=person.pk, data=starting())
    return person, Assistance.objects.get(user=person, ended_at=None)


def asked(cast: Cast) -> tuple[User, Request]:
    """The customer, and Ada's question that waits."""
    person = customer(cast)
    perform(SendRequest, actor=actor(cast.ada), target_id=person.pk, data=asking())
    return person, Request.objects.filter(user=person).latest("pk")


def _by_ada(cast: Cast, person: User, data: Any) -> Sample:
    return Sample(target_id=person.pk, data=data, permitted=actor(cast.ada))


def _own(person: User, data: Any) -> Sample:
    return Sample(target_id=person.pk, data=data, permitted=actor(person))


def _end(cast: Cast) -> Sample:
    person, row = assisted(cast)
    return _by_ada(cast, person, EndAssistanceInput(assistance_id=row.pk))


def _cancel(cast: Cast) -> Sample:
    person, row = assisted(cast)
    return _by_ada(cast, person, CancelAssistanceInput(assistance_id=row.pk))


def _answer(cast: Cast) -> Sample:
    person, request = asked(cast)
    return _own(person, AnswerRequestInput(request_id=request.pk))


def _rotate(cast: Cast) -> Sample:
    _person, request = asked(cast)
    data = RotateRequestInput(secret_hash=secret_hash("another"))
    return Sample(target_id=request.pk, data=data, permitted=system_actor("mailer", tenant_id=cast.lumen.pk))


def _old(cast: Cast) -> Sample:
    person, _row = assisted(cast)
    data = EraseRecordsInput(before=clock.now() - dt.timedelta(days=90))
    return Sample(target_id=person.pk, data=data, permitted=system_actor("caretaker", tenant_id=cast.lumen.pk))


SAMPLES: Samples = {
    "assistance.start": lambda cast: _by_ada(cast, consented(cast), starting()),
    "assistance.end": _end,
    "assistance.cancel": _cancel,
    "assistance.revoke": lambda cast: _own(assisted(cast)[0], NoInput()),
    "assistance.consent.grant": lambda cast: _own(customer(cast), GrantConsentInput(hours=1)),
    "assistance.consent.revoke": lambda cast: _own(consented(cast), NoInput()),
    "assistance.request.send": lambda cast: _by_ada(cast, customer(cast), asking()),
    "assistance.request.accept": _answer,
    "assistance.request.cancel": _answer,
    "assistance.request.rotate": _rotate,
    "assistance.records.erase": _old,
}
