"""The scenes of remote assistance."""

import pytest

from fleetfolk.assistance.tests.scenes import Scene, scene
from fleetfolk.kernel.actor import AssistMode
from fleetfolk.testing.cast import Cast
from fleetfolk.testing.plugin import SignedIn


@pytest.fixture
def viewing(cast: Cast, signed_in: SignedIn) -> Scene:
    """Ada looks at Carl's account."""
    return scene(cast, signed_in)


@pytest.fixture
def acting(cast: Cast, signed_in: SignedIn) -> Scene:
    """Ada acts in Carl's account."""
    return scene(cast, signed_in, mode=AssistMode.ACT)
