"""What an organization does with forged mail: a page of its settings."""

from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fleetfolk.console.dialogs import dialog_methods
from fleetfolk.console.http import ConsoleRequest, console_view, done
from fleetfolk.kernel.perform import perform
from fleetfolk.messages.actions.edit_mail_rule import EditMailRule, EditMailRuleInput
from fleetfolk.messages.pushmail.models import Forged, MailRule
from fleetfolk.messages.pushmail.rules import forged_rule_above
from fleetfolk.organizations.models import Organization
from fleetfolk.users.web.settings_pages import SettingsPage, address_of, frame_of, home_of, register_settings_page


class RuleForm(forms.Form):
    """The rule, said here or left to the organization above."""

    def __init__(self, data: Any = None, *, home: Organization) -> None:
        super().__init__(data)
        nothing = _("Default (%(rule)s)") if home.is_tenant else _("As the organization above (now: %(rule)s)")
        said = MailRule.objects.filter(organization=home).first()
        self.fields["forged"] = forms.ChoiceField(
            label=_("Mail from a forged sender"),
            required=False,
            choices=[("", nothing % {"rule": forged_rule_above(home).label}), *Forged.choices],
            initial=said.forged if said else "",
            help_text=_(
                "A sender is forged where their own domain says that it did not send the mail (SPF, DKIM, DMARC). What "
                "is held back waits on the person’s page until somebody delivers it or throws it away."
            ),
        )

    def to_input(self) -> EditMailRuleInput:
        """The rule as the Action takes it."""
        said = self.cleaned_data["forged"]
        return EditMailRuleInput(forged=Forged(said) if said else None)


@console_view
@dialog_methods
def rule(request: ConsoleRequest, organization_id: int | None = None) -> HttpResponse:
    """What becomes of forged mail in the organization and below."""
    home = home_of(request, organization_id, action=EditMailRule)
    form = RuleForm(request.POST if request.method == "POST" else None, home=home)
    if form.is_valid():
        perform(EditMailRule, actor=request.actor, target_id=home.pk, data=form.to_input())
        return done(request, toast=_("The rule is saved."), to=address_of(request, home, "pushmail:rule"))
    context = {"form": form, "domain": settings.FLEETFOLK_MAIL_IN_DOMAIN, **frame_of(request, home, "pushmail")}
    return render(request, "messages/pushmail_rule.html", context, status=422 if form.is_bound else 200)


register_settings_page(SettingsPage(slug="pushmail", label=gettext_lazy("Push Mail"), url="pushmail:rule"))
