"""What stands above every page while somebody helps: the assistant's bar, and the customer's notice."""

from dataclasses import dataclass
from typing import cast

from django.http import HttpRequest

from fleetfolk.assistance.models import Assistance, Consent, Request
from fleetfolk.assistance.queries import expected_by_request, live_with, open_requests, standing_consent
from fleetfolk.assistance.rules import STAFF
from fleetfolk.users.models import User


@dataclass(frozen=True, kw_only=True, slots=True)
class Support:
    """What is between a customer and support at this moment."""

    live: Assistance | None
    requests: tuple[Request, ...]
    consent: Consent | None
    expected: bool

    @property
    def key(self) -> str:
        """Changes when the notice would say something else."""
        asked = "-".join(str(request.pk) for request in self.requests)
        return f"{self.live.pk if self.live else 0}.{asked}.{int(self.expected)}"

    @property
    def quiet(self) -> bool:
        """Whether there is nothing to say, and nothing to wait for."""
        return self.live is None and not self.requests and not self.expected


def support_of(person: User) -> Support:
    """What the customer should know now. Support is ``expected`` where the customer's word lets it in at any moment."""
    consent = standing_consent(person.pk)
    return Support(
        live=live_with(person.pk),
        requests=tuple(open_requests(person.pk)[:3]),
        consent=consent,
        expected=consent is not None or expected_by_request(person.pk),
    )


def bar(request: HttpRequest) -> str | None:
    """The assistant's bar inside an assistance; for customers their notice; for everybody else nothing."""
    if getattr(request, "assistance", None) is not None:
        return "assistance/bar.html"
    if not hasattr(request, "actor"):
        return None
    person = cast("User", request.user)
    if STAFF & set(person.role.permissions):
        return None
    support = support_of(person)
    if support.quiet:
        return None
    request.support = support  # type: ignore[attr-defined]
    return "assistance/notice.html"
