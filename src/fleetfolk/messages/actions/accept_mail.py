"""Turn a mail into a message."""

from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel import clock
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor, ActorKind
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Change, Outcome
from fleetfolk.messages.files import keep_file
from fleetfolk.messages.incoming import put_in
from fleetfolk.messages.models import Channel, Message
from fleetfolk.messages.permissions import EDIT_PUSH_ADDRESSES
from fleetfolk.messages.pushmail.models import IncomingMail, MailState, PushAddress
from fleetfolk.messages.pushmail.reading import Mail, Unreadable, read_mail
from fleetfolk.messages.pushmail.words import body_of, sender_of, subject_of
from fleetfolk.users.actions.no_input import NoInput


class AcceptMail(Action[IncomingMail, NoInput]):
    """The person has the mail in their inbox, once. Mail that waits is accepted by itself, what was held back by
    people."""

    code = "pushmail.mail.accept"
    label = _("Deliver Push Mail")
    said = _("delivered %(target)s")
    permission = EDIT_PUSH_ADDRESSES
    target_model = "messaging.IncomingMail"
    input_type = NoInput

    def check(self, *, actor: Actor, target: IncomingMail, data: NoInput) -> None:
        """Refuses what was decided already, and what is not kept any more."""
        ready = MailState.WAITING if actor.kind is ActorKind.SYSTEM else MailState.HELD
        if target.state != ready or not target.raw:
            raise Refused("pushmail_mail_over")

    def apply(self, *, actor: Actor, target: IncomingMail, data: NoInput) -> Outcome[IncomingMail]:
        """Writes the message; where there is nobody to read it any more, or nothing to be read, it says why."""
        before = target.state
        try:
            mail = read_mail(bytes(target.raw))
        except Unreadable as unreadable:
            return self._failed(target, unreadable.reason)
        if not target.user.is_active:
            return self._failed(target, "no_account")
        target.message = _written(target, mail)
        target.state = MailState.ACCEPTED
        target.save(update_fields=["message", "state"])
        address = PushAddress.objects.select_for_update(no_key=True).get(pk=target.address_id)
        address.last_used_at, address.count = clock.now(), address.count + 1
        address.save(update_fields=["last_used_at", "count"])
        return Outcome(
            target=target,
            changes=[Change("state", before, target.state)],
            facts={"address": address.name, "standing": target.verdict.get("standing", ""), "files": len(mail.files)},
        )

    def _failed(self, target: IncomingMail, reason: str) -> Outcome[IncomingMail]:
        before = target.state
        target.state, target.reason = MailState.FAILED, reason
        target.save(update_fields=["state", "reason"])
        return Outcome(target=target, changes=[Change("state", before, target.state)], facts={"why": reason})


def _written(target: IncomingMail, mail: Mail) -> Message:
    language = target.user.language
    return put_in(
        target.user,
        sender=sender_of(mail),
        subject=subject_of(mail, language),
        body=body_of(mail, language),
        verdicts=target.verdict,
        files=[keep_file(file.name, [file.content]) for file in mail.files],
        # Never by mail: that would send mail round in circles.
        channels=(Channel.PUSH,),
    )
