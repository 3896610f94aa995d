"""Work that the worker does for people: mails, each of which makes its own secret, and the end of grace periods."""

import re

import structlog
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from fleetfolk.kernel import clock
from fleetfolk.kernel.actor import system_actor
from fleetfolk.kernel.errors import ActionError
from fleetfolk.kernel.perform import perform
from fleetfolk.users.actions.erase_user import EraseUser
from fleetfolk.users.actions.no_input import NoInput
from fleetfolk.users.actions.rotate_invitation import RotateInvitation, RotateInvitationInput
from fleetfolk.users.models import RESTORABLE_FOR, Invitation, User
from fleetfolk.users.secret import new_secret, secret_hash

_LOG = structlog.get_logger("fleetfolk.users")
_RETRY = RetryStrategy(max_attempts=8, exponential_wait=4)


@app.task(name="users.send_invitation", queue="mail", retry=_RETRY)
def send_invitation(*, invitation_id: int, tenant_id: int) -> None:
    """The invited person has a mail with a link that works, unless the invitation ended meanwhile.

    A second run makes a second secret and a second mail; the first link is void then. An address that has an account
    already gets a mail without a link.
    """
    if not Invitation.objects.filter(pk=invitation_id).exists():
        return
    secret = new_secret()
    try:
        # What is mailed is read with the lock held: whoever had the address before it was corrected gets no secret.
        invitation = perform(
            RotateInvitation,
            actor=system_actor("mailer", tenant_id=tenant_id),
            target_id=invitation_id,
            data=RotateInvitationInput(secret_hash=secret_hash(secret)),
        ).target
    except ActionError as error:
        _LOG.info("invitation_not_sent", invitation=invitation_id, reason=error.reason)
        return
    known = User.objects.filter(email=invitation.email, activated_at__isnull=False).exists()
    _send(
        invitation.email,
        "invitation_known" if known else "invitation",
        {
            "name": invitation.user.get_short_name(),
            "inviter": invitation.invited_by_label,
            "organization": invitation.user.organization.name,
            "expires_at": invitation.expires_at,
            "link": settings.FLEETFOLK_ORIGIN + reverse("users:join", args=[secret]),
        },
    )


@app.task(name="users.send_password_link", queue="mail", retry=_RETRY)
def send_password_link(*, user_id: int, by: str) -> None:
    """The person has a mail with a link for a new password, valid once and for three days."""
    user = User.objects.select_related("organization").filter(pk=user_id, is_active=True).first()
    if user is not None:
        _send_link(user, "password_link", by=by)


@app.task(name="users.send_forgotten_link", queue="mail", retry=_RETRY)
def send_forgotten_link(*, email: str) -> None:
    """Whoever forgot their password has a mail with a link; an address without an account that works gets none.

    The mail goes to the address that is stored, never to the one that was typed.
    """
    user = User.objects.select_related("organization").filter(email=email, is_active=True).first()
    if user is not None:
        _send_link(user, "password_forgotten")


@app.task(name="users.send_notice", queue="mail", retry=_RETRY)
def send_notice(*, email: str, name: str, notice: str, facts: dict[str, str]) -> None:
    """The person knows what was done to their account."""
    _send(email, notice, {"name": name, **facts})


@app.periodic(cron="17 * * * *")
@app.task(name="users.erase_deleted", queue="upkeep", queueing_lock="users.erase_deleted")
def erase_deleted(timestamp: int) -> None:
    """Nobody whose grace period is over has an account any more."""
    over = User.objects.filter(deletion_requested_at__lte=clock.now() - RESTORABLE_FOR)
    for user_id, tenant_id in over.values_list("pk", "tenant_id").iterator():
        try:
            perform(EraseUser, actor=system_actor("caretaker", tenant_id=tenant_id), target_id=user_id, data=NoInput())
        except ActionError as error:
            _LOG.info("not_erased", user=user_id, reason=error.reason)


def _send_link(user: User, template: str, **more: object) -> None:
    """A mail with a link that lets the person choose a password is handed over."""
    key = {"uidb36": user_pk_to_url_str(user), "key": default_token_generator.make_token(user)}
    _send(
        user.email,
        template,
        {
            "name": user.get_short_name(),
            "organization": user.organization.name,
            "days": settings.PASSWORD_RESET_TIMEOUT // 86400,
            "link": settings.FLEETFOLK_ORIGIN + reverse("account_reset_password_from_key", kwargs=key),
            **more,
        },
    )


def _send(address: str, template: str, context: dict[str, object]) -> None:
    """One mail is handed to the mail server, as text and HTML of the same words."""
    context = {"origin": settings.FLEETFOLK_ORIGIN, **context}
    subject, _, text = render_to_string(f"users/mail/{template}.txt", context).partition("\n")
    mail = EmailMultiAlternatives(subject.strip(), text.strip() + "\n", to=[address])
    html = render_to_string("users/mail/mail.html", {**context, "text": with_own_links(text.strip())})
    mail.attach_alternative(html, "text/html")
    mail.send()


def with_own_links(text: str) -> SafeString:
    """The text as HTML in which addresses of this installation are links. A name that looks like one stays a name."""
    own = re.compile(re.escape(escape(settings.FLEETFOLK_ORIGIN)) + r"(?:/[\w/.-]*)?")
    return mark_safe(own.sub(r'<a href="\g<0>">\g<0></a>', escape(text)))  # noqa: S308 - escaped here
