"""What else is refused of devices, templates, shares, gifts and batches, case by case."""

from dataclasses import replace

import pytest

from fleetfolk.devices.actions.create_event import LONGEST
from fleetfolk.devices.models import Datastream, Device, Gift, Reported, Share, StreamKind, Template
from fleetfolk.devices.points import MOST_POINTS
from fleetfolk.devices.properties import MOST_OF_PROPERTIES
from fleetfolk.devices.template_parts import PINS
from fleetfolk.jobs.models import JobState
from fleetfolk.testing.cast import Cast, actor
from fleetfolk.testing.door import staging
from fleetfolk.testing.refusals import Change, after, by_a_program, given, once, refuses
from fleetfolk.testing.samples_activation import gift_in_north
from fleetfolk.testing.sampling import Sample

NOWHERE = 2**40


def _by_another_admin(cast: Cast, _code: str, sample: Sample) -> Sample:
    return replace(sample, permitted=actor(cast.abe))


def _to_the_owner(cast: Cast, _code: str, sample: Sample) -> Sample:
    with staging():
        Device.objects.filter(pk=sample.target_id).update(owner=cast.cleo)
    return replace(sample, data=replace(sample.data, email=cast.cleo.email))


def _no_number(_cast: Cast, _code: str, sample: Sample) -> Sample:
    return replace(sample, data=replace(sample.data, points=((sample.data.points[0][0], "no number"),)))


def _every_pin(_cast: Cast, sample: Sample) -> None:
    template = Template.objects.get(pk=sample.target_id)
    taken = set(Datastream.objects.filter(template=template).values_list("pin", flat=True))
    Datastream.objects.bulk_create(
        Datastream(tenant_id=template.tenant_id, template=template, pin=pin, name=f"S {pin}", kind=StreamKind.DOUBLE)
        for pin in set(range(PINS)) - taken
    )


def _much_is_said(_cast: Cast, sample: Sample) -> None:
    Reported.objects.filter(device=sample.target_id).update(properties={"7": {"label": "x" * MOST_OF_PROPERTIES}})


CASES: list[tuple[str, Change, str]] = [
    ("device.event.create", given(code="nonsense"), "event_unknown"),
    ("device.event.create", given(description="x" * (LONGEST + 1)), "event_words"),
    ("device.event.create", given(description="a\0b"), "event_words"),
    ("device.gift.create", _to_the_owner, "gift_owner"),
    ("device.gift.create", after(lambda cast, _sample: gift_in_north(cast, cast.cleo)), "gift_open"),
    ("device.gift.revoke", after(lambda _cast, _sample: Gift.objects.all().delete()), "gift_gone"),
    ("device.provisioning.create", _by_another_admin, "claim_home"),
    ("device.tokens.create", once(state=JobState.CANCELLED), "job_over"),
    ("device.tokens.create", once(cursor=1), "job_moved_on"),
    ("device.tokens.create", given(devices=[]), "job_moved_on"),
    ("device.tokens.read", once(state=JobState.RUNNING), "batch_file_gone"),
    ("device.tokens.start", by_a_program, "not_for_the_system"),
    ("device.import.start", by_a_program, "not_for_the_system"),
    ("device.log.send", by_a_program, "not_for_the_system"),
    ("device.import", once(state=JobState.CANCELLED), "job_over"),
    ("device.import", given(skipped=7), "job_moved_on"),
    ("device.import", _by_another_admin, "device_import_of_another"),
    ("device.property.edit", given(stream_id=NOWHERE), "command_no_stream"),
    ("device.property.edit", after(_much_is_said), "properties_many"),
    ("template.datastream.create", after(_every_pin), "streams_full"),
    ("device.data.import", given(stream_id=NOWHERE), "command_no_stream"),
    ("device.data.import", given(points=((0, "1"),) * (MOST_POINTS + 1)), "points_many"),
    ("device.data.import", _no_number, "command_wrong_value"),
    ("device.share.end", after(lambda _cast, _sample: Share.objects.all().delete()), "share_gone"),
    ("template.enable", given(organization_id=NOWHERE), "not_found"),
]


@pytest.mark.parametrize(("code", "change", "reason"), CASES)
def test_it_is_refused(cast: Cast, code: str, change: Change, reason: str) -> None:
    refuses(cast, code, change, reason)
