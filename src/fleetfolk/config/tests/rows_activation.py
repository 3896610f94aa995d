"""How the URLs of activation, ownership and sharing are attacked."""

from typing import Any

from fleetfolk.config.tests.rows import Row
from fleetfolk.devices.models import Claim
from fleetfolk.jobs.models import JobState
from fleetfolk.testing.cast import Cast
from fleetfolk.testing.samples import SAMPLES
from fleetfolk.testing.samples_activation import batch_of, device_in_north, share_with_cleo
from fleetfolk.users.uploads import keep_upload


def device(cast: Cast) -> list[Any]:
    return [device_in_north(cast).pk]


def share(cast: Cast) -> list[Any]:
    row = share_with_cleo(cast)
    return [row.device_id, row.pk]


def owned(cast: Cast) -> list[Any]:
    return [device_in_north(cast, owner=cast.cleo).pk]


def gone(cast: Cast) -> list[Any]:
    return [SAMPLES["device.restore"](cast).target_id]


def claimed(cast: Cast) -> list[Any]:
    return [Claim.objects.get(pk=SAMPLES["device.claim.revoke"](cast).target_id).device_id]


def batch(cast: Cast) -> list[Any]:
    return [batch_of(cast, state=JobState.DONE, file=keep_upload([b"PK"])).pk]


def cleo_with_device(cast: Cast) -> list[Any]:
    device_in_north(cast, owner=cast.cleo)
    return [cast.cleo.pk]


_SHARED = {"email": "nina@new.example", "level": "view"}

ROWS: list[Row] = [
    Row(name="sharing:panel", target=device, dana=200),
    Row(name="sharing:share", target=device, data=_SHARED, ada=(302,)),
    Row(name="sharing:edit", target=share, data={"level": "control"}, ada=(302,)),
    Row(name="sharing:revoke", target=share, data={}, ada=(302,)),
    Row(name="mydevices:claim", bob=200),
    Row(name="mydevices:set-up", bob=200),
    Row(name="activation:create"),
    Row(name="activation:tokens"),
    Row(name="activation:import"),
    Row(name="activation:batch-file", target=batch, data={}),
    Row(name="activation:deleted", dana=200, bob=200),
    Row(name="activation:send-log", target=cleo_with_device, data={}, ada=(302,)),
    Row(name="activation:rotate", target=device, data={}),
    Row(name="activation:owner", target=device, data={"email": "cleo@lumenhome.example"}, ada=(302,)),
    Row(name="activation:remove-owner", target=owned, data={}, ada=(302,)),
    Row(
        name="activation:transfer", target=device, data={"to": "organization", "organization": "Lumen Home"}, ada=(302,)
    ),
    Row(name="activation:delete", target=device, data={}, ada=(302,)),
    Row(name="activation:restore", target=gone, data={}, ada=(302,)),
    Row(name="activation:disclaim", target=claimed, data={}, ada=(302,)),
]
PUBLIC: dict[str, str] = {}
ELSEWHERE: dict[str, str] = {"sharing:leave": "one's own share alone; devices/tests/test_sharing.py"}
