"""What an event of the demo world's story is.

``Event``   one thing that somebody did or tried, at a moment, through a device.
``Kind``    what it was.
``SETUP``   the actor of the very first event, the invitation of the first admin: the installation itself.

The builder turns each ``Event`` into one Action at its moment. All values in ``data`` are text; "" means none. By kind:

invite              role, organization, site, first_name, last_name, phone: as typed in, so some have mistakes
open_invitation     nothing; the person followed the link, but set no password. The actor is the target, as in sign_in
resend_invitation   nothing; a new link, another 30 days
accept              time_zone, language of the browser; the first sign-in of the target, who is the actor
sign_in             nothing. After a reset it means that the link in the mail was used
edit                the fields that change, out of first_name, last_name, phone, site
reset_password, assign_password, end_sessions   nothing
disable, enable     reason
transfer            organization, administrator (e-mail of an admin there), role, devices ("yes" or "no").
                    The site is lost
delete, restore     nothing
assign_tag          tag
import              file, organization, invite ("yes"). There is no target; ``rows`` holds one mapping a person, as for
                    invite and with email

Organizations, sites and tags are keys of ``fleetfolk.demo.places``, people are e-mail addresses of
``fleetfolk.demo.people``. An event that was not ``expected`` to be "done" is an attempt that changed
nothing: "denied" for want of a right, "refused" for what the target is, "not_found" for what lies out of reach.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Literal

from fleetfolk.demo.clients import INSTALLATION, Device

SETUP = ""

type Expected = Literal["done", "denied", "refused", "not_found"]


class Kind(StrEnum):
    """What an event is."""

    INVITE = "invite"
    OPEN_INVITATION = "open_invitation"
    RESEND_INVITATION = "resend_invitation"
    ACCEPT = "accept"
    SIGN_IN = "sign_in"
    EDIT = "edit"
    RESET_PASSWORD = "reset_password"  # noqa: S105 - a kind of event
    ASSIGN_PASSWORD = "assign_password"  # noqa: S105 - a kind of event
    END_SESSIONS = "end_sessions"
    DISABLE = "disable"
    ENABLE = "enable"
    TRANSFER = "transfer"
    DELETE = "delete"
    RESTORE = "restore"
    ASSIGN_TAG = "assign_tag"
    IMPORT = "import"


@dataclass(frozen=True, kw_only=True, slots=True)
class Event:
    """One thing that somebody did, or was refused, at a moment in UTC and through a device."""

    at: datetime
    actor: str
    kind: Kind
    target: str
    data: Mapping[str, str] = field(default_factory=dict)
    rows: tuple[Mapping[str, str], ...] = ()
    device: Device = INSTALLATION
    expected: Expected = "done"
