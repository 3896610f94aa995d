"""Samples of the own account."""

from fleetfolk.testing.sampling import Samples, own
from fleetfolk.users.actions.edit_profile import EditProfileInput

SAMPLES: Samples = {
    "user.profile.edit": lambda cast: own(cast, EditProfileInput(nickname="Cleopatra", theme="dark")),
}
