"""Edit one's own details."""

from dataclasses import asdict, dataclass

from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Denied
from fleetfolk.kernel.outcome import Outcome, changes_between
from fleetfolk.users.models import User
from fleetfolk.users.permissions import OWN_ACCOUNT

HARMLESS = frozenset({"nickname", "time_zone", "language"})
"""What somebody who helps may set for the person: none of it says who they are or how they are reached."""


@dataclass(frozen=True, kw_only=True, slots=True)
class EditProfileInput:
    """What is None stays as it is. ``phone`` is E.164 or empty, an empty time zone is that of the organization."""

    first_name: str | None = None
    last_name: str | None = None
    nickname: str | None = None
    phone: str | None = None
    time_zone: str | None = None
    language: str | None = None
    theme: str | None = None


class EditProfile(Action[User, EditProfileInput]):
    """The person's own name, phone, time zone, language and theme are as given; nothing else is set here."""

    code = "user.profile.edit"
    label = _("Edit own profile")
    said = _("edited their profile")
    permission = OWN_ACCOUNT
    target_model = "users.User"
    input_type = EditProfileInput
    assistable = True

    def check(self, *, actor: Actor, target: User, data: EditProfileInput) -> None:
        """Refuses whoever helps the person anything but the harmless half."""
        if actor.assisted_by and not _given(data).keys() <= HARMLESS:
            raise Denied("assist_never")

    def apply(self, *, actor: Actor, target: User, data: EditProfileInput) -> Outcome[User]:
        """Saves what differs."""
        changes = changes_between(target, _given(data))
        for change in changes:
            setattr(target, change.field, getattr(data, change.field))
        if changes:
            target.save(update_fields=[change.field for change in changes])
        return Outcome(target=target, changes=changes)


def _given(data: EditProfileInput) -> dict[str, str]:
    return {name: value for name, value in asdict(data).items() if value is not None}
