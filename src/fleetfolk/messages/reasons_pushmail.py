"""What people read when a change to Push Mail is refused."""

from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel.reasons import say

say(
    {
        "pushmail_no_account": _("The person has no account that works, so nobody would read the mail."),
        "pushmail_too_many": _("There are %(most)s addresses already. Revoke one first."),
        "pushmail_name": _("Give the address a name of %(most)s characters at most."),
        "pushmail_name_taken": _("Another address of this person has this name. Choose another."),
        "pushmail_end_past": _("This day is over. Choose a later one, or none."),
        "pushmail_address_gone": _("This address was revoked already."),
        "pushmail_sender": _("“%(sender)s” is neither a mail address nor a domain. Correct it."),
        "pushmail_senders_many": _("Name %(most)s senders at most; a domain stands for everybody there."),
        "pushmail_mail_over": _("This mail is not held back any more."),
        "pushmail_mails_stay": _("Mail as it came is erased by itself, after its time."),
    }
)
