"""The peer of the gateway: what one would write first. A Django view that writes one row a value with the ORM."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.plain_settings")
django.setup()

from django.core.wsgi import get_wsgi_application  # noqa: E402 - needs the set-up above
from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.urls import path  # noqa: E402
from django.utils import timezone  # noqa: E402

from fleetfolk.devices.models import Datastream, Device, Point  # noqa: E402
from fleetfolk.devices.tokens import secret_hash  # noqa: E402


def update(request: HttpRequest) -> HttpResponse:
    """One row for each value, and the device's latest."""
    device = Device.objects.select_related("reported").get(token_hash=secret_hash(request.GET["token"]))
    now = timezone.now()
    for name, text in request.GET.dict().items():
        if name != "token":
            stream = Datastream.objects.get(template_id=device.template_id, pin=int(name[1:]))
            Point.objects.create(device_id=device.pk, stream_id=stream.pk, at=now, number=float(str(text)))
            device.reported.values[str(stream.pin)] = float(str(text))
    device.reported.online, device.reported.reported_at = True, now
    device.reported.save()
    return HttpResponse("OK", headers={"Content-Length": "2"})


def ready(request: HttpRequest) -> HttpResponse:
    """It answers."""
    return HttpResponse("ok")


urlpatterns = [
    path("readyz", ready),
    path("external/api/update", update),
    path("external/api/batch/update", update),
]
application = get_wsgi_application()
