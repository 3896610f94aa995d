"""What a role may do in remote assistance. No role but Admin and Support begins with any of it, and none implies it."""

from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel.permissions import Permission
from fleetfolk.users.permissions import VIEW_USERS

_SUPPORT = _("Remote assistance")

VIEW_AS = Permission(
    code="support.view_as",
    label=_("View as a customer"),
    sentence=_("See what a customer sees, with their consent and for a limited time. Nothing can be changed."),
    group=_SUPPORT,
    requires=(VIEW_USERS,),
    guards_strength=True,
)
ACT_AS = Permission(
    code="support.act_as",
    label=_("Act for a customer"),
    sentence=_("Change harmless things in a customer's own view, with their consent and under both names."),
    group=_SUPPORT,
    requires=(VIEW_AS,),
    guards_strength=True,
)
APPROVE = Permission(
    code="support.approve",
    label=_("Oversee remote assistance"),
    sentence=_("Read the records of every assistance, end any of them, and be told of unusual ones."),
    group=_SUPPORT,
    requires=(VIEW_USERS,),
)

CODES = frozenset({VIEW_AS.code, ACT_AS.code, APPROVE.code})
