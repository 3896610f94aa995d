"""What can be done to a person about their devices, in their menu and on their page."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fleetfolk.access.gate import GATE
from fleetfolk.console.dialogs import dialog_methods
from fleetfolk.console.http import ConsoleRequest, console_view
from fleetfolk.devices.actions.send_log import SendLog, SendLogInput
from fleetfolk.devices.actions.transfer_device import TransferDevice, TransferDeviceInput
from fleetfolk.devices.models import Device
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Denied, TargetNotFound
from fleetfolk.kernel.perform import perform
from fleetfolk.kernel.reasons import REASONS
from fleetfolk.users.models import State, User
from fleetfolk.users.queries import user_detail
from fleetfolk.users.web.act import Act
from fleetfolk.users.web.companions import Step
from fleetfolk.users.web.dialogs import dialog_done


def _why_not(actor: Actor, person: User) -> str:
    return "" if person.device_count else str(REASONS["device_log_empty"]) % {"person": person}


SEND_LOG = Act(
    action=SendLog,
    label=gettext_lazy("Send device log"),
    icon="file-download",
    url="activation:send-log",
    method="post",
    states=frozenset(State),
    group=3,
    to_oneself=True,
    why_state=_why_not,
)


def devices_along(person: User) -> list[Step]:
    """The person's own devices follow them: each is moved like any other, or the whole transfer is refused."""
    mine = Device.objects.filter(owner=person, deleted_at__isnull=True).order_by("pk")
    data = TransferDeviceInput(email=person.email)
    return [(TransferDevice, key, data) for key in mine.values_list("pk", flat=True)]


@console_view
@dialog_methods
def send_log(request: ConsoleRequest, user_id: int) -> HttpResponse:
    """POST has the mail made; GET is a page that asks, for links and browsers without scripts."""
    if request.method == "POST":
        person = perform(SendLog, actor=request.actor, target_id=user_id, data=SendLogInput()).target
        return dialog_done(request, _("The device log of %(name)s is on its way to you.") % {"name": person}, person)
    person = user_detail(request.actor, user_id)
    decision = GATE.decide(request.actor, SendLog.permission, person)
    if not decision.allowed:
        raise Denied(decision.reason) if decision.visible else TargetNotFound
    lead = _("You get a mail with what the devices of %(name)s reported in the last seven days, as a table.")
    context = {
        "person": person,
        "action": reverse("activation:send-log", args=[person.pk]),
        "title": _("Send the device log of %(name)s") % {"name": person},
        "lead": lead % {"name": person},
        "button": _("Send device log"),
    }
    return render(request, "users/at_once.html", context)
