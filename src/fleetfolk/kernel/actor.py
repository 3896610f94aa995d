"""Who acts. Never optional, never ambient: every Action and every query takes its actor as an argument."""

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ActorKind(StrEnum):
    """What sort of thing acts."""

    USER = "user"
    API_CLIENT = "api_client"
    SCIM_CLIENT = "scim_client"
    AUTOMATION = "automation"
    DEVICE = "device"
    SYSTEM = "system"


class Client(TextChoices):
    """Through which program: the action log's Client column."""

    WEB = "web", _("Web")
    ANDROID = "android", _("Android")
    IOS = "ios", _("iOS")
    HTTPS_API = "https_api", _("HTTPS API")
    SCIM = "scim", _("SCIM")
    AUTOMATION = "automation", _("Automation")
    ALEXA = "alexa", _("Alexa")
    GOOGLE_HOME = "google_home", _("Google Home")
    SHELL = "shell", _("Shell")
    OTHER = "other", _("Other")


class AssistMode(TextChoices):
    """How far a remote assistant may go in somebody's own view."""

    VIEW = "view", _("Look only")
    ACT = "act", _("Look and act")


@dataclass(frozen=True, kw_only=True, slots=True)
class Assisting:
    """A remote assistance at work: the agent whose hands these are, and the row that allows it."""

    id: int
    public_id: UUID
    agent_id: int
    agent_label: str
    mode: AssistMode


class Proof(StrEnum):
    """What an actor has shown to be who they say. Sensitive Actions need `GIVEN`."""

    GIVEN = "given"
    OLD = "proof_old"
    WRONG = "proof_wrong"
    WRONG_FACTOR = "proof_factor_wrong"
    TOO_MANY = "proof_too_many"
    NOT_INCLUDED = "token_not_sensitive"


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """The organization in which somebody works now: meanwhile they hold nothing beyond it.

    At ``home`` they hold what they hold there, and what they may do with devices that are elsewhere.
    """

    organization_id: int
    path: str
    name: str
    home: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Actor:
    """Somebody or something that acts, in one tenant, through one door.

    ``id`` is the user's key, or a name for the system's own actors. ``assisted_by`` is there where a remote assistant's
    hands do it: then the actor is the person whose view it is. ``batch_id`` ties the entries of one bulk job together.
    ``proof`` is for doors at which people sit: they say how lately the person showed that it is them. Unless somebody
    says so, nothing is proved; programs, of whom nobody asks, say so of themselves. ``rights`` are what the door read
    of them together with the person, for a request that only looks: the gate takes them for the length of that request.
    Inside an Action it reads them anew. ``place`` is where a person at a screen works now; without one, as in jobs and
    programs, they hold everything that they hold anywhere. ``scopes`` are there where a key acts in somebody's name:
    the codes of the permissions beyond which it never goes.
    """

    kind: ActorKind
    id: str
    label: str
    tenant_id: int
    client: Client
    request_id: str = ""
    address: str | None = None
    batch_id: UUID | None = None
    proof: Proof = Proof.OLD
    assisted_by: Assisting | None = None
    place: Place | None = None
    scopes: frozenset[str] | None = None
    rights: tuple[Any, ...] | None = field(default=None, compare=False, repr=False)

    @property
    def acting_for(self) -> str:
        """On whose behalf an assistant acts; empty where people act for themselves."""
        return self.label if self.assisted_by else ""

    @property
    def user_id(self) -> int | None:
        """The acting user's key, or None for what is not a person."""
        return int(self.id) if self.kind is ActorKind.USER else None

    @property
    def program_id(self) -> int | None:
        """The acting program's key, or None for what is none. It is no key of a person, though the number may be."""
        return int(self.id) if self.kind is ActorKind.API_CLIENT else None

    def in_batch(self, batch_id: UUID) -> "Actor":
        """The same actor, with every entry tied to one batch."""
        return replace(self, batch_id=batch_id)


def system_actor(name: str, *, tenant_id: int, client: Client = Client.OTHER) -> Actor:
    """The installation itself at work: ``name`` is one of the few in `fleetfolk.access.system`."""
    return Actor(
        kind=ActorKind.SYSTEM, id=name, label="Fleetfolk", tenant_id=tenant_id, client=client, proof=Proof.GIVEN
    )
