"""What people read when taking data away, or hiding it, is refused."""

from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel.reasons import say

say(
    {
        "restore_deactivated": _("%(name)s is deactivated as well. Activate the account first, then restore it."),
        "restore_over": _("The days in which this could be undone are over. The account is being erased."),
        "undo_link": _("This link is not valid any more."),
        "erase_by_the_system": _("Accounts are erased by themselves when their days of grace are over."),
        "address_suppressed": _(
            "This address belongs to somebody who was erased and asked not to be added again. Use another address."
        ),
        "export_by_the_system": _("Exports are made and mailed by themselves."),
        "export_running": _("An export of this account is being made already. Its link comes by mail."),
        "export_link": _("This link is not valid. Open the one in the latest mail, in the account that asked for it."),
        "export_taken": _("This file has been downloaded already, and its link works once. Ask for a new export."),
        "export_over": _("This link was good for a day, and that is over. Ask for a new export."),
        "export_gone": _("The person is gone, and their data with them."),
        "export_by_link": _("The link for the download is in the mail to who asked for it."),
    }
)
