"""What a person's page says."""

import datetime as dt
from zoneinfo import ZoneInfo

from fleetfolk.kernel.perform import perform
from fleetfolk.testing.cast import Cast, actor
from fleetfolk.testing.plugin import SignedIn
from fleetfolk.users.actions.edit_user import EditUser, EditUserInput

TOKYO = ZoneInfo("Asia/Tokyo")


def test_it_says_what_time_it_is_where_the_person_is(cast: Cast, signed_in: SignedIn) -> None:
    data = EditUserInput(
        first_name="Bob", last_name="Berg", phone="", location_id=cast.bob.location_id, time_zone="Asia/Tokyo"
    )
    perform(EditUser, actor=actor(cast.ada), target_id=cast.bob.pk, data=data)
    before = dt.datetime.now(TOKYO)
    page = signed_in(cast.ada).get(f"/users/{cast.bob.pk}/").content.decode()
    after = dt.datetime.now(TOKYO)
    assert "h ahead of you" in page
    assert any(f">{moment:%H:%M}</span> <span" in page for moment in (before, after))
