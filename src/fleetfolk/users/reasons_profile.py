"""What people read when a change to a profile is refused."""

from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel.reasons import say

say(
    {
        "name_missing": _("Give a first name, a last name or both."),
        "time_zone_unknown": _("There is no such time zone. Choose one of the list."),
        "language_unknown": _("This language is not spoken here. Choose one of the list."),
        "field_unknown": _("There is no such field any more. Reload the page."),
        "field_not_asked": _("Somebody has filled this in already. Ask them to change it."),
        "field_unfit": _("This does not fit the field “%(name)s”. Check it and try again."),
        "address_domain": _("Only addresses of these domains are allowed here: %(domains)s."),
        "developer_role": _("The role %(role)s of %(name)s holds nothing that takes developer mode."),
        "developer_on": _("%(name)s is in developer mode already."),
        "developer_off": _("%(name)s is not in developer mode."),
        "record_full": _("This person's fields hold too much. Shorten one of them first."),
    }
)
