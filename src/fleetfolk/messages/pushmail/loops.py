"""Mail that programs send to programs: answered or passed on it would go round for ever."""

from collections.abc import Mapping, Sequence

MOST_RECEIVED = 30
OWN_MARK = "X-Loop"
"""Every mail of ours carries this header with the name of the installation."""


def why_looping(headers: Mapping[str, Sequence[str]], *, own_mark: str) -> str | None:
    """Why the mail goes no further, in a word for the log; None for a mail of a person.

    ``headers`` has the values under names in lower case (RFC 3834, 2 and 5; RFC 3464; RFC 8098).
    """

    def first(name: str) -> str:
        values = headers.get(name, ())
        return values[0].strip().lower() if values else ""

    kind = first("content-type").partition(";")[0].strip()
    if len(headers.get("received", ())) > MOST_RECEIVED:
        return "too_many_hops"
    if any(value.strip().lower() == own_mark.lower() for value in headers.get(OWN_MARK.lower(), ())):
        return "own_mail"
    if first("auto-submitted").partition(";")[0].strip() not in {"", "no"}:
        return "auto_submitted"
    if first("precedence") in {"bulk", "junk", "list"}:
        return "precedence"
    if kind == "multipart/report" or kind.startswith("message/disposition-notification"):
        return "report"
    return None
