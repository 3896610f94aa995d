"""Many organizations are written again at once, also on a connection that planned for it while there were few."""

from django.db import connection

from fleetfolk.organizations.models import Organization, OrganizationKind
from fleetfolk.testing.cast import Cast
from fleetfolk.testing.door import staging

MANY = 6_000
LONGEST = "8s"
"""For the statement, which needs three seconds; each organization compared with each, it needs more than ten."""


def test_renaming_what_thousands_are_below_takes_a_time_that_grows_with_their_number(cast: Cast) -> None:
    with connection.cursor() as cursor, staging():
        cursor.execute("DISCARD PLANS")
        Organization.objects.filter(pk=cast.south.pk).update(name="Zuid")  # What follows is planned for one of each.
        below = Organization.objects.bulk_create(
            Organization(name=f"Family {number}", kind=OrganizationKind.BRANCH, parent=cast.south, tenant_id=0)
            for number in range(MANY)
        )
        cursor.execute(f"SET LOCAL statement_timeout = '{LONGEST}'")
        Organization.objects.filter(pk=cast.south.pk).update(name="Süden")
    south, last = Organization.objects.get(pk=cast.south.pk), Organization.objects.get(pk=below[-1].pk)
    assert last.line.startswith(south.line)
    assert "suden" in south.line
