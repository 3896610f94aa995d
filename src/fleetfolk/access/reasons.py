"""What people read when a change to a role is refused."""

from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel.reasons import say

say(
    {
        "roles_are_the_tenants": _(
            "Roles belong to the whole operator: who works in the topmost organization can change them."
        ),
        "role_beyond_yours": _(
            "You can only change roles that hold no more than yours, and switch on what you hold yourself."
        ),
        "role_always_all": _("The role %(name)s keeps all of its permissions, so that nobody can be locked out."),
        "role_changed_meanwhile": _(
            "Somebody else changed the role %(name)s meanwhile, so nothing was saved. Load the page again."
        ),
        "switches_of_the_top": _("The topmost organization has the role’s own switches: change the role itself."),
        "switches_in_many": _(
            "The role %(name)s differs in %(most)s organizations already. Change the role itself, or one above."
        ),
        "role_gone": _("The role was deleted a moment ago. Choose another one."),
        "role_name_taken": _("There is a role called “%(name)s” already. Choose another name."),
        "role_name_unfit": _("Give the role a name of %(longest)s characters at most, in one line."),
        "role_stays": _("The role %(name)s is built in and cannot be deleted."),
        "role_replaces_itself": _("Choose another role for the people of this one."),
        "role_in_use": _("The role %(name)s was given to somebody a moment ago. Try again."),
        "role_has_many": _(
            "More than %(most)s people have the role %(name)s. Give them another one first: choose them in Users and "
            "change their role."
        ),
        "too_many_roles": _("There are %(most)s roles already. Delete one that is not used any more."),
        "permission_unknown": _("No role can hold “%(code)s”."),
        "permission_needs": _("“%(name)s” needs “%(needed)s”. Switch both on, or neither."),
    }
)
