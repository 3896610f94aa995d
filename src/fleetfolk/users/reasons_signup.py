"""What people read when a sign-up is refused, or what is said of signing up."""

from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel.reasons import say

say(
    {
        "sign_up_off": _("Nobody can sign up at %(organization)s now. Its settings say who may."),
        "sign_up_over": _("This sign-up is over: its link works once, for 24 hours. Begin again."),
        "sign_up_link": _("This link is not valid. Begin to sign up again."),
        "sign_up_for_account": _("There is an account with this address already. Sign in with it."),
        "sign_up_flood": _("%(most)s people have begun to sign up within the hour. Try again in an hour."),
        "sign_up_by_itself": _("Only the page of signing up does this."),
        "sign_up_not_waiting": _("This sign-up does not wait any more. Reload the page."),
        "sign_up_needs_approval": _("Somebody lets each one in by hand here."),
        "sign_up_role": _("The role %(name)s may do too much for whoever comes by themselves. Choose another."),
        "sign_up_role_deleted": _(
            "Who signs up at %(organization)s gets the role %(name)s. Choose another there first, in Settings."
        ),
        "sign_up_needs_organizations": _(
            "You cannot create organizations here, so nobody can have one made by your settings."
        ),
        "sign_up_domains": _("Name the domains whose addresses may sign up."),
        "sign_up_pattern": _(
            "The name of an organization has {last}, {first} or {name} in it, and %(longest)s characters at most."
        ),
        "sign_up_no_link": _("There is no link yet. Save first who may sign up."),
        "plan_sign_up": _("The plan “%(plan)s” lets nobody sign up by themselves. To have that, ask %(whom)s."),
    }
)
