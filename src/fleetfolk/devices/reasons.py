"""The sentences for what Actions on devices refuse."""

from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel.reasons import say

say({"share_too_low": _("This device is shared with you, but not so far. Ask its owner for more.")})
