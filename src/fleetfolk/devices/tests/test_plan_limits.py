"""What a plan allows holds at every door to devices and their templates."""

from typing import Any

import pytest

from fleetfolk.devices.actions.create_device import CreateDevice, CreateDeviceInput
from fleetfolk.devices.actions.create_provisioning import CreateProvisioning, CreateProvisioningInput
from fleetfolk.devices.actions.create_template import CreateTemplate, CreateTemplateInput
from fleetfolk.devices.actions.delete_device import DeleteDevice
from fleetfolk.devices.actions.restore_device import RestoreDevice
from fleetfolk.devices.actions.start_tokens import StartTokens, StartTokensInput
from fleetfolk.devices.models import Device
from fleetfolk.devices.runs import run_tokens
from fleetfolk.devices.template_parts import TemplateFacts
from fleetfolk.devices.tests.test_device_import import imported
from fleetfolk.devices.tokens import Kept
from fleetfolk.jobs.models import Job, JobState, Problem
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.perform import perform
from fleetfolk.kernel.reasons import sentence_for
from fleetfolk.testing.cast import Cast, actor
from fleetfolk.testing.devices import device_of, template_of
from fleetfolk.testing.plans import allowing
from fleetfolk.testing.plugin import SignedIn
from fleetfolk.users.actions.no_input import NoInput


def do(cast: Cast, action: Any, target_id: int, data: Any) -> Any:
    return perform(action, actor=actor(cast.ada), target_id=target_id, data=data)


def test_a_device_more_than_the_plan_allows_is_refused_at_every_door(cast: Cast) -> None:
    template = template_of(cast.lumen).pk
    device, _token = device_of(cast.north)
    allowing(cast.lumen, devices=1)
    token = Kept.of("a-token-that-only-the-device-has")
    doors = (
        (CreateDevice, CreateDeviceInput(template_id=template, name="Two", token=token)),
        (CreateProvisioning, CreateProvisioningInput(template_id=template, name="Two", token=token)),
        (StartTokens, StartTokensInput(template_id=template, count=1)),
    )
    for action, data in doors:
        with pytest.raises(Refused, match="limit_reached"):
            do(cast, action, cast.lumen.pk, data)
    do(cast, DeleteDevice, device.pk, NoInput())
    do(cast, CreateDevice, cast.lumen.pk, doors[0][1])
    with pytest.raises(Refused, match="limit_reached"):
        do(cast, RestoreDevice, device.pk, NoInput())


def test_a_batch_says_how_many_fit_and_is_refused_whole_where_others_came_first(cast: Cast) -> None:
    template = template_of(cast.lumen).pk
    allowing(cast.lumen, devices=3)
    with pytest.raises(Refused) as refused:
        do(cast, StartTokens, cast.lumen.pk, StartTokensInput(template_id=template, count=4))
    assert "of these 4, 3 fit" in sentence_for(refused.value)
    do(cast, StartTokens, cast.lumen.pk, StartTokensInput(template_id=template, count=3))
    device_of(cast.north)
    job = Job.objects.latest("pk")
    run_tokens(job.pk)
    job.refresh_from_db()
    assert job.state == JobState.FAILED
    assert Device.objects.filter(tenant=cast.lumen).count() == 1


def test_rows_of_a_file_beyond_the_plan_are_left_out(cast: Cast, signed_in: SignedIn) -> None:
    template = template_of(cast.lumen)
    allowing(cast.lumen, devices=1)
    job = imported(signed_in(cast.ada), "Name\nCellar\nAttic\n", template=template.pk)
    assert list(Device.objects.filter(tenant=cast.lumen).values_list("name", flat=True)) == ["Cellar"]
    assert Problem.objects.get(job=job).reason == "limit_reached"


def test_templates_are_counted_with_the_archived_ones(cast: Cast) -> None:
    template_of(cast.lumen)
    allowing(cast.lumen, templates=1)
    with pytest.raises(Refused, match="limit_reached"):
        do(cast, CreateTemplate, cast.lumen.pk, CreateTemplateInput(facts=TemplateFacts(name="Sensor")))
