"""Push Mail on a person's page: their secret addresses, and mail that was held back."""

from typing import Any, Final

from django import forms
from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from fleetfolk.access.gate import GATE
from fleetfolk.access.web.opened import opened
from fleetfolk.console.dialogs import (
    Question,
    ask,
    ask_first,
    dialog_methods,
    form_dialog,
    performed,
    shown_once,
)
from fleetfolk.console.http import ConsoleRequest, console_view, done
from fleetfolk.devices.web.forms import EndField, last_day
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.errors import Refused, TargetNotFound
from fleetfolk.kernel.perform import perform
from fleetfolk.messages.actions.accept_mail import AcceptMail
from fleetfolk.messages.actions.create_push_address import CreatePushAddress, CreatePushAddressInput
from fleetfolk.messages.actions.delete_mail import DeleteMail
from fleetfolk.messages.actions.edit_push_address import EditPushAddress, EditPushAddressInput
from fleetfolk.messages.actions.revoke_push_address import RevokePushAddress, RevokePushAddressInput
from fleetfolk.messages.actions.rotate_push_address import RotatePushAddress, RotatePushAddressInput
from fleetfolk.messages.permissions import EDIT_PUSH_ADDRESSES
from fleetfolk.messages.pushmail.models import NAME_LENGTH, IncomingMail, MailState, PushAddress
from fleetfolk.messages.pushmail.secret_addresses import new_secret, secret_hash
from fleetfolk.users.actions.no_input import NoInput
from fleetfolk.users.models import User
from fleetfolk.users.queries import user_detail
from fleetfolk.users.web.profile_tabs import Card, register_card

CHANGED: Final = "pushmail:changed"
MOST_HELD: Final = 10
LONGEST_SENDERS: Final = 10_000
_FIELDS: Final = {
    "pushmail_name": "name",
    "pushmail_name_taken": "name",
    "pushmail_end_past": "ends",
    "pushmail_sender": "senders",
    "pushmail_senders_many": "senders",
}


class AddressForm(forms.Form):
    """What an address is called, until when it takes mail, and whose."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=NAME_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy("What it is for, such as the program that will write to it."),
        error_messages={"required": gettext_lazy("Give the address a name.")},
    )
    senders = forms.CharField(
        label=gettext_lazy("Allowed senders"),
        required=False,
        max_length=LONGEST_SENDERS,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off", "spellcheck": "false"}),
        help_text=gettext_lazy(
            "One mail address or domain a line. Nobody else’s mail is taken then, and theirs only where it is shown to "
            "be theirs. Empty: everybody who knows the address."
        ),
    )

    def __init__(self, data: Any = None, *, address: PushAddress | None = None) -> None:
        super().__init__(data)
        self.fields["ends"] = EndField()
        self.order_fields(["name", "ends", "senders"])
        if address is not None:
            self.initial = {
                "name": address.name,
                "ends": last_day(address.ends_at),
                "senders": "\n".join(address.allowed_senders),
            }

    def said(self) -> dict[str, Any]:
        """What the Actions take."""
        given = self.cleaned_data
        senders = tuple(line.strip() for line in given["senders"].splitlines() if line.strip())
        return {"name": given["name"], "ends_at": given["ends"], "allowed_senders": senders}


@console_view
@require_safe
def card(request: ConsoleRequest, user_id: int) -> HttpResponse:
    """The card anew, after something in it changed."""
    person = _person(CreatePushAddress, request, user_id)
    return render(request, "messages/pushmail_card.html#card", _card_context(person))


@console_view
@dialog_methods
def create(request: ConsoleRequest, user_id: int) -> HttpResponse:
    """A new address, shown once."""
    person = _person(CreatePushAddress, request, user_id)
    form = AddressForm(request.POST if request.method == "POST" else None)
    secret = new_secret()
    if form.is_valid():
        data = CreatePushAddressInput(secret_hash=secret_hash(secret), secret_end=secret[-4:], **form.said())
        if performed(form, request, CreatePushAddress, person.pk, data, fields=_FIELDS):
            return _shown_once(request, person, form.cleaned_data["name"], secret)
    return _dialog(request, form, person=person, button=_("Generate address"))


@console_view
@dialog_methods
def edit(request: ConsoleRequest, user_id: int, address_id: int) -> HttpResponse:
    """Another name, end or senders."""
    person = _person(EditPushAddress, request, user_id)
    address = _address(person, address_id)
    form = AddressForm(request.POST if request.method == "POST" else None, address=address)
    if form.is_valid():
        data = EditPushAddressInput(address_id=address.pk, **form.said())
        if performed(form, request, EditPushAddress, person.pk, data, fields=_FIELDS):
            return _done(request, person, _("The address “%(name)s” is saved.") % {"name": form.cleaned_data["name"]})
    return _dialog(request, form, person=person, button=_("Save"), address=address)


@console_view
@dialog_methods
def rotate(request: ConsoleRequest, user_id: int, address_id: int) -> HttpResponse:
    """Another secret, shown once; asks first."""
    person = _person(RotatePushAddress, request, user_id)
    address = _address(person, address_id)
    if request.method == "POST":
        secret = new_secret()
        data = RotatePushAddressInput(address_id=address.pk, secret_hash=secret_hash(secret), secret_end=secret[-4:])
        perform(RotatePushAddress, actor=request.actor, target_id=person.pk, data=data)
        return _shown_once(request, person, address.name, secret)
    lead = _("There will be a new address. Mail to the one that ends in …%(end)s is refused from then on.")
    question = Question(
        title=_("Replace the address “%(name)s”") % {"name": address.name},
        lead=lead % {"end": address.secret_end},
        button=_("Replace address"),
        about=str(person),
    )
    return ask(request, question)


@console_view
@dialog_methods
def revoke(request: ConsoleRequest, user_id: int, address_id: int) -> HttpResponse:
    """No address any more; asks first."""
    person = _person(RevokePushAddress, request, user_id)
    address = _address(person, address_id)
    question = Question(
        title=_("Revoke the address “%(name)s”") % {"name": address.name},
        lead=_("Mail to it is refused from now on. Messages that came by it stay. This cannot be undone."),
        button=_("Revoke address"),
        about=str(person),
        danger=True,
    )
    toast = _("The address “%(name)s” takes no mail any more.") % {"name": address.name}
    step = (RevokePushAddress, person.pk, RevokePushAddressInput(address_id=address.pk))
    return ask_first(request, question, step, toast=toast, to=_page_of(person), changed=CHANGED)


@console_view
@require_POST
def accept(request: ConsoleRequest, mail_id: int) -> HttpResponse:
    """A mail that was held back is delivered."""
    mail = perform(AcceptMail, actor=request.actor, target_id=mail_id, data=NoInput()).target
    if mail.state == MailState.FAILED:
        return _done(request, mail.user, _("“%(subject)s” could not be delivered.") % {"subject": mail})
    return _done(request, mail.user, _("“%(subject)s” is delivered.") % {"subject": mail})


@console_view
@require_POST
def delete(request: ConsoleRequest, mail_id: int) -> HttpResponse:
    """A mail that was held back is thrown away."""
    mail = perform(DeleteMail, actor=request.actor, target_id=mail_id, data=NoInput()).target
    return _done(request, mail.user, _("“%(subject)s” is thrown away.") % {"subject": mail})


def _person(action: type[Action[User, Any]], request: ConsoleRequest, user_id: int) -> User:
    rows = User.objects.select_related("organization", "role")
    opened(request, rows, user_id, permission=action.permission, action=action)
    return user_detail(request.actor, user_id)


def _address(person: User, address_id: int) -> PushAddress:
    address = PushAddress.objects.filter(user=person, pk=address_id).first()
    if address is None:
        raise TargetNotFound
    if address.revoked_at is not None:
        raise Refused("pushmail_address_gone")
    return address


def _dialog(request: ConsoleRequest, form: forms.Form, **more: Any) -> HttpResponse:
    return form_dialog(request, "messages/push_address.html", form, **{"address": None, **more})


def _shown_once(request: ConsoleRequest, person: User, name: str, secret: str) -> HttpResponse:
    address = f"{secret}@{settings.FLEETFOLK_MAIL_IN_DOMAIN}"
    context = {"person": person, "name": name, "address": address}
    page = _page_of(person)
    return shown_once(request, "messages/push_address_shown.html", context, page=page, changed=CHANGED)


def _done(request: ConsoleRequest, person: User, toast: str) -> HttpResponse:
    return done(request, toast=toast, to=_page_of(person), changed=CHANGED)


def _page_of(person: User) -> str:
    return reverse("users:detail", args=[person.pk])


def _card_context(person: User) -> dict[str, Any]:
    held = IncomingMail.objects.filter(user=person, state=MailState.HELD)
    shown = list(held.defer("raw").order_by("-pk")[:MOST_HELD])
    return {
        "person": person,
        "addresses": list(PushAddress.objects.filter(user=person, revoked_at__isnull=True).order_by("pk")),
        "held": shown,
        # Nearly nobody has as many: then there are no more to count.
        "held_more": max(held.count() - MOST_HELD, 0) if len(shown) == MOST_HELD else 0,
        "domain": settings.FLEETFOLK_MAIL_IN_DOMAIN,
    }


def _card(request: ConsoleRequest, person: User) -> SafeString | str:
    """The card, for whoever may do something with it."""
    if not GATE.decide(request.actor, EDIT_PUSH_ADDRESSES, person).allowed:
        return ""
    return render_to_string("messages/pushmail_card.html", _card_context(person), request)


register_card(Card(place="main", position=60, render=_card))
