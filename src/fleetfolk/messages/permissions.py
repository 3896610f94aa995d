"""What a role may do with messages. Everybody reads and answers their own without any of it."""

from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel.permissions import Permission
from fleetfolk.users.permissions import VIEW_USERS

_MESSAGES = _("Messages")

VIEW_MESSAGES = Permission(
    code="messages.view",
    label=_("View messages"),
    sentence=_("See what the organization wrote to its people, who got and read it, and what they answered."),
    group=_MESSAGES,
    requires=(VIEW_USERS,),
)
SEND_MESSAGES = Permission(
    code="messages.send",
    label=_("Send messages"),
    sentence=_("Write to people of the organization and those below, by the portal, by mail and by push."),
    group=_MESSAGES,
    requires=(VIEW_USERS, VIEW_MESSAGES),
)
EDIT_MESSAGE_TEMPLATES = Permission(
    code="messages.templates.edit",
    label=_("Edit message templates"),
    sentence=_("Keep texts that messages begin with."),
    group=_MESSAGES,
    requires=(VIEW_USERS, VIEW_MESSAGES),
)
EDIT_PUSH_ADDRESSES = Permission(
    code="messages.addresses.edit",
    label=_("Edit Push Mail addresses"),
    sentence=_("Give people secret mail addresses, take them back, and decide about mail that was held back."),
    group=_MESSAGES,
    requires=(VIEW_USERS, VIEW_MESSAGES),
)
