"""The words of a message that came by mail."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fleetfolk.messages.pushmail.reading import LONGEST_TEXT, Mail
from fleetfolk.users.mail import spoken


def sender_of(mail: Mail) -> str:
    """Who says to have written it: name and address, or what there is of it."""
    if mail.author_name and mail.author_name.lower() != mail.author_address:
        return f"{mail.author_name} <{mail.author_address}>"[:320]
    return mail.author_address


def subject_of(mail: Mail, language: str) -> str:
    """The mail's own, or that it has none in the person's language."""
    with spoken(language):
        return mail.subject or _("Mail without a subject")


def body_of(mail: Mail, language: str) -> str:
    """The mail's text, and below it what of the mail is not there."""
    with spoken(language):
        notes = []
        if mail.shortened:
            notes.append(_("The mail was longer than this."))
        if mail.left_out:
            count = len(mail.left_out)
            said = ngettext(
                "%(count)s file was left out, because it is no picture or PDF, or too large: %(names)s.",
                "%(count)s files were left out, because they are no pictures or PDFs, or too large or many: %(names)s.",
                count,
            )
            notes.append(said % {"count": count, "names": ", ".join(mail.left_out[:10])})
    below = "\n\n".join(["", "—", *notes]) if notes else ""
    return mail.text[: LONGEST_TEXT - len(below)] + below
