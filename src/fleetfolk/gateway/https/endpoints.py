"""The table of endpoints: path and method, what is done, and what kind of errand it is."""

from collections.abc import Callable
from dataclasses import dataclass

from fleetfolk.gateway.errands import Done, Known
from fleetfolk.gateway.https import reading, writing
from fleetfolk.gateway.https.asked import Asked

BASE = "/external/api"
LARGEST_BODY = 2_000_000

type Step = Callable[[Asked, Known, int], Done]


@dataclass(frozen=True, kw_only=True, slots=True)
class Endpoint:
    """One endpoint that the core answers: `writes` and `reads` as an errand's."""

    step: Step
    writes: bool = False
    reads: bool = False


ENDPOINTS: dict[tuple[str, str], Endpoint] = {
    ("GET", "/get"): Endpoint(step=reading.get, reads=True),
    ("GET", "/getAll"): Endpoint(step=reading.get_all, reads=True),
    ("GET", "/isHardwareConnected"): Endpoint(step=reading.is_hardware_connected),
    ("GET", "/device/meta"): Endpoint(step=reading.metadata, reads=True),
    ("GET", "/update"): Endpoint(step=writing.update, writes=True),
    ("GET", "/batch/update"): Endpoint(step=writing.batch_update, writes=True),
    ("POST", "/batch/update"): Endpoint(step=writing.batch_of_points, writes=True),
    ("GET", "/update/property"): Endpoint(step=writing.update_property, writes=True, reads=True),
    ("GET", "/logEvent"): Endpoint(step=writing.log_event, writes=True),
    ("GET", "/logevent"): Endpoint(step=writing.log_event, writes=True),
}
