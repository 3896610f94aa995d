"""People: accounts and the invitations that make them."""

import datetime as dt
from typing import ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Case, F, GeneratedField, Q, Value, When
from django.db.models.functions import Concat, Now, Trim
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from fleetfolk.access.models import Role
from fleetfolk.kernel import clock
from fleetfolk.kernel.actor import Actor, ActorKind, Client, Proof
from fleetfolk.organizations.models import Location, Organization, Tag

INACTIVE_AFTER = dt.timedelta(days=30)
"""Without a sign-in for so long, an active person is shown as Inactive."""

RESTORABLE_FOR = dt.timedelta(days=7)
"""So long a deleted account can be restored; then it is erased."""

INVITATION_LASTS = dt.timedelta(days=30)

FAMILY_NAME_FIRST = "[぀-ヿ㐀-鿿가-힯]"
"""Japanese, Chinese and Korean names are written family name first."""


class State(models.IntegerChoices):
    """What the database knows of an account; Inactive is derived from the last sign-in."""

    ACTIVE = 1, _("Active")
    PENDING = 2, _("Pending")
    DISABLED = 3, _("Disabled")
    DELETION_PENDING = 4, _("Deletion pending")
    DEACTIVATED = 5, _("Deactivated")


class Status(models.TextChoices):
    """What people see."""

    ACTIVE = "active", _("Active")
    PENDING = "pending", _("Pending")
    INACTIVE = "inactive", _("Inactive")
    DISABLED = "disabled", _("Disabled")
    DELETION_PENDING = "deletion", _("Deletion pending")
    DEACTIVATED = "deactivated", _("Deactivated")


_STATUS_OF = {
    State.PENDING: Status.PENDING,
    State.DISABLED: Status.DISABLED,
    State.DELETION_PENDING: Status.DELETION_PENDING,
    State.DEACTIVATED: Status.DEACTIVATED,
}


class Theme(models.TextChoices):
    """Light or dark, or as the person's own device is set."""

    AUTO = "auto", _("As the device")
    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")


def status_of(state: int, last_sign_in_at: dt.datetime | None, *, now: dt.datetime) -> Status:
    """The status that people see, from what is stored."""
    if state != State.ACTIVE:
        return _STATUS_OF[State(state)]
    recent = last_sign_in_at is not None and last_sign_in_at >= now - INACTIVE_AFTER
    return Status.ACTIVE if recent else Status.INACTIVE


class User(AbstractBaseUser):
    """A person with an account in one home organization, or invited to have one.

    The address signs in, so among accounts it is unique on the whole installation. A pending invitation reserves
    nothing: several organizations may invite the same address, and none learns of the others.

    ``custom`` holds the values of the organization's own fields by the field's key.

    ``developer`` is developer mode: null is as the role says, where no plan limits it (`users.developers`).

    ``guest_roles`` counts the organizations in which the person is a guest; the database keeps it, and nobody without
    any pays for looking.

    The last block of columns is kept by database triggers (`migrations/0002_directory.py`) and serves lists and search.
    """

    tenant = models.ForeignKey(Organization, models.PROTECT, related_name="+", db_index=False)
    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="users", db_index=False, verbose_name=_("organization")
    )
    role = models.ForeignKey(Role, models.PROTECT, related_name="users", db_index=False, verbose_name=_("role"))
    location = models.ForeignKey(
        Location, models.SET_NULL, null=True, related_name="users", db_index=False, verbose_name=_("location")
    )
    first_name = models.CharField(_("first name"), max_length=60, blank=True)
    last_name = models.CharField(_("last name"), max_length=60, blank=True)
    email = models.EmailField(_("e-mail"), max_length=254, db_collation="C")
    phone = models.CharField(_("phone"), max_length=16, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=40, blank=True)
    language = models.CharField(_("language"), max_length=10, blank=True)
    nickname = models.CharField(_("nickname"), max_length=40, blank=True, db_default="")
    theme = models.CharField(_("theme"), max_length=5, choices=Theme, default=Theme.AUTO, db_default=Theme.AUTO)
    custom = models.JSONField(default=dict, db_default=Value({}, models.JSONField()), editable=False)
    last_login = None
    session_epoch = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(_("created"), db_default=Now(), editable=False)
    activated_at = models.DateTimeField(null=True)
    disabled_at = models.DateTimeField(null=True)
    deactivated_at = models.DateTimeField(null=True)
    deletion_requested_at = models.DateTimeField(null=True)
    last_sign_in_at = models.DateTimeField(_("last sign-in"), null=True)
    developer = models.BooleanField(_("developer mode"), null=True)
    guest_roles = models.PositiveSmallIntegerField(default=0, db_default=0, editable=False)
    device_count = models.PositiveIntegerField(_("devices"), default=0, db_default=0)
    tags = models.ManyToManyField(Tag, through="UserTag", related_name="users")

    name = GeneratedField(
        expression=Case(
            When(last_name__regex=FAMILY_NAME_FIRST, then=Trim(Concat(F("last_name"), Value(" "), F("first_name")))),
            default=Trim(Concat(F("first_name"), Value(" "), F("last_name"))),
        ),
        output_field=models.CharField(max_length=121),
        db_persist=True,
    )
    state = GeneratedField(
        expression=Case(
            When(deactivated_at__isnull=False, then=Value(State.DEACTIVATED.value)),
            When(deletion_requested_at__isnull=False, then=Value(State.DELETION_PENDING.value)),
            When(disabled_at__isnull=False, then=Value(State.DISABLED.value)),
            When(activated_at__isnull=True, then=Value(State.PENDING.value)),
            default=Value(State.ACTIVE.value),
        ),
        output_field=models.PositiveSmallIntegerField(choices=State),
        db_persist=True,
    )
    is_active = GeneratedField(
        expression=Case(
            When(
                activated_at__isnull=False,
                disabled_at__isnull=True,
                deletion_requested_at__isnull=True,
                deactivated_at__isnull=True,
                then=Value(True),
            ),
            default=Value(False),
        ),
        output_field=models.BooleanField(),
        db_persist=True,
    )

    path = models.TextField(db_collation="C", db_default="", editable=False)
    reach = ArrayField(
        models.BigIntegerField(), db_default=Value([], ArrayField(models.BigIntegerField())), editable=False
    )
    name_key = models.TextField(db_collation="C", db_default="", editable=False)
    role_key = models.TextField(db_collation="C", db_default="", editable=False)
    location_key = models.TextField(db_collation="C", db_default="", editable=False)
    organization_key = models.TextField(db_collation="C", db_default="", editable=False)
    search_text = models.TextField(db_default="", editable=False)

    comes_with = ("organization", "role", "location")
    logged_as = "coalesce(nullif(t.name, ''), t.email)"

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    class Meta:
        verbose_name = _("user")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organization", "email"], name="users_email_in_organization"),
            models.UniqueConstraint(
                fields=["email"], condition=Q(activated_at__isnull=False), name="users_one_account"
            ),
            models.CheckConstraint(
                condition=Q(email__regex=r"^[!-@\[-~]+@[!-?\[-~]+$"), name="users_email_plain_lower"
            ),
            models.CheckConstraint(
                condition=Q(phone="") | Q(phone__regex=r"^\+[1-9][0-9]{4,14}$"), name="users_phone_e164"
            ),
            models.CheckConstraint(condition=~Q(first_name="", last_name=""), name="users_have_a_name"),
            models.CheckConstraint(condition=Q(theme__in=Theme.values), name="users_theme"),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def status(self) -> Status:
        """The status that people see now."""
        return status_of(self.state, self.last_sign_in_at, now=clock.now())

    def get_short_name(self) -> str:
        """The name for a greeting."""
        return self.first_name or self.name

    def as_actor(self, client: Client, *, proof: Proof = Proof.OLD) -> Actor:
        """The person, acting through this client. Unless it is said, they have not shown lately that it is them."""
        return Actor(
            kind=ActorKind.USER,
            id=str(self.pk),
            label=str(self),
            tenant_id=self.tenant_id,
            client=client,
            proof=proof,
        )

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Every session made before the last change of password or epoch is void at its next request."""
        return salted_hmac(
            "fleetfolk.users.session", f"{self.password}:{self.session_epoch}", secret=secret, algorithm="sha256"
        ).hexdigest()


class UserTag(models.Model):
    """A tag on a person."""

    tenant = models.ForeignKey(Organization, models.PROTECT, related_name="+", db_index=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="user_tags", db_index=False)
    tag = models.ForeignKey(Tag, models.CASCADE, related_name="user_tags")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["user", "tag"], name="usertags_once")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.tag_id}"


class TagsKey(models.Model):
    """The folded names of a person's tags, in order, by which lists are sorted. The database keeps it.

    It stands beside the person because a person is in twenty indexes: all of them would be written anew with each tag.
    """

    user = models.OneToOneField(User, models.CASCADE, primary_key=True, related_name="sorted_tags")
    tenant = models.ForeignKey(Organization, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    tags_key = models.TextField(db_collation="C", db_default="", editable=False)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["tenant", "tags_key", "user"], name="users_tagskey_in_order")]

    def __str__(self) -> str:
        return self.tags_key


class InvitationState(models.TextChoices):
    """How far an invitation has come."""

    SENDING = "sending", _("Being sent")
    SENT = "sent", _("Sent")
    OPENED = "opened", _("Opened")
    ACCEPTED = "accepted", _("Accepted")
    EXPIRED = "expired", _("Expired")
    REVOKED = "revoked", _("Revoked")


class Invitation(models.Model):
    """The invitation of a pending person. Its link is valid for one address, organization and role, once.

    The secret is made when the mail is, by the job that sends it: neither the inviter nor the database ever holds it,
    only its hash.
    """

    tenant = models.ForeignKey(Organization, models.PROTECT, related_name="+", db_index=False)
    user = models.OneToOneField(User, models.CASCADE, related_name="invitation")
    email = models.EmailField(max_length=254)
    role_id_bound = models.BigIntegerField()
    organization_id_bound = models.BigIntegerField()
    secret_hash = models.CharField(max_length=64, blank=True)
    invited_by_id = models.CharField(max_length=40)
    invited_by_label = models.CharField(max_length=140)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    expires_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["secret_hash"], condition=~Q(secret_hash=""), name="invitations_by_secret")
        ]

    def __str__(self) -> str:
        return self.email

    @property
    def path(self) -> str:
        """Where the gate finds it: where the invited person is."""
        return self.user.path

    @property
    def organization(self) -> Organization:
        """Where the action log files it: the invited person's organization."""
        return self.user.organization

    @property
    def state(self) -> InvitationState:
        """How far it has come, now."""
        if self.accepted_at:
            return InvitationState.ACCEPTED
        if self.revoked_at:
            return InvitationState.REVOKED
        if clock.now() >= self.expires_at:
            return InvitationState.EXPIRED
        if self.opened_at:
            return InvitationState.OPENED
        return InvitationState.SENT if self.sent_at else InvitationState.SENDING

    @property
    def is_open(self) -> bool:
        """Whether it can still be accepted, as soon as its mail is there."""
        return self.state in (InvitationState.SENDING, InvitationState.SENT, InvitationState.OPENED)

    def is_bound_to(self, user: User) -> bool:
        """Whether the person still is who was invited: same address, organization and role."""
        return (self.email, self.organization_id_bound, self.role_id_bound) == (
            user.email,
            user.organization_id,
            user.role_id,
        )

    @classmethod
    def by_secret_hash(cls, secret_hash: str) -> Self | None:
        """The invitation whose link carries this secret, whatever its state."""
        if not secret_hash:
            return None
        return cls.objects.select_related("user__organization", "user__role").filter(secret_hash=secret_hash).first()


EMAIL_CHANGE_LASTS = dt.timedelta(days=3)
"""So long the link that confirms a new address works."""


class EmailChange(models.Model):
    """A new address that waits to be confirmed by the link that was sent there. One a person; a later wish replaces it.

    It is bound to the epoch of its time: whoever ends a person's sessions, or changes their password, voids the wishes
    of whoever sat at those sessions.
    """

    tenant = models.ForeignKey(Organization, models.PROTECT, related_name="+", db_index=False)
    user = models.OneToOneField(User, models.CASCADE, related_name="email_change")
    email = models.EmailField(max_length=254)
    secret_hash = models.CharField(max_length=64, blank=True)
    session_epoch = models.PositiveIntegerField()
    by_label = models.CharField(max_length=140)
    requested_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["secret_hash"], condition=~Q(secret_hash=""), name="emailchanges_by_secret"
            ),
            models.CheckConstraint(
                condition=Q(email__regex=r"^[!-@\[-~]+@[!-?\[-~]+$"), name="emailchanges_plain_lower"
            ),
        ]

    def __str__(self) -> str:
        return self.email

    def is_open(self, user: User) -> bool:
        """Whether it can still be confirmed for the person as they are now."""
        return clock.now() < self.expires_at and self.session_epoch == user.session_epoch and user.is_active

    @classmethod
    def by_secret_hash(cls, secret_hash: str) -> Self | None:
        """The change whose link carries this secret, whether it is over or not."""
        if not secret_hash:
            return None
        return cls.objects.select_related("user__organization").filter(secret_hash=secret_hash).first()


import fleetfolk.users.models_privacy  # noqa: E402
import fleetfolk.users.models_signup  # noqa: E402
import fleetfolk.users.models_sso  # noqa: E402, F401 - of this app, and about the models above
