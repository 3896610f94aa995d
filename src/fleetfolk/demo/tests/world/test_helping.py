"""The demo shows remote assistance, fields of one's own and sessions, and all of it went through the door."""

from allauth.usersessions.models import UserSession

from fleetfolk.actionlog.models import Entry
from fleetfolk.assistance.models import Assistance, EndCause
from fleetfolk.assistance.queries import standing_consent
from fleetfolk.demo.build import begin_world, build_world
from fleetfolk.demo.models import Mail, World
from fleetfolk.demo.tests.small import NOW, small_story
from fleetfolk.kernel import clock
from fleetfolk.organizations.models import AssistanceRule
from fleetfolk.organizations.queries import fields_for, rules_of
from fleetfolk.users.models import User


def test_one_customer_was_helped_with_consent_and_told_what_was_done(built: World) -> None:
    row = Assistance.objects.select_related("user__organization").get()
    assert row.agent_label == "Ada Lindqvist"
    assert (row.basis, row.end_cause) == ("consent", EndCause.AGENT)
    assert [visit.path for visit in row.visits.order_by("at")] == ["/", "/account/", "/account/action-log/"]
    assert rules_of(row.user.organization).assistance is AssistanceRule.ASK
    with clock.at(NOW):
        assert standing_consent(row.user_id)
    mails = Mail.objects.filter(to=row.user.email, sent_at__gte=row.started_at)
    assert mails.count() == 2, "one when it began, one when it was over"


def test_the_customer_has_values_in_the_fields_of_the_operator(built: World) -> None:
    user = User.objects.exclude(custom={}).select_related("organization").get()
    fields = {field.name: user.custom[str(field.pk)] for field in fields_for(user.organization)}
    assert (fields["Service contract"], fields["Newsletter"]) == ("Comfort", True)


def test_sessions_are_shown_to_whoever_one_can_be(built: World) -> None:
    assert UserSession.objects.filter(user__email="ada@lumenhome.example").exists()
    assert all(session.last_seen_at < NOW for session in UserSession.objects.all())


def test_telling_it_again_changes_nothing(built: World) -> None:
    entries, rows = Entry.objects.count(), UserSession.objects.count()
    World.objects.update(finished_at=None)
    build_world(begin_world(NOW), small_story())
    assert (Entry.objects.count(), UserSession.objects.count(), Assistance.objects.count()) == (entries, rows, 1)
