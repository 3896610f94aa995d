"""What stands above every page while somebody helps: the assistant's bar, and the customer's notice."""

from dataclasses import dataclass
from typing import cast

from django.http import HttpRequest
from django.urls import get_script_prefix

from fleetfolk.access.models_switches import held_at_home
from fleetfolk.assistance.models import Assistance, Consent, Request
from fleetfolk.assistance.queries import expected_by_request, live_with, open_requests, standing_consent
from fleetfolk.assistance.rules import STAFF
from fleetfolk.organizations.models import AssistanceRule
from fleetfolk.organizations.queries import rules_of
from fleetfolk.users.models import User

LIVE = "live/devices?support=1"
"""Below the installation's address; the one stream of a page takes the devices that it shows along."""


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

    @property
    def live_address(self) -> str:
        """Where an open page hears at once that the notice says something else."""
        return f"{get_script_prefix()}{LIVE}"


def support_of(user_id: int) -> Support:
    """What the customer should know now. Support is ``expected`` where the customer's word lets it in at any moment."""
    consent = standing_consent(user_id)
    return Support(
        live=live_with(user_id),
        requests=tuple(open_requests(user_id)[:3]),
        consent=consent,
        expected=consent is not None or expected_by_request(user_id),
    )


def bar(request: HttpRequest) -> str | None:
    """The assistant's bar inside an assistance; for customers their notice; for everybody else nothing.

    A customer whom support may ask, or help without asking, has an empty notice, too: an open page hears of it so.
    """
    if getattr(request, "assistance", None) is not None:
        return "assistance/bar.html"
    if not hasattr(request, "actor"):
        return None
    person = cast("User", request.user)
    if STAFF & held_at_home(person):
        return None
    support = support_of(person.pk)
    if support.quiet and rules_of(person.organization).assistance == AssistanceRule.OFF:
        return None
    request.support = support  # type: ignore[attr-defined]
    return "assistance/notice.html"
