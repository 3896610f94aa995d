"""The devices of one person. Until there are devices, the tab says what will be here."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from fleetfolk.console.http import ConsoleRequest
from fleetfolk.users.models import User
from fleetfolk.users.web.profile_tabs import Tab, register_tab


def devices(request: ConsoleRequest, person: User) -> HttpResponse:
    """What will be here."""
    return render(request, "users/tabs/devices.html", {"person": person})


register_tab(Tab(slug="devices", label=_("Devices"), icon="device-desktop", position=40, render=devices))
