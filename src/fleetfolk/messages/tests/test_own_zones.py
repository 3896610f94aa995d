"""A time that is meant on each person's own clock is shown as it was written, wherever the viewer is."""

from html import unescape

from django.test import Client

from fleetfolk.messages.tests.scenes import written
from fleetfolk.testing.cast import Cast
from fleetfolk.testing.door import staging
from fleetfolk.testing.plugin import SignedIn


def test_the_clock_time_is_not_moved_into_the_viewers_zone(cast: Cast, signed_in: SignedIn) -> None:
    with staging():
        cast.ada.time_zone = "Asia/Tokyo"
        cast.ada.save(update_fields=["time_zone"])
    ada: Client = signed_in(cast.ada)
    draft = written(cast, cast.bob)
    ada.post(f"/messages/{draft.pk}/send/", {"when": "later", "at": "2031-03-05T09:00", "in_zone": "on"})
    assert "5 March 2031, 09:00 in each person’s own zone" in unescape(
        ada.get(f"/messages/{draft.pk}/").content.decode()
    )
    assert "09:00, 5 Mar" in ada.get("/messages/?state=scheduled").content.decode()
