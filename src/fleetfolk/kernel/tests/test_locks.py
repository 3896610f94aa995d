"""What an Action locks is what it then looks at."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fleetfolk.kernel.action import CATALOGUE
from fleetfolk.kernel.perform import perform
from fleetfolk.testing.cast import Cast, actor
from fleetfolk.testing.samples import SAMPLES


@pytest.mark.parametrize("code", ["user.disable", "user.role.assign", "user.transfer", "user.edit", "job.cancel"])
def test_what_is_locked_is_read_without_a_join(cast: Cast, code: str) -> None:
    """Where PostgreSQL waited for a lock, it joins the new row with what was there before, and may find nothing."""
    sample = SAMPLES[code](cast)
    with CaptureQueriesContext(connection) as ran:
        perform(CATALOGUE[code], actor=actor(cast.ada), target_id=sample.target_id, data=sample.data)
    locking = [query["sql"] for query in ran.captured_queries if "FOR NO KEY UPDATE" in query["sql"]]
    assert locking
    assert not [statement for statement in locking if " JOIN " in statement]
