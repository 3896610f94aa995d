"""What a row of the attack table of URLs says, and whom it is about."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import reverse

from fleetfolk.testing.cast import Cast
from fleetfolk.testing.door import staging
from fleetfolk.testing.samples import SAMPLES, pending


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """How a URL is asked, and what it answers to whom.

    ``target`` makes the arguments of a URL that is about something of North; without it the URL is about the viewer's
    own world. ``dana`` sees everything and may change nothing; ``bob`` is a plain User.
    """

    name: str
    target: Callable[[Cast], list[Any]] | None = None
    data: dict[str, Any] | None = None
    ada: tuple[int, ...] = (200,)
    dana: int = 403
    bob: int = 403
    query: dict[str, str] = field(default_factory=dict)

    @property
    def method(self) -> str:
        return "get" if self.data is None else "post"

    def path(self, cast: Cast) -> str:
        """The address; what it is about is there from now on."""
        return reverse(self.name, args=self.target(cast) if self.target else self.own_arguments())

    def ask(self, browser: Client, path: str) -> HttpResponseBase:
        return getattr(browser, self.method)(path, self.query if self.data is None else self.data)  # type: ignore[no-any-return]

    def own_arguments(self) -> list[Any]:
        return {"users:choices": ["role"], "devices:choices": ["template"], "organizations:choices": ["kind"]}.get(
            self.name, []
        )


def cleo(cast: Cast) -> list[Any]:
    return [cast.cleo.pk]


def pia(cast: Cast) -> list[Any]:
    return [pending(cast).pk]


def disabled(cast: Cast) -> list[Any]:
    with staging():
        cast.cleo.disabled_at = cast.cleo.created_at
        cast.cleo.save(update_fields=["disabled_at"])
    return cleo(cast)


def deleted(cast: Cast) -> list[Any]:
    with staging():
        cast.cleo.deletion_requested_at = cast.cleo.created_at
        cast.cleo.save(update_fields=["deletion_requested_at"])
    return cleo(cast)


def job(cast: Cast) -> list[Any]:
    return [SAMPLES["job.cancel"](cast).target_id]
