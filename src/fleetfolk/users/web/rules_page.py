"""The rules of an organization: each said here or left to the organization above."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django_stubs_ext import StrPromise

from fleetfolk.access.actions import EditRules, EditRulesInput
from fleetfolk.console.dialogs import dialog_methods
from fleetfolk.console.http import ConsoleRequest, console_view, done
from fleetfolk.kernel.perform import perform
from fleetfolk.organizations.models import AssistanceRule, Organization
from fleetfolk.organizations.queries import MESSAGE_CAP, rules_above
from fleetfolk.users.password_rules import LEAST
from fleetfolk.users.web.settings_pages import address_of, frame_of, home_of

ANY = "*"
"""What stands for every domain."""
_YES_NO = (("yes", gettext_lazy("On")), ("no", gettext_lazy("Off")))


class RulesForm(forms.Form):
    """The rules, each said here or left to the organization above."""

    def __init__(self, data: Any = None, *, organization: Organization) -> None:
        super().__init__(data)
        above, root = rules_above(organization), organization.is_tenant
        self._add(
            "assistance",
            label=_("Remote assistance"),
            hint=_(
                "Whether support may look into a customer's own view. The customer always sees it, can end it, and "
                "reads afterwards what was looked at."
            ),
            choices=AssistanceRule.choices,
            above=None if root else AssistanceRule(above.assistance).label,
            present=organization.assistance_rule,
        )
        for name, label, hint in _SWITCHES:
            column = getattr(organization, f"{name}_rule")
            self._add(
                name,
                label=label,
                hint=hint,
                choices=_YES_NO,
                above=None if root else _("On") if getattr(above, name) else _("Off"),
                present=None if column is None else ("yes" if column else "no"),
            )
        self._add(
            "message_cap",
            label=_("Mails and pushes of messages"),
            hint=_("So many a person gets a day at most. Every message is in their inbox all the same."),
            choices=[(str(number), _a_day(number)) for number in _CAPS],
            above=None if root else _a_day(above.message_cap),
            present=None if organization.message_cap_rule is None else str(organization.message_cap_rule),
            unsaid=_a_day(MESSAGE_CAP),
        )
        self._add(
            "session_idle",
            label=_("Signed out when unused"),
            hint=_(
                "Whoever does nothing for so long signs in again, in every browser and telephone. A page that is only "
                "left open is not used."
            ),
            choices=[(str(minutes), _lasting(minutes)) for minutes in _with(_IDLE, organization.session_idle_rule)],
            above=None if root else _lasting(above.session_idle),
            present=_as_choice(organization.session_idle_rule),
            unsaid=_lasting(0),
        )
        self._add(
            "session_hours",
            label=_("Signed out in any case"),
            hint=_("So long after the sign-in, also whoever is at work. It holds for sessions that are open now, too."),
            choices=[(str(hours), _lasting(60 * hours)) for hours in _with(_HOURS, organization.session_hours_rule)],
            above=None if root else _lasting(60 * above.session_hours),
            present=_as_choice(organization.session_hours_rule),
            unsaid=_lasting(0),
        )
        self._add(
            "password_length",
            label=_("Shortest password"),
            hint=_(
                "Asked when a password is chosen or set; those of today stay. Common ones, and those like one's own "
                "name or address, are never taken."
            ),
            choices=[
                (str(least), _long(least)) for least in _with(_LENGTHS, organization.password_length_rule) if least
            ],
            above=None if root else _long(above.password_length),
            present=_as_choice(organization.password_length_rule or None),
            unsaid=_long(0),
        )
        said = organization.email_domains_rule
        self.fields["email_domains"] = forms.CharField(
            label=_("E-mail domains"),
            required=False,
            initial="" if said is None else ", ".join(said) or ANY,
            widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
            help_text=_(
                "Only addresses of these domains, with commas between them, are invited, imported and changed to. A * "
                "allows any; empty is as above (now: %(domains)s)."
            )
            % {"domains": ", ".join(above.email_domains) or ANY},
        )
        self.order_fields(name for _title, names in _GROUPS for name in names)

    def groups(self) -> list[tuple[StrPromise, list[forms.BoundField]]]:
        """The rules under what they are about."""
        return [(title, [self[name] for name in names]) for title, names in _GROUPS]

    def clean_email_domains(self) -> tuple[str, ...] | None:
        """The domains that were named; None where nothing is said."""
        said = self.cleaned_data["email_domains"].lower().replace(",", " ").split()
        if not said:
            return None
        return () if said == [ANY] else tuple(dict.fromkeys(one.removeprefix("@") for one in said))

    def _add(
        self, name: str, *, label: Any, hint: Any, choices: Any, above: Any, present: str | None, unsaid: Any = None
    ) -> None:
        """``above`` is what holds where nothing is said here; None for the top, where that is ``unsaid``, or off."""
        if above is None:
            nothing = _("Default (%(rule)s)") % {"rule": _("off") if unsaid is None else unsaid}
        else:
            nothing = _("As the organization above (now: %(rule)s)") % {"rule": above}
        self.fields[name] = forms.ChoiceField(
            label=label, help_text=hint, required=False, choices=[("", nothing), *choices], initial=present or ""
        )

    def to_input(self) -> EditRulesInput:
        """The rules as the Action takes them."""
        said = self.cleaned_data
        return EditRulesInput(
            assistance=AssistanceRule(said["assistance"]) if said["assistance"] else None,
            second_factor=_said(said["second_factor"]),
            second_factor_staff=_said(said["second_factor_staff"]),
            gravatar=_said(said["gravatar"]),
            message_cap=int(said["message_cap"]) if said["message_cap"] else None,
            email_domains=said["email_domains"],
            session_idle=_number(said["session_idle"]),
            session_hours=_number(said["session_hours"]),
            password_length=_number(said["password_length"]),
            password_mixed=_said(said["password_mixed"]),
        )


_GROUPS: tuple[tuple[StrPromise, tuple[str, ...]], ...] = (
    (
        gettext_lazy("Security"),
        ("second_factor", "second_factor_staff", "session_idle", "session_hours", "password_length", "password_mixed"),
    ),
    (gettext_lazy("People"), ("email_domains", "gravatar", "message_cap")),
    (gettext_lazy("Support"), ("assistance",)),
)


_CAPS = (0, 1, 2, 3, 5, 10, 20)
_IDLE = (15, 30, 60, 4 * 60, 12 * 60, 24 * 60, 3 * 24 * 60, 7 * 24 * 60, 0)
_HOURS = (1, 4, 8, 12, 24, 3 * 24, 7 * 24, 0)
_LENGTHS = (8, 10, 12, 14, 16, 20)


def _with(choices: tuple[int, ...], present: int | None) -> list[int]:
    """What can be chosen, and what a program has set that is not among it."""
    return list(choices) if present is None or present in choices else sorted({*choices, present})


def _as_choice(present: int | None) -> str | None:
    return None if present is None else str(present)


def _number(word: str) -> int | None:
    return int(word) if word else None


def _lasting(minutes: int) -> str:
    """A length of time in its largest whole unit; 0 is what holds on every installation."""
    if not minutes:
        return _("After 14 days")
    if minutes % (24 * 60) == 0:
        days = minutes // (24 * 60)
        return ngettext("After %(number)s day", "After %(number)s days", days) % {"number": days}
    if minutes % 60 == 0:
        hours = minutes // 60
        return ngettext("After %(number)s hour", "After %(number)s hours", hours) % {"number": hours}
    return ngettext("After %(number)s minute", "After %(number)s minutes", minutes) % {"number": minutes}


def _long(least: int) -> str:
    least = max(least, LEAST)
    return ngettext("%(number)s character", "%(number)s characters", least) % {"number": least}


def _a_day(number: int) -> str:
    return ngettext("%(number)s a day", "%(number)s a day", number) % {"number": number} if number else _("None")


def _said(word: str) -> bool | None:
    return {"yes": True, "no": False}.get(word)


_SWITCHES = (
    (
        "second_factor",
        gettext_lazy("Second factor for everybody"),
        gettext_lazy("Whoever has none sets one up at the next sign-in, before anything else."),
    ),
    (
        "second_factor_staff",
        gettext_lazy("Second factor for staff"),
        gettext_lazy("For whoever sees other people here, also where it is not asked of everybody."),
    ),
    (
        "password_mixed",
        gettext_lazy("Letters and digits in passwords"),
        gettext_lazy("A new password needs at least one of each."),
    ),
    (
        "gravatar",
        gettext_lazy("Pictures from Gravatar"),
        gettext_lazy(
            "This server, never a browser, asks gravatar.com for the picture of an address. Switched off, the pictures "
            "are erased."
        ),
    ),
)


@console_view
@dialog_methods
def rules(request: ConsoleRequest, organization_id: int | None = None) -> HttpResponse:
    """The rules of an organization."""
    home = home_of(request, organization_id, action=EditRules)
    form = RulesForm(request.POST if request.method == "POST" else None, organization=home)
    if form.is_valid():
        perform(EditRules, actor=request.actor, target_id=home.pk, data=form.to_input())
        return done(request, toast=_("The rules are saved."), to=address_of(request, home, "settings:rules"))
    context = {"form": form, **frame_of(request, home, "rules")}
    return render(request, "users/rules.html", context, status=422 if form.is_bound else 200)
