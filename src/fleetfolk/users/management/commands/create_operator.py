"""`fleetfolk create_operator --email ADDRESS --name "First Last"`: a Super Admin of the installation, invited."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from fleetfolk.access.models import BuiltinRole, Role
from fleetfolk.kernel.actor import Client, system_actor
from fleetfolk.kernel.errors import ActionError
from fleetfolk.kernel.perform import perform
from fleetfolk.kernel.reasons import sentence_for
from fleetfolk.organizations.models import Organization, OrganizationKind
from fleetfolk.users.actions.invite_user import InviteUser, InviteUserInput
from fleetfolk.users.importing.emails import normal_email
from fleetfolk.users.importing.names import split_name
from fleetfolk.users.importing.problems import UnfitValue


class Command(BaseCommand):
    """Invites whoever runs the installation: they edit plans and give them to tenants."""

    help = "Invite a Super Admin of the installation, who edits plans and gives them to tenants."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Who it is."""
        parser.add_argument("--email", required=True, help="The address of the Super Admin.")
        parser.add_argument("--name", required=True, help="First and last name of the Super Admin.")

    def handle(self, *args: Any, **options: Any) -> None:
        """The mail is on its way; what is wrong is said in a sentence."""
        try:
            email = normal_email(options["email"])
        except UnfitValue as unfit:
            raise CommandError(str(unfit.sentence)) from None
        first, last = split_name(options["name"])
        installation = Organization.objects.get(kind=OrganizationKind.INSTALLATION)
        role = Role.objects.get(tenant=installation, builtin=BuiltinRole.SUPER_ADMIN)
        try:
            perform(
                InviteUser,
                actor=system_actor("setup", tenant_id=installation.pk, client=Client.SHELL),
                target_id=installation.pk,
                data=InviteUserInput(first_name=first, last_name=last, email=email, role_id=role.pk),
            )
        except ActionError as refusal:
            raise CommandError(sentence_for(refusal)) from None
        self.stdout.write(f"The invitation for {email} goes out as soon as the worker runs.")
