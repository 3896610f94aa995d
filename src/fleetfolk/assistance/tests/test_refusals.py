"""What is refused of remote assistance, case by case."""

import datetime as dt

import pytest

from fleetfolk.assistance.models import Request
from fleetfolk.kernel import clock
from fleetfolk.testing.cast import Cast
from fleetfolk.testing.refusals import Change, after, given, once, refuses
from fleetfolk.testing.samples_assistance import consented
from fleetfolk.testing.sampling import Sample
from fleetfolk.users.models import User


def _agent_gone(_cast: Cast, sample: Sample) -> None:
    Request.objects.filter(pk=sample.data.request_id).update(agent=None)


def _allowed(cast: Cast, _sample: Sample) -> None:
    consented(cast)


def _staff_by_now(cast: Cast, sample: Sample) -> None:
    User.objects.filter(pk=sample.target_id).update(role=cast.role("staff"))


CASES: list[tuple[str, Change, str]] = [
    ("assistance.request.send", given(minutes=0), "assist_too_long"),
    ("assistance.request.send", given(minutes=100_000), "assist_too_long"),
    ("assistance.request.send", after(_allowed), "assist_no_need"),
    ("assistance.request.accept", after(_agent_gone), "assist_request_over"),
    ("assistance.request.rotate", once(expires_at=clock.now() - dt.timedelta(days=1)), "assist_request_over"),
    ("assistance.consent.grant", after(_staff_by_now), "assist_staff"),
    ("assistance.end", given(assistance_id=2**40), "assist_over"),
    (
        "assistance.records.erase",
        given(before=lambda _cast: clock.now() + dt.timedelta(hours=1)),
        "assist_records_stay",
    ),
]


@pytest.mark.parametrize(("code", "change", "reason"), CASES)
def test_it_is_refused(cast: Cast, code: str, change: Change, reason: str) -> None:
    refuses(cast, code, change, reason)
