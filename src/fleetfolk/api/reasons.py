"""What is said about keys, and about what comes with them."""

from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel.reasons import say

say(
    {
        "token_name": _("Give it a name of at most %(most)s characters."),
        "token_name_taken": _("There is one with the name “%(name)s” already. Choose another."),
        "token_many": _("There are %(most)s keys already. Revoke one that is not used any more."),
        "token_end": _("A key ends between a day and a year from now; one for sensitive acts within %(days)s days."),
        "token_scopes": _("Choose at least one right, and none that keys cannot have."),
        "token_gone": _("This key does not exist any more."),
        "program_stronger": _(
            "You cannot give a program more than you hold yourself at its organization: %(missing)s."
        ),
        "program_secrets": _("A program has at most two secrets. Revoke the old one first."),
        "program_secret_gone": _("This secret does not exist any more."),
        "bearer_missing": _("Send a key: Authorization: Bearer …"),
        "bearer_wrong": _("This key is unknown, has ended or was revoked. Make another one."),
        "second_factor_missing": _("The organization asks for a second factor. Add one in a browser first."),
        "moved_already": _("%(kind)s %(key)s was moved in a moment ago."),
        "rate_limit": _("More than %(limit)s requests in this minute. Go on in %(seconds)s seconds."),
        "input_malformed": _("What was sent is not what this address takes."),
        "input_unfit": _("A value does not fit: the database refused it (%(rule)s)."),
        "idempotency_key": _("An idempotency key has 1 to 200 plain characters."),
        "idempotency_other": _("This idempotency key was used for another request. Choose another key."),
        "idempotency_open": _(
            "The request with this idempotency key goes on, or nobody knows how it ended. Look, then use another key."
        ),
        "no_such_address": _("There is nothing at this address."),
        "method_wrong": _("This address does not take that method."),
        "too_large": _("What was sent is too large."),
        "not_now": _(
            "The database does not answer right now. What was not finished was undone. Try again in a moment."
        ),
        "no_room": _(
            "There is no room left where Fleetfolk keeps its data. What was not finished was undone. Try again later."
        ),
        "broken": _("This is our mistake. It is in the log under the number of this request."),
    }
)
