"""“Mail sent by this demo”: every mail that would have gone out. Open to all, as are the demo's passwords."""

from collections.abc import Sequence
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from fleetfolk.demo.models import Mail

PAGE_SIZE = 50
LONGEST_ADDRESS = 254


@require_safe
def mail_list(request: HttpRequest) -> HttpResponse:
    """The mails, newest first, perhaps only those to an address that holds what was typed."""
    address = request.GET.get("to", "").replace("\0", "").strip()[:LONGEST_ADDRESS]
    mails = Mail.objects.filter(to__icontains=address) if address else Mail.objects.all()
    page, has_newer, has_older = _page(
        mails, after=_mail(request.GET.get("after", "")), before=_mail(request.GET.get("before", ""))
    )
    context = {
        "shell": _shell(request),
        "address": address,
        "mails": page,
        "shown": len(page),
        "total": mails.count(),
        "newer_url": _url(address, before=page[0]) if page and has_newer else "",
        "older_url": _url(address, after=page[-1]) if page and has_older else "",
    }
    is_region = request.headers.get("HX-Target") == "mails"
    return render(request, "demo/mail_list.html#mails" if is_region else "demo/mail_list.html", context)


@require_safe
def mail_detail(request: HttpRequest, mail_id: int) -> HttpResponse:
    """One mail, its links alive."""
    mail = get_object_or_404(Mail, pk=mail_id)
    return render(request, "demo/mail_detail.html", {"shell": _shell(request), "mail": mail})


def _shell(request: HttpRequest) -> str:
    """The console around the page for whoever is signed in; invited people come here before they are."""
    return "console/base.html" if hasattr(request, "actor") else "demo/shell.html"


def _mail(key: str) -> Mail | None:
    """The mail at which a page begins; None where the text is no key of one, and the list begins at its beginning."""
    return Mail.objects.filter(pk=int(key)).first() if key.isdecimal() and len(key) < 19 else None


def _page(mails: QuerySet[Mail], *, after: Mail | None, before: Mail | None) -> tuple[Sequence[Mail], bool, bool]:
    """The mails next to one of them, the newest where none is given, and whether there are newer and older ones."""
    if before is not None:
        newer = mails.filter(Q(sent_at__gt=before.sent_at) | Q(sent_at=before.sent_at, pk__gt=before.pk))
        found = list(newer.order_by("sent_at", "pk")[: PAGE_SIZE + 1])
        return found[:PAGE_SIZE][::-1], len(found) > PAGE_SIZE, True
    if after is not None:
        mails = mails.filter(Q(sent_at__lt=after.sent_at) | Q(sent_at=after.sent_at, pk__lt=after.pk))
    found = list(mails.order_by("-sent_at", "-pk")[: PAGE_SIZE + 1])
    return found[:PAGE_SIZE], after is not None, len(found) > PAGE_SIZE


def _url(address: str, **place: Mail) -> str:
    values = {"to": address} if address else {}
    return f"{reverse('demo:mail')}?{urlencode(values | {name: str(mail.pk) for name, mail in place.items()})}"
