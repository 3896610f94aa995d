"""An agent's browser, a customer's browser, and what happens between them."""

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from fleetfolk.access.models import Role
from fleetfolk.assistance.actions.start_assistance import StartAssistance
from fleetfolk.assistance.models import Assistance
from fleetfolk.kernel.actor import Actor, Assisting, AssistMode
from fleetfolk.kernel.errors import ActionError
from fleetfolk.kernel.perform import perform
from fleetfolk.testing.cast import Cast, actor
from fleetfolk.testing.door import staging
from fleetfolk.testing.plugin import SignedIn
from fleetfolk.testing.samples_assistance import REASON, consented, starting
from fleetfolk.users.models import User

HTMX = {"HX-Request": "true"}
COOKIE = "fleetfolk-assist"
ASSISTABLE = {
    "user.profile.edit",
    *("device.command.send", "device.edit", "device.rename", "device.metadata.edit"),
    *("event.archive", "event.comment.create", "event.reset", "event.resolve", "event.restore"),
}
"""Every Action that an assistant may do in act mode. Whoever adds one says so here."""


@dataclass(kw_only=True)
class Scene:
    """Ada assists Carl, who has allowed it; both have their browsers."""

    cast: Cast
    carl: User
    agent: Client
    customer: Client
    row: Assistance
    address: str = field(init=False)

    def __post_init__(self) -> None:
        self.address = f"/as/{self.row.public_id}/"

    def get(self, path: str = "", **more: Any) -> Any:
        """The agent opens a page of the customer's."""
        return self.agent.get(self.address + path, **more)

    def post(self, path: str = "", data: dict[str, Any] | None = None, **more: Any) -> Any:
        """The agent sends a form of the customer's."""
        return self.agent.post(self.address + path, data or {}, **more)

    def now(self) -> Assistance:
        """The row as it is now."""
        return Assistance.objects.get(pk=self.row.pk)


def begin(browser: Client, person: User, **typed: Any) -> Any:
    """The answer to the form of the start dialog."""
    said = {"mode": "view", "reason": REASON, "minutes": "30", "ticket": "LH-88213", **typed}
    return browser.post(f"/assistance/of/{person.pk}/start/", said)


def scene(cast: Cast, signed_in: SignedIn, *, mode: AssistMode = AssistMode.VIEW) -> Scene:
    """Ada has begun."""
    carl = consented(cast, mode=AssistMode.ACT)
    agent = signed_in(cast.ada)
    answer = begin(agent, carl, mode=mode)
    assert answer.status_code == 302, answer.content.decode()[:2000]
    row = Assistance.objects.get(user=carl, ended_at=None)
    return Scene(cast=cast, carl=carl, agent=agent, customer=signed_in(carl), row=row)


def change(user: User, **values: Any) -> None:
    """The person is different, without an Action: what the product would do by one, or what an attacker hopes for."""
    with staging():
        User.objects.filter(pk=user.pk).update(**values)


def without(role: Role, *codes: str) -> None:
    """The role holds less."""
    with staging():
        Role.objects.filter(pk=role.pk).update(permissions=[code for code in role.permissions if code not in codes])


def patterns(resolver: URLResolver, space: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLPattern):
            yield f"{space}{pattern.name}", pattern
        else:
            yield from patterns(pattern, f"{space}{pattern.namespace}:" if pattern.namespace else space)


def addresses(person: User) -> dict[str, str]:
    """An address for every URL of the product."""
    made: dict[str, str] = {}
    for name, pattern in patterns(get_resolver()):
        examples = {"int": person.pk, "uuid": "00000000-0000-4000-8000-000000000000", "key": "a" * 20}
        converters = getattr(pattern.pattern, "converters", {})
        values: dict[str, Any] = {
            key: examples.get(type(converter).__name__.removesuffix("Converter").lower(), "x")
            for key, converter in converters.items()
        }
        if not converters and (groups := getattr(pattern.pattern, "regex", None)) is not None:
            values = dict.fromkeys(groups.groupindex, "x-y")
        made[name] = reverse(name, kwargs=values).removeprefix("/")
    return made


# Rule 6: what is never possible.


def helped(person: User, agent: User, mode: AssistMode = AssistMode.ACT) -> Actor:
    """The person in the agent's hands, as the middleware makes the actor."""
    by = Assisting(id=1, public_id=uuid4(), agent_id=agent.pk, agent_label=str(agent), mode=mode)
    return replace(actor(person), assisted_by=by)


def minutes(number: float) -> dt.timedelta:
    return dt.timedelta(minutes=number)


PARTS_TO_SEE = {"assistance:left", "actionlog:own-days"}
"""What pages ask for by themselves, to stand below the bar that they have."""


def start(by: User, person: User, **more: Any) -> Assistance:
    data = starting(**more)
    perform(StartAssistance, actor=actor(by), target_id=person.pk, data=data)
    return Assistance.objects.get(secret_hash=data.secret_hash)


def refusal(by: User, person: User, **more: Any) -> ActionError:
    with pytest.raises(ActionError) as caught:
        start(by, person, **more)
    assert not Assistance.objects.filter(user=person, ended_at=None).exists()
    return caught.value


def role_with(cast: Cast, name: str, *codes: str) -> Role:
    """Admin's permissions, but of remote assistance only these."""
    admin = cast.role("admin")
    held = [code for code in admin.permissions if not code.startswith("support.")]
    with staging():
        return Role.objects.create(tenant=cast.lumen, name=name, permissions=sorted({*held, *codes}))


def jobs(task: str) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT args FROM procrastinate_jobs WHERE task_name = %s ORDER BY id", [task])
        return [row[0] if isinstance(row[0], dict) else json.loads(row[0]) for row in cursor.fetchall()]
