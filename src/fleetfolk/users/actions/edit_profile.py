"""Edit one's own details."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Denied, Refused
from fleetfolk.kernel.outcome import Outcome, changes_between
from fleetfolk.organizations.field_values import Value
from fleetfolk.users.custom_values import NOTHING, asked_of, put_custom, require_fitting
from fleetfolk.users.models import User
from fleetfolk.users.permissions import OWN_ACCOUNT

HARMLESS = frozenset({"nickname", "time_zone", "language"})
"""What somebody who helps may set for the person: none of it says who they are or how they are reached."""


@dataclass(frozen=True, kw_only=True, slots=True)
class EditProfileInput:
    """What is None stays as it is. ``phone`` is E.164 or empty, an empty time zone is that of the organization.

    ``custom`` fills in the organization's own fields, by their keys, that it needs and that nobody has filled in yet.
    """

    first_name: str | None = None
    last_name: str | None = None
    nickname: str | None = None
    phone: str | None = None
    time_zone: str | None = None
    language: str | None = None
    theme: str | None = None
    custom: Mapping[int, Value] = field(default_factory=lambda: NOTHING)


class EditProfile(Action[User, EditProfileInput]):
    """The person's own name, phone, time zone, language and theme are as given, and fields that were missing."""

    code = "user.profile.edit"
    label = _("Edit own profile")
    said = _("edited their profile")
    permission = OWN_ACCOUNT
    target_model = "users.User"
    input_type = EditProfileInput
    assistable = True

    def check(self, *, actor: Actor, target: User, data: EditProfileInput) -> None:
        """Refuses whoever helps the person anything but the harmless half, and own fields that staff have set."""
        if actor.assisted_by and (data.custom or not _given(data).keys() <= HARMLESS):
            raise Denied("assist_never")
        if data.custom:
            if not data.custom.keys() <= {one.pk for one in asked_of(target)}:
                raise Refused("field_not_asked")
            require_fitting(target, data.custom)

    def apply(self, *, actor: Actor, target: User, data: EditProfileInput) -> Outcome[User]:
        """Saves what differs."""
        changes = changes_between(target, _given(data))
        for change in changes:
            setattr(target, change.field, getattr(data, change.field))
        saved = [change.field for change in changes]
        if data.custom:
            changes += put_custom(target, data.custom)
            saved.append("custom")
        if saved:
            target.save(update_fields=saved)
        return Outcome(target=target, changes=changes)


def _given(data: EditProfileInput) -> dict[str, str]:
    return {name: value for name in _COLUMNS if (value := getattr(data, name)) is not None}


_COLUMNS = ("first_name", "last_name", "nickname", "phone", "time_zone", "language", "theme")
