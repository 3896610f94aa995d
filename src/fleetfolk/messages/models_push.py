"""The browsers to which pushes go."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now

from fleetfolk.messages.webpush.encryption import BrowserKeys
from fleetfolk.organizations.models import Organization
from fleetfolk.users.models import User


class PushSubscription(models.Model):
    """A browser in which a person asked for pushes. It gets them while they are signed in there.

    ``session_key`` is of the session in which they asked, or signed in again there since: while that one is open,
    pushes go there. The address is the push service's and a secret, as are the browser's keys. ``server_key`` is our
    public key that the browser subscribed with: it takes pushes signed with that one alone. ``last_message`` is
    the key of the message that the browser took last, so that a push which is tried again goes only to browsers that
    lack it.
    """

    tenant = models.ForeignKey(Organization, models.PROTECT, related_name="+", db_index=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="push_subscriptions")
    session_key = models.CharField(max_length=40)
    endpoint = models.TextField()
    endpoint_hash = models.CharField(max_length=64, unique=True)
    p256dh = models.CharField(max_length=100)
    auth = models.CharField(max_length=40)
    server_key = models.CharField(max_length=100)
    browser = models.CharField(max_length=60, blank=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    last_ok_at = models.DateTimeField(null=True)
    last_message = models.BigIntegerField(default=0)
    failures = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(endpoint__startswith="https://"), name="pushes_go_over_https"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}"  # Never the address: whoever has it can be followed.

    @property
    def keys(self) -> BrowserKeys:
        """The browser's own keys."""
        return BrowserKeys.read(self.p256dh, self.auth)
