"""`fleetfolk create_tenant`."""

import pytest
from django.core.management import CommandError, call_command

from fleetfolk.actionlog.models import Entry
from fleetfolk.organizations.models import Organization
from fleetfolk.users.models import Status, User


def test_a_tenant_is_opened_with_an_invited_admin(db: None) -> None:
    call_command("create_tenant", "Nova Heat", email="Nia@Nova.example", name="Nia Nova")
    tenant = Organization.objects.get(name="Nova Heat")
    admin = User.objects.get(email="nia@nova.example")
    assert (admin.organization, admin.role.builtin, admin.status) == (tenant, "admin", Status.PENDING)
    assert tenant.tenant_id == tenant.pk
    assert {entry.code for entry in Entry.objects.filter(tenant=tenant)} == {"user.invite"}


@pytest.mark.parametrize(
    ("name", "email", "sentence"),
    [
        ("Lumen Home", "a@b.example", "called"),
        ("Nova", "not an address", "address"),
        ("Nova", "a@b.example, c@d.example", "address"),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(cast: object, name: str, email: str, sentence: str) -> None:
    before = Organization.objects.count()
    with pytest.raises(CommandError, match=sentence):
        call_command("create_tenant", name, email=email, name="Nia Nova")
    assert Organization.objects.count() == before
