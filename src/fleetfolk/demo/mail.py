"""The demo's mail server: keeps every mail for the page “Mail sent by this demo”."""

from collections.abc import Sequence

from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import EmailMessage

from fleetfolk.demo.models import Mail
from fleetfolk.kernel import clock


class Mailbox(BaseEmailBackend):
    """Django's mail backend of the demo."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Every message is in the table; the number of them."""
        mails = [
            Mail(
                sent_at=clock.now(),
                to=", ".join(message.recipients())[:254],
                sender=message.from_email[:254],
                subject=message.subject[:254],
                text=str(message.body),
            )
            for message in email_messages
        ]
        return len(Mail.objects.bulk_create(mails))
