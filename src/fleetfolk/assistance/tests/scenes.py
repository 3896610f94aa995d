"""An agent's browser, a customer's browser, and what happens between them."""

from dataclasses import dataclass, field
from typing import Any

from django.test import Client

from fleetfolk.access.models import Role
from fleetfolk.assistance.models import Assistance
from fleetfolk.kernel.actor import AssistMode
from fleetfolk.testing.cast import Cast
from fleetfolk.testing.door import staging
from fleetfolk.testing.plugin import SignedIn
from fleetfolk.testing.samples_assistance import REASON, consented
from fleetfolk.users.models import User

HTMX = {"HX-Request": "true"}
COOKIE = "fleetfolk-assist"


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
