"""What is said about webhooks."""

from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel.reasons import say

say(
    {
        "webhook_name": _("Give the webhook a name of at most %(most)s characters, in one line."),
        "webhook_name_taken": _("There is a webhook called “%(name)s” already. Choose another name."),
        "webhook_many": _("There are %(most)s webhooks already. Delete one that is not used any more."),
        "webhook_address": _(
            "Only an https address of a public host is told anything: no user, no fragment, port 443, at most %(most)s "
            "characters."
        ),
        "webhook_triggers": _("Choose what it is told of."),
        "webhook_streams": _("Choose the datastreams whose values it is told of: one to %(most)s."),
        "webhook_rights": _("For this it must be told of what “%(right)s” shows. Switch it on, or choose less."),
        "webhook_stronger": _(
            "A webhook cannot be told more than you may see yourself at its organization: %(missing)s."
        ),
        "webhook_secret": _("This is no secret for webhooks."),
        "webhook_is_on": _("This webhook is on already."),
        "webhook_is_off": _("This webhook is off. Switch it on first."),
        "webhook_since": _("Say since when, with the time zone: 2026-11-22T10:00:00Z."),
        "webhook_nothing": _("There is nothing to send again."),
        "webhook_delivery_gone": _("This delivery does not exist any more."),
        "webhook_delivery_waits": _("This delivery waits already."),
        "webhook_delivery_over": _("This delivery does not wait any more."),
        "webhook_tests": _("A few tests wait already. Look how they fare first."),
    }
)
