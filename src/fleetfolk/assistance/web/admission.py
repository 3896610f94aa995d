"""Who may come in below `/as/`: asked anew at every request, of everything that could have changed."""

import hmac
import uuid
from dataclasses import dataclass

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest

from fleetfolk.assistance.caretaking import cause_by_rules, end_for
from fleetfolk.assistance.models import Assistance, EndCause
from fleetfolk.assistance.web.cookie import secret_in
from fleetfolk.users.models import User
from fleetfolk.users.secret import secret_hash
from fleetfolk.users.signed_in import signed_in_person


@dataclass(frozen=True, kw_only=True, slots=True)
class Admitted:
    """The assistance that goes on, and the customer whose view it is."""

    row: Assistance
    customer: User


class Shut(Exception):
    """Nobody comes in. ``known`` says whether the browser is the assistant's own, who may be told why."""

    def __init__(self, *, known: bool) -> None:
        super().__init__()
        self.known = known


def admit(request: HttpRequest, public_id: uuid.UUID) -> Admitted:
    """The assistance, where it goes on in this very browser. Raises `Shut`.

    Whoever shows the cookie without being the assistant in the assistant's own session ends it: the cookie has left
    the browser that it was given to, or the assistant has signed out.
    """
    agent = request.user
    row = Assistance.objects.filter(public_id=public_id).first()
    if row is None:
        raise Shut(known=False)
    known = row.agent_id is not None and agent.pk == row.agent_id
    if row.ended_at is not None:
        raise Shut(known=known)
    if not hmac.compare_digest(secret_hash(secret_in(request)), row.secret_hash):
        raise Shut(known=known)
    customer = signed_in_person(row.user_id)
    cause = _cause_to_end(request, row, agent, customer)
    if cause is not None or customer is None:
        end_for(row, cause or EndCause.TARGET)
        raise Shut(known=known)
    return Admitted(row=row, customer=customer)


def _cause_to_end(
    request: HttpRequest, row: Assistance, agent: AbstractBaseUser | AnonymousUser, customer: User | None
) -> EndCause | None:
    if not isinstance(agent, User) or agent.pk != row.agent_id or not _is_same_browser(request, row):
        return EndCause.BROWSER
    return row.over or cause_by_rules(row, agent, customer)


def _is_same_browser(request: HttpRequest, row: Assistance) -> bool:
    return hmac.compare_digest(browser_of(request), row.browser_hash)


def browser_of(request: HttpRequest) -> str:
    """The hash of the signed-in person's own session: an assistance is bound to it."""
    return secret_hash(f"assistance:{request.session.session_key or uuid.uuid4()}")
