"""Samples of working elsewhere."""

from fleetfolk.testing.cast import Cast, actor
from fleetfolk.testing.sampling import Sample, Samples
from fleetfolk.users.actions.end_work import EndWorkInput
from fleetfolk.users.actions.start_work import StartWorkInput


def _adas_own(cast: Cast, data: object) -> Sample:
    """Something that Ada alone may do, to her own account."""
    return Sample(target_id=cast.ada.pk, data=data, permitted=actor(cast.ada))


SAMPLES: Samples = {
    "user.work.start": lambda cast: _adas_own(cast, StartWorkInput(organization_id=cast.north.pk)),
    "user.work.end": lambda cast: _adas_own(cast, EndWorkInput(organization_id=cast.north.pk, name="North")),
}
