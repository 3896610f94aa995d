"""The secret of one kind of link opens no door of another kind."""

import pytest
from django.core import mail
from django.urls import reverse

from fleetfolk.kernel.perform import perform
from fleetfolk.testing.cast import Cast, actor, fresh
from fleetfolk.testing.plugin import SignedIn
from fleetfolk.users import tasks_security
from fleetfolk.users.actions.edit_email import EmailInput
from fleetfolk.users.actions.start_email_change import StartEmailChange
from fleetfolk.users.models import EmailChange, Invitation, User
from fleetfolk.users.tests.links import invitation_link, pending

DOORS = {
    "invitation": "users:join",
    "address": "security:email",
    "sign-up": "users:sign-up-link",
    "undo": "users:undo-deletion",
    "support": "assistance:answer-link",
    "export": "users:take-export",
}


def secret_of(kind: str, cast: Cast) -> str:
    """The secret as it stands in the mail."""
    if kind == "invitation":
        return invitation_link(pending(cast)).split("/")[2]
    wish = EmailInput(email="bob@new.example")
    perform(StartEmailChange, actor=actor(cast.bob), target_id=cast.bob.pk, data=wish)
    tasks_security.send_email_confirmation(user_id=cast.bob.pk, tenant_id=cast.lumen.pk)
    (body,) = (str(sent.body) for sent in mail.outbox if "/email/" in str(sent.body))
    return body.partition("/email/")[2].partition("/")[0]


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("kind", ["invitation", "address"])
def test_a_link_opens_no_door_but_its_own(cast: Cast, signed_in: SignedIn, kind: str, door: str) -> None:
    secret = secret_of(kind, cast)
    path = reverse(DOORS[door], args=[secret])
    # An export is looked for once its reader is signed in; all others are answered at once.
    answer = signed_in(cast.bob).get(path, follow=door == "export")
    if kind == door:
        assert answer.status_code == 302
        return
    assert answer.status_code in (404, 410)
    assert secret not in answer.content.decode()
    assert not Invitation.objects.exclude(opened_at=None).filter(user__in=User.objects.filter(activated_at=None))
    assert fresh(cast.bob).email == cast.bob.email
    assert EmailChange.objects.count() == (kind == "address")
