"""Work that the worker does for people: mails, each of which makes its own secret, and the end of grace periods."""

import structlog
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from procrastinate.contrib.django import app

from fleetfolk.access.models_guests import Membership
from fleetfolk.kernel import clock
from fleetfolk.kernel.actor import system_actor
from fleetfolk.kernel.errors import ActionError
from fleetfolk.kernel.perform import perform
from fleetfolk.kernel.retries import ONCE_DATABASE_IS_BACK, PATIENTLY
from fleetfolk.organizations.branding import Look, look_of
from fleetfolk.users.actions.erase_user import EraseUser, EraseUserInput
from fleetfolk.users.actions.rotate_export import RotateExport
from fleetfolk.users.actions.rotate_invitation import RotateInvitation
from fleetfolk.users.actions.rotate_undo import RotateUndo
from fleetfolk.users.erased import keep_erasure
from fleetfolk.users.erasing import forget_in_log
from fleetfolk.users.fetching import fetch_pictures
from fleetfolk.users.fresh_links import fresh_link
from fleetfolk.users.mail import spoken
from fleetfolk.users.mail_html import paragraphs_of
from fleetfolk.users.models import RESTORABLE_FOR, Invitation, User
from fleetfolk.users.models_privacy import Erasure
from fleetfolk.users.senders import sender_of
from fleetfolk.users.sso.lookup import required_provider

_LOG = structlog.get_logger("fleetfolk.users")


@app.task(name="users.send_invitation", queue="mail", retry=PATIENTLY)
def send_invitation(*, invitation_id: int, tenant_id: int) -> None:
    """The invited person has a mail with a link that works, unless the invitation ended meanwhile.

    A second run makes a second secret and a second mail; the first link is void then. An address that has an account
    already gets a mail without a link.
    """
    if not Invitation.objects.filter(pk=invitation_id).exists():
        return
    made = fresh_link(RotateInvitation, target_id=invitation_id, tenant_id=tenant_id, at="users:join")
    if made is None:
        return
    invitation, link = made
    known = User.objects.filter(email=invitation.email, activated_at__isnull=False).exists()
    hand_over(
        invitation.email,
        "invitation_known" if known else "invitation",
        {
            "name": invitation.user.get_short_name(),
            "inviter": invitation.invited_by_label,
            "organization": invitation.user.organization.name,
            "expires_at": invitation.expires_at,
            "link": link,
        },
        organization_id=invitation.user.organization_id,
        language=invitation.user.language,
    )


@app.task(name="users.send_guest_invitation", queue="mail", retry=PATIENTLY)
def send_guest_invitation(*, membership_id: int, tenant_id: int) -> None:
    """Who was invited as a guest has a mail that says where to answer, unless the invitation is gone meanwhile.

    There is no secret in it: answered is it by whoever signs in to the account with this address. An address without
    an account hears that it takes one.
    """
    guest = Membership.objects.select_related("organization", "role").filter(pk=membership_id, accepted_at=None).first()
    if guest is None:
        return
    account = User.objects.filter(tenant_id=tenant_id, email=guest.email, is_active=True).first()
    facts: dict[str, object] = {
        "name": account.get_short_name() if account else "",
        "inviter": guest.invited_by_label,
        "organization": guest.organization.name,
        "role": guest.role.name,
        "link": settings.FLEETFOLK_ORIGIN + reverse("account:organizations"),
    }
    language = account.language if account else ""
    hand_over(guest.email, "guest_invitation", facts, organization_id=guest.organization_id, language=language)


@app.task(name="users.send_password_link", queue="mail", retry=PATIENTLY)
def send_password_link(*, user_id: int, by: str) -> None:
    """The person has a mail with a link for a new password, valid once and for three days."""
    user = User.objects.select_related("organization").filter(pk=user_id, is_active=True).first()
    if user is not None:
        _send_link(user, "password_link", by=by)


@app.task(name="users.send_forgotten_link", queue="mail", retry=PATIENTLY)
def send_forgotten_link(*, email: str) -> None:
    """Whoever forgot their password has a mail with a link; an address without an account that works gets none.

    The mail goes to the address that is stored, never to the one that was typed.
    """
    user = User.objects.select_related("organization").filter(email=email, is_active=True).first()
    if user is not None and required_provider(user) is not None:
        _send_link(user, "password_by_provider", link=settings.FLEETFOLK_ORIGIN + reverse("sso-find"))
    elif user is not None:
        _send_link(user, "password_forgotten")


@app.task(name="users.send_notice", queue="mail", retry=PATIENTLY)
def send_notice(
    *,
    email: str,
    name: str,
    notice: str,
    facts: dict[str, str],
    tenant_id: int | None = None,
    organization_id: int | None = None,
    language: str = "",
) -> None:
    """The person knows what was done to their account."""
    said: dict[str, object] = {"name": name, **facts}
    hand_over(email, notice, said, tenant_id=tenant_id, organization_id=organization_id, language=language)


@app.task(name="users.send_undo_link", queue="mail", retry=PATIENTLY)
def send_undo_link(*, user_id: int, tenant_id: int) -> None:
    """Whoever deleted their own account has a mail with a link that undoes it, unless it was undone meanwhile."""
    made = fresh_link(RotateUndo, target_id=user_id, tenant_id=tenant_id, at="users:undo-deletion")
    if made is None:
        return
    user, link = made
    hand_over(
        user.email,
        "account_deleted",
        {
            "name": user.get_short_name(),
            "organization": user.organization.name,
            "days": RESTORABLE_FOR.days,
            "link": link,
        },
        organization_id=user.organization_id,
        language=user.language,
    )


@app.task(name="users.send_export_link", queue="mail", retry=PATIENTLY)
def send_export_link(*, export_id: int, tenant_id: int) -> None:
    """Whoever asked for an export, and can still sign in, has a mail with a link that downloads it once."""
    made = fresh_link(RotateExport, target_id=export_id, tenant_id=tenant_id, at="users:take-export")
    if made is None:
        return
    export, link = made
    by = User.objects.filter(pk=export.requested_by_id, tenant_id=tenant_id, is_active=True).first()
    if by is None:
        return
    hand_over(
        by.email,
        "export_ready" if by.pk == export.user_id else "export_ready_of",
        {
            "name": by.get_short_name(),
            "person": str(export.user),
            "link": link,
        },
        organization_id=by.organization_id,
        language=by.language,
    )


@app.periodic(cron="17 * * * *")
@app.task(name="users.erase_deleted", queue="upkeep", queueing_lock="users.erase_deleted", retry=ONCE_DATABASE_IS_BACK)
def erase_deleted(timestamp: int) -> None:
    """Nobody whose grace period is over has an account any more.

    A long log loses their name first, a piece at a time, so that no transaction holds it for long. Interrupted, the
    next run goes on: nothing can be restored any more.
    """
    over = User.objects.filter(deletion_requested_at__lte=clock.now() - RESTORABLE_FOR)
    for person in over.order_by("pk").iterator():
        while forget_in_log(person):
            pass
        try:
            perform(
                EraseUser,
                actor=system_actor("caretaker", tenant_id=person.tenant_id),
                target_id=person.pk,
                data=EraseUserInput(),
            )
        except ActionError as error:
            _LOG.info("not_erased", user=person.pk, reason=error.reason)


@app.task(name="users.note_erasure", queue="upkeep", retry=PATIENTLY)
def note_erasure(*, erasure_id: int) -> None:
    """The erasure is known outside the database, too: a backup that is restored knows nothing of it."""
    keep_erasure(Erasure.objects.get(pk=erasure_id))


def _send_link(user: User, template: str, **more: object) -> None:
    """A mail with a link that lets the person choose a password is handed over."""
    key = {"uidb36": user_pk_to_url_str(user), "key": default_token_generator.make_token(user)}
    hand_over(
        user.email,
        template,
        {
            "name": user.get_short_name(),
            "organization": user.organization.name,
            "days": settings.PASSWORD_RESET_TIMEOUT // 86400,
            "link": settings.FLEETFOLK_ORIGIN + reverse("account_reset_password_from_key", kwargs=key),
            **more,
        },
        organization_id=user.organization_id,
        language=user.language,
    )


def hand_over(
    address: str,
    template: str,
    context: dict[str, object],
    *,
    tenant_id: int | None = None,
    organization_id: int | None = None,
    language: str = "",
    attachment: tuple[str, bytes, str] | None = None,
    headers: dict[str, str] | None = None,
) -> None:
    """One mail is handed to the mail server, as text and HTML of the same words.

    The first line of ``template`` is the subject; the second is empty, or the word on the button that the link becomes.
    It has the look of the organization, and comes from it; of the tenant, where no organization is said. ``language``
    is that of who reads it. ``attachment`` is a file's name, its bytes and their media type.
    """
    home = organization_id or tenant_id
    look = look_of(home) if home is not None else Look(name="")
    context = {"origin": settings.FLEETFOLK_ORIGIN, "look": look, **context}
    with spoken(language):
        subject, act, text = render_to_string(f"users/mail/{template}.txt", context).split("\n", 2)
        foot = render_to_string("users/mail/foot.txt", context).strip()
        said = paragraphs_of(text, link=str(context.get("link", "")))
        html = render_to_string("users/mail/mail.html", {**context, "said": said, "act": act.strip()})
    words = text.strip() + (f"\n\n--\u0020\n{foot}" if foot else "") + "\n"
    # Programs do not answer such mail, and ours knows it again where it comes back by a secret address (RFC 3834, 5).
    by_program = {"Auto-Submitted": "auto-generated", "X-Loop": settings.FLEETFOLK_MAIL_MARK}
    headers = {**by_program, **(headers or {})}
    sender = sender_of(look)
    answers = [sender.reply_to] if sender.reply_to else None
    mail = EmailMultiAlternatives(
        subject.strip(), words, sender.from_email, to=[address], reply_to=answers, headers=headers
    )
    mail.attach_alternative(html, "text/html")
    if attachment is not None:
        mail.attach(*attachment)
    mail.send()


from fleetfolk.users import tasks_security, tasks_signup  # noqa: E402, F401 - their tasks are found with these


@app.periodic(cron="17 * * * *")
@app.task(
    name="users.fetch_pictures", queue="upkeep", queueing_lock="users.fetch_pictures", retry=ONCE_DATABASE_IS_BACK
)
def fetch_pictures_of_people(timestamp: int) -> None:
    """Pictures are there where an organization wants them, and nowhere else."""
    fetch_pictures()
