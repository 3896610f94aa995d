"""`fleetfolk create_tenant NAME --email ADDRESS --name "First Last"`: a tenant, and its first Admin invited."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from fleetfolk.access.actions import CreateTenant, CreateTenantInput
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
    """Opens a tenant."""

    help = "Open a new tenant, and invite its first Admin by mail."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The tenant's name, and who its Admin is."""
        parser.add_argument("tenant", help="The name of the new tenant, up to 80 characters.")
        parser.add_argument("--email", required=True, help="The address of the first Admin.")
        parser.add_argument("--name", required=True, help="First and last name of the first Admin.")
        parser.add_argument("--country", default="", help="Two letters, for phone numbers without a country code.")
        parser.add_argument("--time-zone", default="UTC", help="Like Europe/Berlin.")

    def handle(self, *args: Any, **options: Any) -> None:
        """The tenant is there and the mail is on its way; what is wrong is said in a sentence."""
        try:
            email = normal_email(options["email"])
        except UnfitValue as unfit:
            raise CommandError(str(unfit.sentence)) from None
        first, last = split_name(options["name"])
        installation = Organization.objects.get(kind=OrganizationKind.INSTALLATION)
        try:
            opened = perform(
                CreateTenant,
                actor=system_actor("setup", tenant_id=installation.pk, client=Client.SHELL),
                target_id=installation.pk,
                data=CreateTenantInput(
                    name=options["tenant"], country=options["country"].upper(), time_zone=options["time_zone"]
                ),
            )
            tenant = Organization.objects.get(parent=None, name=opened.facts["tenant"])
            perform(
                InviteUser,
                actor=system_actor("setup", tenant_id=tenant.pk, client=Client.SHELL),
                target_id=tenant.pk,
                data=InviteUserInput(
                    first_name=first,
                    last_name=last,
                    email=email,
                    role_id=Role.objects.get(tenant=tenant, builtin=BuiltinRole.ADMIN).pk,
                ),
            )
        except ActionError as refusal:
            raise CommandError(sentence_for(refusal)) from None
        self.stdout.write(f"{tenant.name} is open. The invitation for {email} goes out as soon as the worker runs.")
