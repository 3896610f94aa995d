"""Samples of activation, ownership and sharing."""

import datetime as dt
from typing import Any
from uuid import UUID

from fleetfolk.devices.actions.accept_gift import GiftInput
from fleetfolk.devices.actions.assign_owner import AssignOwnerInput
from fleetfolk.devices.actions.claim_device import ClaimDeviceInput
from fleetfolk.devices.actions.create_device import CreateDeviceInput
from fleetfolk.devices.actions.create_gift import CreateGiftInput
from fleetfolk.devices.actions.create_provisioning import CreateProvisioningInput
from fleetfolk.devices.actions.create_tokens import CreateTokensInput, Ordered
from fleetfolk.devices.actions.edit_share import EditShareInput
from fleetfolk.devices.actions.end_share import EndShareInput
from fleetfolk.devices.actions.import_devices import ImportDevicesInput
from fleetfolk.devices.actions.revoke_share import RevokeShareInput
from fleetfolk.devices.actions.rotate_token import RotateTokenInput
from fleetfolk.devices.actions.send_log import SendLogInput
from fleetfolk.devices.actions.share_device import ShareDeviceInput
from fleetfolk.devices.actions.start_device_import import IMPORT, StartDeviceImport, StartDeviceImportInput
from fleetfolk.devices.actions.start_tokens import TOKENS, StartTokens, StartTokensInput
from fleetfolk.devices.actions.transfer_device import TransferDeviceInput
from fleetfolk.devices.models import RESTORABLE_FOR, Claim, Device, Gift, Share, ShareLevel, TemplateUse
from fleetfolk.devices.tokens import Kept
from fleetfolk.jobs.models import Job, JobState
from fleetfolk.kernel import clock
from fleetfolk.kernel.actor import system_actor
from fleetfolk.kernel.perform import perform
from fleetfolk.organizations.models import Organization
from fleetfolk.testing.cast import Cast, actor
from fleetfolk.testing.devices import device_of, shared_with, template_of
from fleetfolk.testing.door import staging
from fleetfolk.testing.sampling import Sample, Samples, north
from fleetfolk.users.actions.no_input import NoInput
from fleetfolk.users.importing.reading import Record
from fleetfolk.users.models import User
from fleetfolk.users.uploads import keep_upload

TOKEN = "a-token-that-only-the-device-has"
CODE = "sqr_a-code-that-only-the-device-bears"


def enabled_in(organization: Organization) -> int:
    """The key of Lumen Home's template, which the organization may use."""
    template = template_of(organization.tenant)
    with staging():
        TemplateUse.objects.get_or_create(
            tenant_id=organization.tenant_id, template=template, organization=organization
        )
    return template.pk


def device_in_north(cast: Cast, *, owner: User | None = None) -> Device:
    """The device of North that samples are about."""
    found = Device.objects.filter(organization=cast.north, name="Cellar").first()
    return found or device_of(cast.north, "Cellar", owner=owner)[0]


def share_with_cleo(cast: Cast, level: ShareLevel = ShareLevel.VIEW) -> Share:
    """The device of North is shared with Cleo."""
    device = device_in_north(cast)
    return Share.objects.filter(device=device, user=cast.cleo).first() or shared_with(device, cast.cleo, level)


def claim_of(
    device: Device, *, code: str = CODE, issuer: Organization | None = None, claimed_by: User | None = None
) -> Claim:
    """The device waits to be claimed by the code, or was claimed by the person."""
    with staging():
        claim, _created = Claim.objects.get_or_create(
            device=device,
            defaults={
                "tenant_id": device.tenant_id,
                "organization": issuer or device.organization,
                "code_hash": Kept.of(code).hash,
                "code_end": code[-4:],
                "claimed_at": clock.now() if claimed_by else None,
                "claimed_by": claimed_by,
            },
        )
    return claim


def _device(cast: Cast, data: Any, *, owner: User | None = None) -> Sample:
    return Sample(target_id=device_in_north(cast, owner=owner).pk, data=data, permitted=actor(cast.ada))


def _deleted(cast: Cast, since: dt.timedelta) -> Device:
    device = device_in_north(cast)
    with staging():
        Device.objects.filter(pk=device.pk).update(deleted_at=clock.now() - since)
    return device


def _erased(cast: Cast) -> Sample:
    caretaker = system_actor("caretaker", tenant_id=cast.lumen.pk)
    return Sample(target_id=_deleted(cast, RESTORABLE_FOR).pk, data=NoInput(), permitted=caretaker)


def _claimed(cast: Cast) -> Sample:
    claim = claim_of(device_in_north(cast, owner=cast.cleo), claimed_by=cast.cleo)
    return Sample(target_id=claim.pk, data=NoInput(), permitted=actor(cast.ada))


def _claiming(cast: Cast) -> Sample:
    claim_of(device_in_north(cast))
    data = ClaimDeviceInput(code_hash=Kept.of(CODE).hash)
    return Sample(target_id=cast.north.pk, data=data, permitted=actor(cast.cleo))


def _left(cast: Cast) -> Sample:
    share = share_with_cleo(cast)
    return Sample(target_id=cast.cleo.pk, data=EndShareInput(device_id=share.device_id), permitted=actor(cast.cleo))


def batch_of(cast: Cast, *, state: JobState = JobState.QUEUED, file: str = "") -> Job:
    """Ada's batch of one token in North."""
    data = StartTokensInput(template_id=enabled_in(cast.north), count=1)
    perform(StartTokens, actor=actor(cast.ada), target_id=cast.north.pk, data=data)
    job = Job.objects.filter(kind=TOKENS).latest("pk")
    with staging():
        job.state, job.input = state, {**job.input, "file": file}
        job.save(update_fields=["state", "input"])
    return job


def _made(cast: Cast) -> Sample:
    ordered = Ordered(name="Boxed", token=Kept.of(TOKEN), code=Kept.of(CODE))
    data = CreateTokensInput(devices=[ordered], file="")
    return Sample(target_id=batch_of(cast).pk, data=data, permitted=actor(cast.ada))


def _read(cast: Cast) -> Sample:
    job = batch_of(cast, state=JobState.DONE, file=str(UUID(int=7)))
    return Sample(target_id=job.pk, data=NoInput(), permitted=actor(cast.ada))


def device_import(cast: Cast) -> StartDeviceImportInput:
    """A file of one device."""
    file = keep_upload([b"Name,Serial\nAttic,SN-1\n"])
    layout = {"encoding": "utf-8", "errors": "replace", "delimiter": ",", "skip_spaces": False, "separator_line": False}
    return StartDeviceImportInput(
        file=file,
        file_name="devices.csv",
        headers=["Name", "Serial"],
        layout=layout,
        template_id=enabled_in(cast.north),
    )


def _imported(cast: Cast) -> Sample:
    perform(StartDeviceImport, actor=actor(cast.ada), target_id=cast.north.pk, data=device_import(cast))
    job = Job.objects.filter(kind=IMPORT).latest("pk")
    data = ImportDevicesInput(rows=[Record(2, ("Attic", "SN-1"))], skipped=0, total=1)
    return Sample(target_id=job.pk, data=data, permitted=actor(cast.ada))


def _logged(cast: Cast) -> Sample:
    device_in_north(cast, owner=cast.cleo)
    return Sample(target_id=cast.cleo.pk, data=SendLogInput(), permitted=actor(cast.ada))


def _set_up(cast: Cast) -> Sample:
    data = CreateProvisioningInput(template_id=enabled_in(cast.north), name="Attic", token=Kept.of(TOKEN))
    return Sample(target_id=cast.north.pk, data=data, permitted=actor(cast.cleo))


def gift_in_north(cast: Cast, to: User) -> Device:
    """A device of North that is offered to the person."""
    device = device_in_north(cast)
    with staging():
        Gift.objects.update_or_create(
            device=device,
            defaults={
                "tenant": cast.lumen,
                "user": to,
                "address": to.email,
                "created_by_id": cast.ada.pk,
                "created_by_label": str(cast.ada),
                "ends_at": clock.now() + dt.timedelta(days=1),
            },
        )
    return device


def _taken(cast: Cast) -> Sample:
    device = gift_in_north(cast, cast.cleo)
    return Sample(target_id=cast.cleo.pk, data=GiftInput(device_id=device.pk), permitted=actor(cast.cleo))


def _withdrawn(cast: Cast) -> Sample:
    return Sample(target_id=gift_in_north(cast, cast.cleo).pk, data=NoInput(), permitted=actor(cast.ada))


SAMPLES: Samples = {
    "device.gift.create": lambda cast: _device(cast, CreateGiftInput(email="nina@new.example")),
    "device.gift.revoke": _withdrawn,
    "device.gift.accept": _taken,
    "device.gift.end": _taken,
    "device.provisioning.create": _set_up,
    "device.log.send": _logged,
    "device.import.start": lambda cast: north(cast, device_import(cast)),
    "device.import": _imported,
    "device.tokens.start": lambda cast: north(cast, StartTokensInput(template_id=enabled_in(cast.north), count=1)),
    "device.tokens.create": _made,
    "device.tokens.read": _read,
    "device.create": lambda cast: north(
        cast,
        CreateDeviceInput(template_id=enabled_in(cast.north), name="Attic", token=Kept.of(TOKEN)),
    ),
    "device.token.rotate": lambda cast: _device(cast, RotateTokenInput(token=Kept.of(TOKEN))),
    "device.delete": lambda cast: _device(cast, NoInput()),
    "device.restore": lambda cast: Sample(
        target_id=_deleted(cast, dt.timedelta(days=1)).pk, data=NoInput(), permitted=actor(cast.ada)
    ),
    "device.erase": _erased,
    "device.owner.assign": lambda cast: _device(cast, AssignOwnerInput(email=cast.cleo.email)),
    "device.owner.revoke": lambda cast: _device(cast, NoInput(), owner=cast.cleo),
    "device.transfer": lambda cast: _device(cast, TransferDeviceInput(organization_id=cast.lumen.pk)),
    "device.claim": _claiming,
    "device.claim.revoke": _claimed,
    "device.share": lambda cast: _device(cast, ShareDeviceInput(email="nina@new.example", level=ShareLevel.CONTROL)),
    "device.share.edit": lambda cast: _device(
        cast, EditShareInput(share_id=share_with_cleo(cast).pk, level=ShareLevel.CONTROL)
    ),
    "device.share.revoke": lambda cast: _device(cast, RevokeShareInput(share_id=share_with_cleo(cast).pk)),
    "device.share.end": _left,
}
