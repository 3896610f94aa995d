"""Devices follow many owners at once, also on a connection that planned for it while there was nobody."""

from django.db import connection

from fleetfolk.devices.models import Device
from fleetfolk.testing.cast import Cast
from fleetfolk.testing.devices import device_of
from fleetfolk.testing.door import staging
from fleetfolk.users.models import User

MANY = 2_000
LONGEST = "8s"
"""For each statement, of which none needs a second; each person compared with each, for each device, needs twenty."""


def test_a_thousand_owners_change_at_once_as_quickly_as_their_number_says(cast: Cast) -> None:
    device, _token = device_of(cast.north)
    with connection.cursor() as cursor, staging():
        cursor.execute("DISCARD PLANS")
        User.objects.filter(pk=cast.bob.pk).update(device_count=0)  # What follows is planned for one of each.
        cursor.execute(f"SET LOCAL statement_timeout = '{LONGEST}'")
        owners = User.objects.bulk_create(
            User(
                tenant=cast.lumen,
                organization=cast.north,
                role=cast.role("user"),
                first_name="Many",
                email=f"{number}@many.example",
            )
            for number in range(MANY)
        )
        Device.objects.bulk_create(
            Device(tenant=cast.lumen, organization=cast.north, template=device.template, owner=owner, name="Pump")
            for owner in owners
        )
        User.objects.filter(email__endswith="@many.example").update(device_count=2)
        User.objects.filter(email__endswith="@many.example").update(first_name="Zoë")
    assert Device.objects.filter(owner_key="zoe").count() == MANY
