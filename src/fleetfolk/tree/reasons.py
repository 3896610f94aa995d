"""What people read when a change to the tree is refused."""

from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel.reasons import say

say(
    {
        "organization_stays": _(
            "This is the organization in which you are, or one above it. Somebody higher up can do this."
        ),
        "organization_there": _("%(name)s is not archived. Reload the page."),
        "organization_above_archived": _("%(name)s, which is above it, is archived, too. Restore that first."),
        "organization_not_empty": _(
            "%(name)s is not empty. There are %(users)s people, %(devices)s devices and %(organizations)s "
            "organizations in it, counting what was deleted and can still be restored. Move them first, or archive it."
        ),
        "organization_kept": _("%(name)s cannot be deleted: the records of these are kept (%(what)s). Archive it."),
        "organization_circle": _("Nothing can be moved below itself. Choose an organization outside %(name)s."),
        "organization_there_already": _("%(name)s is below %(parent)s already. Choose another one."),
    }
)
