"""What is refused of organizations by what is in them, and by where one works oneself."""

import pytest

from fleetfolk.messages.models import MessageTemplate
from fleetfolk.organizations.models import Organization, Tag
from fleetfolk.testing.cast import Cast
from fleetfolk.testing.refusals import Change, after, by, refuses
from fleetfolk.testing.sampling import Sample


def _with_a_text_for_messages(cast: Cast, sample: Sample) -> None:
    Tag.objects.create(tenant=cast.lumen, organization_id=sample.target_id, name="Stays, too")
    MessageTemplate.objects.create(
        tenant=cast.lumen,
        organization_id=sample.target_id,
        name="Visit",
        created_by_id=cast.ada.pk,
        created_by_label="Ada",
    )


CASES: list[tuple[str, Change, str]] = [
    ("organization.restore", by("finn"), "organization_stays"),
    ("organization.delete", after(_with_a_text_for_messages), "organization_kept"),
]


@pytest.mark.parametrize(("code", "change", "reason"), CASES)
def test_it_is_refused(cast: Cast, code: str, change: Change, reason: str) -> None:
    refuses(cast, code, change, reason)


def test_what_could_not_be_deleted_is_there_with_all_that_is_in_it(cast: Cast) -> None:
    refuses(cast, "organization.delete", after(_with_a_text_for_messages), "organization_kept")
    kept = Organization.objects.get(name="Empty")
    assert Tag.objects.filter(organization=kept).exists()
    assert MessageTemplate.objects.filter(organization=kept).exists()
