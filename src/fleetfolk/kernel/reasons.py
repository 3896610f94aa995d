"""The sentence for every reason: what happened and what to do, in plain words. Domains add their own."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise

from fleetfolk.kernel.errors import ActionError

REASONS: dict[str, StrPromise] = {
    "not_found": _("This does not exist, or it is not yours to see."),
    "permission_missing": _("Your role does not include this. An administrator can change your role."),
    "target_is_stronger": _("This person holds rights that you do not, so you cannot do this to their account."),
    "role_is_stronger": _("You cannot give a role that holds more than your own."),
    "not_your_account": _("Only the person themselves can do this."),
    "not_for_the_system": _("Only a person does this, no program, and the installation not by itself."),
    "not_for_tokens": _("A key never changes the account of whoever holds it. Do it in a browser."),
    "token_not_sensitive": _("This key may not do what asks for a proof in a browser. Make one that may."),
    "not_for_devices": _("A device does nothing but what concerns itself."),
    "proof_old": _("Type your own password, so that nobody else does this in your name."),
    "proof_wrong": _("This is not your password. Nothing was done."),
    "proof_factor_wrong": _("This code or passkey is not right, or was used before. Nothing was done."),
    "proof_too_many": _("Too many wrong passwords. Wait a quarter of an hour. Nothing was done."),
    "assist_view_only": _("You are only looking. Ask the person to let you act for them, or to do it themselves."),
    "assist_never": _("Remote assistance never includes this. Only the person themselves can do it."),
    "not_a_developer": _(
        "This takes developer mode, which is off for this person. An administrator of the organization can switch"
        " it on."
    ),
    "sign_in_again": _("Sign in again to go on."),
    "out_of_reach": _("This would lie outside what you may reach."),
}


def say(sentences: Mapping[str, StrPromise]) -> None:
    """The sentences are known. A reason said twice is a `TypeError`."""
    for reason, sentence in sentences.items():
        if reason in REASONS:
            raise TypeError(f"the reason {reason!r} has a sentence already")
        REASONS[reason] = sentence


def sentence_for(error: ActionError) -> str:
    """What a person reads about the refusal."""
    return str(REASONS[error.reason]) % error.about
