"""What a device does to itself, as an Action with the device as the actor: always in a thread, for it is rare."""

from typing import Any

from fleetfolk.devices.actions.start_connection import StartConnection, StartConnectionInput
from fleetfolk.devices.models import Device, DeviceState
from fleetfolk.gateway.errands import INVALID_TOKEN, Errand, Refusal
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor, ActorKind, Client
from fleetfolk.kernel.errors import ActionError
from fleetfolk.kernel.perform import perform

IN_USE = (DeviceState.ACTIVE, DeviceState.WAITING)


def meet(errand: Errand) -> None:
    """The device, which signs in for the first time, is active. Raises `Refusal` where it came too late."""
    device = device_of(errand.token_hash)
    if device.state == DeviceState.WAITING:
        act(StartConnection, device, StartConnectionInput(), address=errand.origin.address, refused=INVALID_TOKEN)


def device_of(token_hash: str) -> Device:
    """The device that has this token now and is in use. Raises `Refusal`."""
    device = Device.objects.filter(token_hash=token_hash).exclude(token_hash="").filter(state__in=IN_USE).first()
    if device is None:
        raise Refusal(INVALID_TOKEN)
    return device


def is_there(device_id: int) -> bool:
    """Whether the device is in use: what it left behind an address is gone with it."""
    return Device.objects.filter(pk=device_id, state__in=IN_USE).exists()


def act(action: type[Action[Device, Any]], device: Device, data: Any, *, address: str | None, refused: str) -> None:
    """The device has done this to itself; where that is refused, it hears ``refused``."""
    actor = Actor(
        kind=ActorKind.DEVICE,
        id=str(device.pk),
        label=device.name,
        tenant_id=device.tenant_id,
        client=Client.HTTPS_API,
        address=address,
    )
    try:
        perform(action, actor=actor, target_id=device.pk, data=data)
    except ActionError:
        raise Refusal(refused) from None
