"""Erase again whoever was erased after the backup was made that is now restored."""

from typing import Any

from django.core.management.base import BaseCommand

from fleetfolk.kernel.actor import Client, system_actor
from fleetfolk.kernel.perform import perform
from fleetfolk.users.actions.erase_user import EraseUser, EraseUserInput
from fleetfolk.users.erased import remembered
from fleetfolk.users.erasing import forget_in_log
from fleetfolk.users.models import User
from fleetfolk.users.models_privacy import Erasure
from fleetfolk.users.suppression import subject_keys


class Command(BaseCommand):
    """`fleetfolk reapply_erasures`: run after a restore, and by every start that finds something to do."""

    help = __doc__

    def handle(self, *_args: Any, verbosity: int = 1, **_options: Any) -> None:
        """Nobody whom the data folder knows as erased is in the database."""
        known = list(remembered())
        present = set(Erasure.objects.values_list("subject_key", flat=True))
        missing = {each.subject: each for each in known if each.subject not in present}
        if not missing:
            if verbosity:
                self.stdout.write("Every erasure is in the database.")
            return
        erased = 0
        people = User.objects.filter(tenant_id__in={each.tenant for each in missing.values()}).order_by("pk")
        for user_id, tenant_id, created_at in people.values_list("pk", "tenant_id", "created_at").iterator(
            chunk_size=2_000
        ):
            found = [missing[key] for key in subject_keys(tenant_id, user_id, created_at) if key in missing]
            if not found:
                continue
            person = User.objects.get(pk=user_id)
            while forget_in_log(person):
                pass
            data = EraseUserInput(again=True, suppress=bool(found[0].suppressed))
            caretaker = system_actor("caretaker", tenant_id=tenant_id, client=Client.SHELL)
            perform(EraseUser, actor=caretaker, target_id=user_id, data=data)
            erased += 1
        if erased or verbosity:
            self.stdout.write(f"Erased again: {erased} of {len(missing)} that the backup did not know of.")
