"""Rules of organizations: the nearest that says something decides, and nobody opens more than they may oversee."""

import pytest

from fleetfolk.access.actions import EditRules, EditRulesInput
from fleetfolk.access.models import Role
from fleetfolk.kernel.actor import Proof
from fleetfolk.kernel.errors import Denied, NotProved, TargetNotFound
from fleetfolk.kernel.perform import perform
from fleetfolk.organizations.models import AssistanceRule, Organization
from fleetfolk.organizations.queries import Rules, rules_above, rules_of
from fleetfolk.testing.cast import Cast, actor
from fleetfolk.testing.door import staging
from fleetfolk.testing.plugin import SignedIn
from fleetfolk.users.models import User

ASK, OFF, WAIVED = AssistanceRule.ASK, AssistanceRule.OFF, AssistanceRule.WAIVED


def say(by: User, where: Organization, **rules: object) -> None:
    perform(EditRules, actor=actor(by), target_id=where.pk, data=EditRulesInput(**rules))  # type: ignore[arg-type]


def without_oversight(cast: Cast) -> None:
    """Admins may change settings but not oversee remote assistance."""
    with staging():
        for role in Role.objects.filter(tenant=cast.lumen, builtin="admin"):
            role.permissions = [code for code in role.permissions if not code.startswith("support.")]
            role.save(update_fields=["permissions"])


def test_where_nobody_says_anything_everything_is_off(cast: Cast) -> None:
    assert rules_of(cast.berg) == Rules()
    assert Rules() == Rules(assistance=OFF, second_factor=False, gravatar=False)


def test_the_nearest_upwards_decides_each_rule_by_itself(cast: Cast) -> None:
    say(cast.ada, cast.lumen, assistance=ASK, second_factor=True)
    say(cast.ada, cast.north, assistance=WAIVED, gravatar=True)
    say(cast.ada, cast.berg, assistance=OFF, second_factor=False)
    assert rules_of(cast.lumen) == Rules(assistance=ASK, second_factor=True)
    assert rules_of(cast.north) == Rules(assistance=WAIVED, second_factor=True, gravatar=True)
    assert rules_of(cast.berg) == Rules(assistance=OFF, gravatar=True)
    assert rules_of(cast.south) == Rules(assistance=ASK, second_factor=True)
    assert rules_above(cast.north) == rules_of(cast.lumen)
    assert rules_of(cast.evil) == Rules()


def test_one_query_tells(cast: Cast, django_assert_num_queries: object) -> None:
    with django_assert_num_queries(1):  # type: ignore[operator]
        rules_of(cast.berg)


@pytest.mark.parametrize("who", ["eve", "sam", "bea"])
def test_another_organization_s_rules_are_not_there(cast: Cast, who: str) -> None:
    with pytest.raises(TargetNotFound):
        say(getattr(cast, who), cast.north, second_factor=True)
    assert rules_of(cast.north) == Rules()


def test_a_rule_raises_nobody(cast: Cast) -> None:
    before = set(User.objects.values_list("pk", "role_id", "organization_id"))
    roles = {role.pk: role.permissions for role in Role.objects.all()}
    say(cast.ada, cast.lumen, assistance=WAIVED, second_factor=True, gravatar=True)
    assert set(User.objects.values_list("pk", "role_id", "organization_id")) == before
    assert {role.pk: role.permissions for role in Role.objects.all()} == roles


@pytest.mark.parametrize(
    ("above", "before", "after"),
    [(OFF, None, ASK), (OFF, ASK, WAIVED), (OFF, OFF, WAIVED), (WAIVED, OFF, None), (WAIVED, ASK, None)],
)
def test_opening_takes_the_right_to_oversee_too(
    cast: Cast, above: AssistanceRule, before: AssistanceRule | None, after: AssistanceRule | None
) -> None:
    with staging():
        Organization.objects.filter(pk=cast.lumen.pk).update(assistance_rule=above)
        Organization.objects.filter(pk=cast.north.pk).update(assistance_rule=before)
    without_oversight(cast)
    with pytest.raises(Denied, match="rules_need_oversight"):
        say(cast.ada, cast.north, assistance=after)
    assert Organization.objects.get(pk=cast.north.pk).assistance_rule == before


def test_closing_and_leaving_as_it_is_takes_no_more_than_settings(cast: Cast) -> None:
    say(cast.ada, cast.lumen, assistance=WAIVED)
    without_oversight(cast)
    say(cast.ada, cast.lumen, assistance=WAIVED, second_factor=True)
    say(cast.ada, cast.lumen, assistance=ASK)
    say(cast.ada, cast.lumen, assistance=None)
    assert rules_of(cast.lumen) == Rules()


def test_whoever_sits_at_the_screen_gives_the_password_first(cast: Cast, signed_in: SignedIn) -> None:
    with pytest.raises(NotProved):
        perform(
            EditRules,
            actor=type(actor(cast.ada))(
                **{name: getattr(actor(cast.ada), name) for name in ("kind", "id", "label", "tenant_id", "client")},
                proof=Proof.OLD,
            ),
            target_id=cast.lumen.pk,
            data=EditRulesInput(second_factor=True),
        )


def test_the_page_says_what_holds_and_saves(cast: Cast, signed_in: SignedIn) -> None:
    say(cast.ada, cast.lumen, assistance=ASK)
    browser = signed_in(cast.finn)
    page = browser.get("/settings/").content.decode()
    assert "As the organization above (now: With the person" in page
    assert "As the organization above (now: Off)" in page
    assert browser.post("/settings/", {"assistance": "everything"}).status_code == 422
    assert browser.post("/settings/", {"assistance": "off", "second_factor": "yes", "gravatar": ""}).status_code == 302
    assert rules_of(cast.north) == Rules(second_factor=True)
    north = Organization.objects.get(pk=cast.north.pk)
    assert (north.assistance_rule, north.second_factor_rule, north.gravatar_rule) == ("off", True, None)


def test_the_top_has_nobody_above(cast: Cast, signed_in: SignedIn) -> None:
    page = signed_in(cast.ada).get("/settings/").content.decode()
    assert "Default (off)" in page
    assert "organization above" not in page
