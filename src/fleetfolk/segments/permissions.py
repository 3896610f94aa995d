"""What a role may do with segments."""

from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel.permissions import Permission

_SEGMENTS = _("Segments")

VIEW_SEGMENTS = Permission(
    code="segments.view",
    label=_("View segments"),
    sentence=_("See the segments of the organization and those below, and of those one may see, who is in them."),
    group=_SEGMENTS,
)
EDIT_SEGMENTS = Permission(
    code="segments.edit",
    label=_("Edit segments"),
    sentence=_("Create, change, order and delete segments, with rules about what one may see oneself."),
    group=_SEGMENTS,
    requires=(VIEW_SEGMENTS,),
)
