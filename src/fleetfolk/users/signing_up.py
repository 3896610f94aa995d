"""What holds for whoever signs up at an organization, and what is known of its link."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from fleetfolk.access.models import BuiltinRole, Role
from fleetfolk.kernel import clock
from fleetfolk.organizations import limits
from fleetfolk.organizations.models import Organization, OrganizationKind
from fleetfolk.organizations.queries import upwards
from fleetfolk.users.models import User
from fleetfolk.users.models_signup import Registration, SignUp, SignUpInto, SignUpMode

LETTERS: Final = "abcdefghijklmnopqrstuvwxyz234567"
KEY_LENGTH: Final = 20
LAST, FIRST, WHOLE = "{last}", "{first}", "{name}"
"""What stands for the parts of a name in the pattern of an organization's name."""
LONGEST_ORGANIZATION: Final = 80
MOST_DOORKEEPERS: Final = 10


@dataclass(frozen=True, kw_only=True, slots=True)
class Terms:
    """What holds at an organization, and which one says it; None where nobody on the way up says anything."""

    said_by: Organization | None = None
    mode: SignUpMode = SignUpMode.OFF
    domains: tuple[str, ...] = ()
    into: SignUpInto = SignUpInto.OWN
    kind: OrganizationKind = OrganizationKind.PERSONAL
    pattern: str = ""
    role: Role | None = None
    approve: bool = False

    @property
    def takes_strangers(self) -> bool:
        """Whether somebody gets in whom nobody has invited."""
        return self.mode in (SignUpMode.DOMAINS, SignUpMode.OPEN)


def new_key() -> str:
    """The key of a link: a hundred random bits in letters that are read aloud without mistakes."""
    return "".join(secrets.choice(LETTERS) for _each in range(KEY_LENGTH))


def terms_of(organization: Organization) -> Terms:
    """What holds there: the nearest organization upwards that says something says all of it."""
    return _terms_said_by(organization, upwards(organization))


def terms_above(organization: Organization) -> Terms:
    """What would hold there if it said nothing itself."""
    return _terms_said_by(organization, upwards(organization)[:-1])


def _terms_said_by(organization: Organization, keys: Sequence[int]) -> Terms:
    said = (
        SignUp.objects.select_related("organization", "role")
        .filter(organization__in=keys, tenant_id=organization.tenant_id, mode__isnull=False)
        .order_by("-organization__path")
        .first()
    )
    if said is None or said.mode is None:
        return Terms()
    return Terms(
        said_by=said.organization,
        mode=SignUpMode(said.mode),
        domains=tuple(said.domains),
        into=SignUpInto(said.into),
        kind=OrganizationKind(said.kind),
        pattern=said.pattern,
        role=said.role or plain_role(organization.tenant_id),
        approve=said.approve,
    )


def plain_role(tenant_id: int) -> Role | None:
    """The tenant's User: the role of whoever signs up where no other is chosen."""
    return Role.objects.filter(tenant_id=tenant_id, builtin=BuiltinRole.USER).first()


def at_key(key: str) -> Organization | None:
    """The organization whose link this is, whatever holds there now."""
    found = SignUp.objects.select_related("organization").filter(key=key).first()
    return None if found is None else found.organization


def is_offered(organization: Organization) -> bool:
    """Whether the organization's link leads to a page: somebody can sign up, and neither archive nor plan forbids."""
    there = organization.archived_at is None and terms_of(organization).mode is not SignUpMode.OFF
    return there and limits.includes_sign_up(organization.tenant_id)


def name_for(pattern: str, *, first: str, last: str, name: str) -> str:
    """The name of somebody's own organization, in the language that is spoken now. Nothing in it is interpreted."""
    text = pattern or _("{last} family")
    if not last:
        text = text.replace(LAST, WHOLE)
    for mark, word in ((LAST, last), (FIRST, first or last), (WHOLE, name)):
        # A name that holds a mark is no pattern: its braces have no meaning.
        text = text.replace(mark, word.replace("{", "").replace("}", ""))
    return " ".join(text.split())[:LONGEST_ORGANIZATION].strip() or name[:LONGEST_ORGANIZATION]


def another_name(name: str) -> str:
    """The name with four letters behind it, for where it is taken: a number would tell how many there are."""
    letters = "".join(secrets.choice(LETTERS) for _each in range(4)).upper()
    return f"{name[: LONGEST_ORGANIZATION - 5].rstrip()} {letters}"


def doorkeepers_of(organization: Organization) -> list[User]:
    """The Admins who are told when somebody waits there: its own, else those of the nearest organization above it."""
    admins = User.objects.filter(tenant_id=organization.tenant_id, is_active=True, role__builtin=BuiltinRole.ADMIN)
    for key in reversed(upwards(organization)):
        found = list(admins.filter(organization=key).order_by("pk")[:MOST_DOORKEEPERS])
        if found:
            return found
    return []


def signed_up(person: User) -> bool:
    """Whether the person has come by themselves. Whoever was invited has not, and costs no query."""
    if person.activated_at is None or getattr(person, "invitation", None) is not None:
        return False
    return Registration.objects.filter(user=person).exists()


def unfinished() -> list[int]:
    """The tenants in which a sign-up has come to nothing in time."""
    over = Registration.objects.filter(user=None, expires_at__lte=clock.now())
    return list(over.order_by("tenant_id").values_list("tenant_id", flat=True).distinct())
