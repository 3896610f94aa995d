"""How tests sign up: what a stranger types, and the links of the mails."""

import re
from urllib.parse import urlsplit

from django.core import mail
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import reverse

from fleetfolk.users import tasks_signup
from fleetfolk.users.models_signup import Registration, SignUp

GOOD = "nine lamps in a row"
STELLA = "stella@stranger.example"
SAID = {"first_name": "Stella", "last_name": "Stranger", "password": GOOD, "time_zone": "Asia/Tokyo"}


def page_of(sign_up: SignUp) -> str:
    return reverse("users:sign-up", args=[sign_up.key])


def ask(browser: Client, sign_up: SignUp, email: str = STELLA) -> HttpResponseBase:
    """Somebody types an address; the worker does what is to be done."""
    present = set(Registration.objects.values_list("pk", flat=True))
    answer = browser.post(page_of(sign_up), {"email": email})
    for row in Registration.objects.exclude(pk__in=present):
        tasks_signup.send_registration(registration_id=row.pk, tenant_id=row.tenant_id)
    return answer


def without_tokens(answer: HttpResponseBase) -> str:
    """What is read; tokens against forged forms are another each time."""
    return re.sub(r"[A-Za-z0-9]{32,}", "", answer.content.decode())  # type: ignore[attr-defined]


def link_in(body: str) -> str:
    found = re.search(r"https?://\S+/join/confirm/\S+/", body)
    assert found, body
    return urlsplit(found[0]).path


def come(browser: Client, sign_up: SignUp, email: str = STELLA, **more: str) -> HttpResponseBase:
    """A stranger goes all the way."""
    assert ask(browser, sign_up, email).status_code == 302
    assert browser.get(link_in(str(mail.outbox[-1].body)), follow=True).status_code == 200
    return browser.post(reverse("users:sign-up-confirm"), {**SAID, **more})
