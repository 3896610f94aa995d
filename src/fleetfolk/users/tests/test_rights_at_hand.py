"""A page is drawn by the rights that were read with its viewer; a change is made by those of its own moment."""

import uuid
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from fleetfolk.access.grants import grant_of, grants_of
from fleetfolk.kernel.actor import Actor, Assisting, AssistMode
from fleetfolk.kernel.errors import Denied, TargetNotFound
from fleetfolk.kernel.perform import perform
from fleetfolk.testing.cast import Cast, actor, fresh
from fleetfolk.testing.plugin import SignedIn
from fleetfolk.users.actions.assign_role import AssignRole, AssignRoleInput
from fleetfolk.users.actions.disable_user import DisableUser
from fleetfolk.users.actions.no_input import ReasonInput
from fleetfolk.users.models import User
from fleetfolk.users.web.middleware import ActorMiddleware


def acting(person: User, method: str, **marks: Any) -> Actor:
    """The actor of the person's request."""
    request = RequestFactory().generic(method, "/users/")
    request.user, request.session = person, {}  # type: ignore[assignment]
    for name, value in marks.items():
        setattr(request, name, value)
    seen: list[Actor] = []

    def view(request: HttpRequest) -> HttpResponse:
        seen.append(request.actor)  # type: ignore[attr-defined]
        return HttpResponse()

    ActorMiddleware(view)(request)
    return seen[0]


def test_what_came_with_the_viewer_is_what_the_gate_would_read(cast: Cast) -> None:
    for person in (cast.ada, cast.finn, cast.cleo, cast.sam):
        looking = acting(fresh(person), "GET")
        assert grants_of(looking) == grants_of(actor(person)) != []


def test_looking_asks_for_no_rights_again(cast: Cast, django_assert_num_queries: Callable[[int], Any]) -> None:
    looking = acting(fresh(cast.ada), "GET")
    with django_assert_num_queries(0):
        assert grants_of(looking)


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_whoever_changes_something_carries_no_rights(cast: Cast, method: str) -> None:
    assert acting(fresh(cast.ada), method).rights is None


def test_whoever_is_assisted_carries_what_both_hold(cast: Cast) -> None:
    helping = Assisting(id=1, public_id=uuid.uuid4(), agent_id=cast.ada.pk, agent_label="Ada", mode=AssistMode.VIEW)
    looking = acting(fresh(cast.bob), "GET", assistance=helping)
    assert list(looking.rights or ()) == grants_of(replace(looking, rights=None)) != []
    nobody = replace(helping, agent_id=cast.bob.pk)
    assert acting(fresh(cast.bob), "GET", assistance=nobody).rights == ()
    assert acting(fresh(cast.bob), "POST", assistance=helping).rights is None


def test_an_action_reads_the_rights_anew(cast: Cast) -> None:
    pretending = replace(actor(cast.bob), rights=(grant_of(fresh(cast.ada)),))
    with pytest.raises((Denied, TargetNotFound)):
        perform(DisableUser, actor=pretending, target_id=cast.bea.pk, data=ReasonInput())
    assert fresh(cast.bea).is_active


def test_a_role_that_is_taken_away_is_gone_with_the_next_look(cast: Cast, signed_in: SignedIn) -> None:
    browser = signed_in(cast.cleo)
    assert browser.get("/users/").status_code == 200
    data = AssignRoleInput(role_id=cast.role("user").pk)
    perform(AssignRole, actor=actor(cast.ada), target_id=cast.cleo.pk, data=data)
    assert browser.get("/users/").status_code == 403
