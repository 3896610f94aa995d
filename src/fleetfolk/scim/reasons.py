"""What is said where a directory is let in, and to the directory."""

from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel.reasons import say

say(
    {
        "scim_name": _("Give it a name of at most %(most)s characters."),
        "scim_name_taken": _("There is one with the name “%(name)s” already. Choose another."),
        "scim_many": _("There are %(most)s directories already. Delete one that is not used any more."),
        "scim_roles": _("Choose at least one role that it may give, and among them the one that people begin with."),
        "scim_stronger": _("You cannot give a directory more than you hold yourself here: %(missing)s."),
        "scim_role": _("This directory may not give the role “%(role)s”. Let it, on the page Provisioning, first."),
        "scim_only": _("Only a directory does this, with its token."),
        "scim_elsewhere": _("The person is not of the organization of this directory."),
        "scim_text": _("%(attribute)s has 1 to %(most)s characters."),
        "scim_user_name_taken": _("Somebody else has the userName “%(name)s” already."),
        "scim_external_id_taken": _("Somebody, or something, else has the externalId “%(name)s” already."),
        "scim_address_stays": _(
            "This directory may not change what somebody signs in with. Allow it on the page Provisioning, or change "
            "the e-mail address here."
        ),
        "scim_group_taken": _("There is a group with the name “%(name)s” already."),
        "scim_members": _("At least one member is nobody of this organization."),
    }
)
