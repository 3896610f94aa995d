"""A request as the customer would have made it, for as long as its answer takes; afterwards everything is as before."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.contrib.messages.storage.session import SessionStorage
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest
from django.urls import get_script_prefix, set_script_prefix

from fleetfolk.assistance.models import Assistance
from fleetfolk.assistance.web.admission import Admitted
from fleetfolk.assistance.web.cookie import address_of
from fleetfolk.kernel.actor import Assisting, AssistMode


class NoSession(SessionBase):
    """A session that is kept nowhere: neither the assistant's nor the customer's own is touched."""

    def exists(self, session_key: str) -> bool:
        """No key is taken."""
        return False

    def create(self) -> None:
        """Nothing is made."""

    def save(self, must_create: bool = False) -> None:
        """Nothing is kept."""

    def delete(self, session_key: str | None = None) -> None:
        """Nothing is there."""

    def load(self) -> dict[str, Any]:
        """Nothing was kept."""
        return {}

    @classmethod
    def clear_expired(cls) -> None:
        """Nothing expires."""


class AssistedRequest(HttpRequest):
    """A request inside an assistance."""

    assistance: Assisting
    assisted_row: Assistance


@contextmanager
def inside(request: HttpRequest, admitted: Admitted, path: str) -> Iterator[None]:
    """The request is the customer's, in the assistant's hands, and every address made meanwhile is below `/as/…/`.

    The cookies of the assistant's own pages are out of sight, but for the one against forged forms.
    """
    row, customer = admitted.row, admitted.customer
    before = {
        "user": request.user,
        "_cached_user": getattr(request, "_cached_user", None),
        "auser": getattr(request, "auser", None),
        "session": request.session,
        "COOKIES": request.COOKIES,
        "path_info": request.path_info,
    }
    prefix = get_script_prefix()

    async def auser() -> Any:
        return customer

    request.user = request._cached_user = customer  # type: ignore[attr-defined]
    request.auser = auser
    request.session = NoSession()
    request.COOKIES = {name: value for name, value in request.COOKIES.items() if name == settings.CSRF_COOKIE_NAME}
    request.path_info = path
    request.assistance = Assisting(  # type: ignore[attr-defined]
        id=row.pk,
        public_id=row.public_id,
        agent_id=row.agent_id or 0,
        agent_label=row.agent_label,
        mode=AssistMode(row.mode),
    )
    request.assisted_row = row  # type: ignore[attr-defined]
    set_script_prefix(address_of(row.public_id))
    try:
        yield
    finally:
        set_script_prefix(prefix)
        for name, value in before.items():
            setattr(request, name, value)
        del request.assistance, request.assisted_row  # type: ignore[attr-defined]


def keep_messages_apart(request: HttpRequest) -> None:
    """Toasts of the customer's pages live for one answer: the assistant's own wait for their own pages."""
    request._messages = SessionStorage(request)  # type: ignore[attr-defined]
