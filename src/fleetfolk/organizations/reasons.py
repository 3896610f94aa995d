"""What people read when a change to an organization is refused."""

from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel.reasons import say

say(
    {
        "organization_kind": _("An organization of this type cannot be created here."),
        "organization_none_below": _(
            "%(name)s may have no organizations below it. Whoever edits the organization above it can allow that."
        ),
        "organization_below_from_above": _(
            "Whether organizations may be below this one is said by who edits the organization above it."
        ),
        "organization_too_deep": _(
            "The tree is %(levels)s levels deep already. Create it under a higher organization."
        ),
        "organization_name_taken": _("There is an organization called “%(name)s” here already. Choose another name."),
        "organization_archived": _("%(name)s is archived. Restore it first."),
        "organization_unfit": _("Give it a name of 1 to 80 characters, and a description of 500 at most."),
        "organization_phone": _("A phone number begins with + and the code of the country, as in +49 30 1234567."),
        "location_name_taken": _("There is a location called “%(name)s” here already. Choose another name."),
        "location_name_missing": _("Give it a name."),
        "location_place_unfit": _("A latitude is between -90 and 90, a longitude between -180 and 180."),
        "tag_name_taken": _("There is a tag called “%(name)s” here already. Choose another name."),
        "tag_unfit": _("Give the tag a name of %(longest)s characters at most, and one of the six colours."),
        "too_many_tags": _("There are %(most)s tags here already. Delete one that is not used any more."),
        "field_name_taken": _("There is a field called “%(name)s” here already. Choose another name."),
        "field_choices": _("A field with a list needs at least two entries, each once and up to 60 characters long."),
        "too_many_fields": _("There are %(most)s fields here already. Archive one that is not used any more."),
        "field_archived": _("The field “%(name)s” is archived. Reload the page."),
        "brand_colour": _("A colour is written like #1f58d1: a hash and six digits or letters from a to f."),
        "brand_contact": _("This is no address that can be written to. Check it, or leave it empty."),
        "brand_link": _("A link begins with https:// or http:// and leads to a page."),
        "brand_sender_name": _("The sender is a name in one line, of %(most)s characters at most."),
        "brand_logo_format": _("This picture cannot be read here. Save it as PNG, JPEG or WebP and choose it again."),
        "brand_logo_large": _(
            "This picture is too large: %(side)s pixels a side and %(kilobytes)s kB are the most. Choose a smaller one."
        ),
        "brand_logo_broken": _("This picture is damaged. Save it anew and choose it again."),
        "rules_message_cap": _("Choose a number of mails and pushes from 0 to %(most)s."),
        "rules_email_domains": _(
            "Name %(most)s domains at most, each like example.com: letters, digits and hyphens with dots between them."
        ),
        "rules_session_idle": _("Choose from %(least)s to %(most)s minutes without use, or 0 for no such end."),
        "rules_session_hours": _("Choose from 1 to %(most)s hours after the sign-in, or 0 for no such end."),
        "rules_password_length": _("Choose from %(least)s to %(most)s characters, or 0 for the installation's own."),
        "rules_need_oversight": _(
            "Opening an organization to remote assistance needs the right to oversee it, too. An administrator can "
            "change your role."
        ),
        "limit_reached": _(
            "The plan “%(plan)s” allows %(most)s %(what)s, and so many there are. To have more, ask %(whom)s."
        ),
        "limit_passed": _(
            "The plan “%(plan)s” allows %(most)s %(what)s: of these %(adding)s, %(left)s fit. To have more, ask "
            "%(whom)s."
        ),
        "limit_none": _("The plan “%(plan)s” includes no %(what)s. To have some, ask %(whom)s."),
        "plan_roles_locked": _(
            "The plan “%(plan)s” keeps the roles as they are. To change what they may, ask %(whom)s."
        ),
        "plan_roles_custom": _("The plan “%(plan)s” includes no roles of your own. To have some, ask %(whom)s."),
        "plan_name_taken": _("There is a plan called “%(name)s” already. Choose another name."),
        "plan_unfit": _("Give the plan a name of 1 to 40 characters, and each limit a number from 0 to %(most)s."),
        "plan_used": _("The plan “%(name)s” is that of %(count)s tenants. Give them another one first."),
        "plan_gone": _("This plan is not there any more. Reload the page."),
        "plan_for_root": _("A plan is given to a whole tenant."),
        "not_the_installation": _("Tenants are created by the installation only."),
    }
)
