"""What is refused of single sign-on, of signing up and of guests, case by case."""

from dataclasses import replace
from typing import Any

import pytest
from django.db import IntegrityError

from fleetfolk.access.actions.edit_rules import MOST_DOMAINS
from fleetfolk.access.models import BuiltinRole, Role
from fleetfolk.access.models_guests import Membership
from fleetfolk.kernel import clock
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.perform import perform
from fleetfolk.organizations.actions import CreateOrganization
from fleetfolk.organizations.models import Organization, Tag
from fleetfolk.testing.cast import Cast, actor, fresh, invite
from fleetfolk.testing.door import staging
from fleetfolk.testing.refusals import Change, after, by, given, once, refuses
from fleetfolk.testing.samples_guests import guest, invited
from fleetfolk.testing.samples_signup import OWN, confirmed, offered
from fleetfolk.testing.samples_sso import linked
from fleetfolk.testing.sampling import Sample
from fleetfolk.users.actions import grant_registration
from fleetfolk.users.actions.edit_guest import EditGuest, EditGuestInput
from fleetfolk.users.actions.grant_registration import GrantRegistration
from fleetfolk.users.actions.no_input import NoInput
from fleetfolk.users.actions.revoke_guest import RevokeGuest
from fleetfolk.users.actions.taken_address import refused_when_taken
from fleetfolk.users.models import Invitation
from fleetfolk.users.models_sso import SingleSignOn, SsoIdentity, SsoKind

SAML: dict[str, Any] = {"kind": SsoKind.SAML, "issuer": "https://id.example", "sso_url": "https://id.example/sso"}


def _claim(**said: Any) -> Change:
    """The provider says something else."""
    return lambda _cast, _code, sample: replace(
        sample, data=replace(sample.data, claim=replace(sample.data.claim, **said))
    )


def _switched_off(_cast: Cast, sample: Sample) -> None:
    SingleSignOn.objects.filter(pk=sample.data.sso_id).update(is_on=False)


def _unlinked_role(_cast: Cast, sample: Sample) -> None:
    SingleSignOn.objects.filter(pk=sample.data.sso_id).update(role_id=None)


def _revoked(_cast: Cast, sample: Sample) -> None:
    Invitation.objects.filter(user=sample.target_id).update(revoked_at=clock.now())


def _nora_waits(cast: Cast, _sample: Sample) -> None:
    invite(cast.north, "Nora Newcomer", cast.role("user"), by=cast.ada)


def _subject_is_finns(cast: Cast, sample: Sample) -> None:
    sso = SingleSignOn.objects.get(pk=sample.data.sso_id)
    SsoIdentity.objects.create(
        tenant=cast.lumen,
        sso=sso,
        user=cast.finn,
        issuer=sso.issuer,
        subject=sample.data.claim.subject,
        created_at=clock.now(),
    )


def _finn_may_all_but_one_thing(cast: Cast, _sample: Sample) -> None:
    admin = Role.objects.get(tenant=cast.lumen, builtin=BuiltinRole.ADMIN)
    less = Role.objects.create(
        tenant=cast.lumen,
        name="Nearly all",
        permissions=sorted(set(admin.permissions) - {"devices.view"}),
        position=9,
    )
    type(cast.finn).objects.filter(pk=cast.finn.pk).update(role=less)


def _by_finn(cast: Cast, code: str, sample: Sample) -> Sample:
    with staging():
        _finn_may_all_but_one_thing(cast, sample)
    return replace(sample, permitted=actor(fresh(cast.finn)))


CASES: list[tuple[str, Change, str]] = [
    ("organization.sso.edit", _by_finn, "sso_needs_admin"),
    (
        "organization.sso.edit",
        given(domains=tuple(f"d{n}.example" for n in range(MOST_DOMAINS + 1))),
        "sso_domain_many",
    ),
    ("organization.sso.edit", given(domains=("no domain",)), "rules_email_domains"),
    ("organization.sso.edit", given(domains=("x" * 300 + ".example",)), "rules_email_domains"),
    ("organization.sso.edit", given(issuer="https://id.example/?a=1"), "sso_issuer"),
    ("organization.sso.edit", given(client_id=""), "sso_client"),
    ("organization.sso.edit", given(client_id="a\nb"), "sso_client"),
    ("organization.sso.edit", given(client_id="x" * 192), "sso_client"),
    ("organization.sso.edit", given(secret=None), "sso_client"),
    ("organization.sso.edit", given(secret="geheimnisß"), "sso_client"),
    ("organization.sso.edit", given(secret="a\nb"), "sso_client"),
    ("organization.sso.edit", given(scopes="email"), "sso_scopes"),
    ("organization.sso.edit", given(scopes="openid  email"), "sso_scopes"),
    ("organization.sso.edit", given(scopes="openid " + "x" * 200), "sso_scopes"),
    ("organization.sso.edit", given(**SAML | {"issuer": ""}), "sso_entity"),
    ("organization.sso.edit", given(**SAML | {"issuer": "a\nb"}), "sso_entity"),
    ("organization.sso.edit", given(**SAML | {"issuer": "x" * 501}), "sso_entity"),
    ("organization.sso.edit", given(**SAML | {"sso_url": "http://id.example"}), "sso_url"),
    ("organization.sso.edit", given(**SAML), "sso_certificate"),
    ("organization.domain.activate", once(proved_at=clock.now()), "sso_domain_proved"),
    ("user.identity.create", _claim(verified=False), "sso_unverified"),
    ("user.identity.create", _claim(email="finn@lumenhome.example"), "sso_unknown"),
    ("user.identity.create", after(_switched_off), "sso_none"),
    ("user.identity.create", after(_subject_is_finns), "sso_unknown"),
    ("user.identity.accept", after(_revoked), "invitation_over"),
    ("user.newcomer.accept", by("ada"), "sso_by_itself"),
    ("user.newcomer.accept", after(_switched_off), "sso_none"),
    ("user.newcomer.accept", _claim(verified=False), "sso_unverified"),
    ("user.newcomer.accept", after(_unlinked_role), "sso_unknown"),
    ("user.newcomer.accept", _claim(email="nora@elsewhere.example"), "sso_unknown"),
    ("user.newcomer.accept", after(_nora_waits), "email_in_organization"),
]


@pytest.mark.parametrize(("code", "change", "reason"), CASES)
def test_it_is_refused(cast: Cast, code: str, change: Change, reason: str) -> None:
    refuses(cast, code, change, reason)


def test_a_provider_that_knows_somebody_no_more_signs_nobody_in(cast: Cast) -> None:
    key = linked(cast, cast.cleo).sso.key
    with staging():
        SsoIdentity.objects.all().delete()
    refuses(cast, "user.session.start", given(provider=key), "sso_none")


def test_a_guest_invitation_that_was_taken_back_a_moment_ago_binds_nobody(cast: Cast) -> None:
    waiting = invited(cast, cast.cleo, cast.south)
    refuses(cast, "guest.accept", given(membership_id=waiting.pk + 1000), "guest_invitation_over")


def test_a_guest_that_is_saved_as_it_was_is_no_change(cast: Cast) -> None:
    there = guest(cast, cast.sue, cast.north)
    done = perform(
        EditGuest, actor=actor(cast.ada), target_id=there.pk, data=EditGuestInput(role_id=cast.role("user").pk)
    )
    assert not done.changes


def test_an_invitation_of_a_guest_who_has_not_answered_is_taken_back(cast: Cast) -> None:
    waiting = invited(cast, cast.cleo, cast.south)
    perform(RevokeGuest, actor=actor(cast.ada), target_id=waiting.pk, data=NoInput())
    assert not Membership.objects.filter(pk=waiting.pk).exists()


def _own_organization(cast: Cast) -> int:
    offered(cast, cast.north, OWN)
    return confirmed(cast, cast.north).pk


def test_a_name_that_is_taken_again_and_again_is_told(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    registration = _own_organization(cast)
    wanted: list[str] = []

    def the_same(name: str) -> str:
        wanted.append(name)
        with staging():
            Organization.objects.get_or_create(
                tenant=cast.lumen, parent=cast.north, name=name, defaults={"kind": "client"}
            )
        return name

    monkeypatch.setattr(grant_registration, "another_name", the_same)
    monkeypatch.setattr(grant_registration, "name_for", lambda *_args, **_said: "Familie Berg")
    with pytest.raises(Refused, match="organization_name_taken"):
        perform(GrantRegistration, actor=actor(cast.ada), target_id=registration, data=NoInput())
    assert len(wanted) == grant_registration.TRIES


def test_what_else_the_database_refuses_is_no_name_that_is_taken(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        with staging():
            Tag(tenant=cast.lumen, name="Nowhere").save()

    monkeypatch.setattr(CreateOrganization, "apply", broken)
    with pytest.raises(IntegrityError):
        perform(GrantRegistration, actor=actor(cast.ada), target_id=_own_organization(cast), data=NoInput())


def test_what_else_the_database_refuses_is_no_address_that_is_taken(cast: Cast) -> None:
    tag = Tag(tenant=cast.lumen, name="Nowhere")
    with staging(), pytest.raises(IntegrityError), refused_when_taken("nina@new.example", cast.north):
        tag.save()
