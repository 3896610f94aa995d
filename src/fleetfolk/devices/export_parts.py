"""The tables of devices that know people."""

from collections.abc import Iterator

from fleetfolk.devices.models import Device, Quiet, Share
from fleetfolk.users.models import User
from fleetfolk.users.personal import Personal, Record, register_personal


def _owned(person: User) -> Iterator[Record]:
    for device in Device.objects.select_related("template", "organization").filter(owner=person).order_by("pk"):
        yield {
            "id": device.pk,
            "name": device.name,
            "template": device.template.name,
            "organization": device.organization.name,
            "serial": device.serial,
            "held": "owned",
            "level": "",
            "since": device.created_at,
            "until": None,
        }


def _shared(person: User) -> Iterator[Record]:
    shares = Share.objects.select_related("device__template", "device__organization").filter(user=person)
    for share in shares.order_by("pk"):
        yield {
            "id": share.device_id,
            "name": share.device.name,
            "template": share.device.template.name,
            "organization": share.device.organization.name,
            "serial": share.device.serial,
            "held": "shared",
            "level": share.level,
            "since": share.created_at,
            "until": share.ends_at,
        }


def _quiet(person: User) -> Iterator[Record]:
    for quiet in Quiet.objects.select_related("device").filter(user=person).order_by("pk"):
        yield {"device": quiet.device.name if quiet.device else "", "no_mails_of": list(quiet.levels)}


register_personal(
    Personal(
        model="devices.Device",
        by=("owner_id",),
        export=_owned,
        file="devices",
        erase="keep",
        kept="The device stays with its organization, without an owner.",
    )
)
register_personal(Personal(model="devices.Share", by=("user_id",), export=_shared, file="devices"))
register_personal(
    Personal(
        model="devices.Share",
        by=("created_by_id",),
        excluded="Who was let see a device is in the file of whom it was shared with.",
        erase="pseudonymize",
        labels=(("created_by_id", "created_by_label"),),
    )
)
register_personal(
    Personal(model="devices.Gift", by=("user_id",), excluded="A device that was taken is in the file of devices.")
)
register_personal(
    Personal(
        model="devices.Gift",
        by=("created_by_id",),
        excluded="The device that is offered is in the file of devices.",
        erase="pseudonymize",
        labels=(("created_by_id", "created_by_label"),),
    )
)
register_personal(
    Personal(
        model="devices.Claim",
        by=("claimed_by_id",),
        excluded="The device itself is in the file of devices.",
        erase="keep",
        kept="That a code was used up stays, without by whom.",
    )
)
register_personal(
    Personal(model="devices.Provisioning", by=("user_id",), excluded="The device itself is in the file of devices.")
)
register_personal(
    Personal(
        model="devices.EventComment",
        by=("by_id",),
        excluded="What was written about a device belongs to the device.",
        erase="pseudonymize",
        labels=(("by_id", "by_label"),),
    )
)
register_personal(
    Personal(
        model="devices.Event",
        by=("resolved_by_id",),
        excluded="What happened to a device belongs to the device.",
        erase="pseudonymize",
        labels=(("resolved_by_id", "resolved_by_label"),),
    )
)
register_personal(Personal(model="devices.Quiet", by=("user_id",), export=_quiet, file="notifications"))
for _counting in ("devices.EventMail", "devices.EventMailDay"):
    register_personal(
        Personal(model=_counting, by=("user_id",), excluded="It counts mails about devices, so that they are not many.")
    )
