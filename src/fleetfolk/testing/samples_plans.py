"""Samples of developer mode."""

from fleetfolk.testing.cast import Cast, actor
from fleetfolk.testing.door import staging
from fleetfolk.testing.sampling import Sample, Samples
from fleetfolk.users.actions.no_input import NoInput
from fleetfolk.users.models import User


def switched(cast: Cast, *, on: bool) -> Sample:
    """The developer mode of Finn, who may build templates by his role."""
    with staging():
        User.objects.filter(pk=cast.finn.pk).update(developer=not on)
    return Sample(target_id=cast.finn.pk, data=NoInput(), permitted=actor(cast.ada))


SAMPLES: Samples = {
    "user.developer.enable": lambda cast: switched(cast, on=True),
    "user.developer.disable": lambda cast: switched(cast, on=False),
}
