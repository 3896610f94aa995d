"""What a device reports and somebody is to be told of waits for the worker from the moment it is kept."""

from fleetfolk.devices.models import Event, EventKind, EventNotice
from fleetfolk.gateway.tests.conftest import Hardware, Running
from fleetfolk.testing.door import staging


def test_only_events_of_which_somebody_is_told_wait_and_each_once(gateway: Running, hardware: Hardware) -> None:
    with staging():
        EventKind.objects.filter(template=hardware.device.template, code="filter_dirty").update(notify=[])
    for code in ("leak", "filter_dirty", "leak"):
        assert gateway.ask("/logEvent", token=hardware.token, code=code)[0] == 200
    kept = Event.objects.filter(device=hardware.device).order_by("pk")
    assert sorted(kept.values_list("code", flat=True)) == ["filter_dirty", "leak", "leak", "online"]
    waiting = EventNotice.objects.filter(event__device=hardware.device)
    assert set(waiting.values_list("event_id", flat=True)) == set(kept.filter(code="leak").values_list("pk", flat=True))
