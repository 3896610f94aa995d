"""What messages measure: the listener of Push Mail."""

from prometheus_client import Counter, Histogram

MAILS = Counter("fleetfolk_pushmail_mails_total", "Mails at the door, by what became of them.", ["outcome"])
RECIPIENTS = Counter(
    "fleetfolk_pushmail_recipients_total", "Addresses that mail was offered for, by the answer.", ["answer"]
)
SECONDS = Histogram(
    "fleetfolk_pushmail_seconds",
    "Time from the last byte of a mail to the answer.",
    buckets=(0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)
