"""Keep a text that messages begin with."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel import clock
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.messages.content import Words, check_words
from fleetfolk.messages.models import MessageTemplate
from fleetfolk.messages.permissions import EDIT_MESSAGE_TEMPLATES
from fleetfolk.organizations.models import Organization

NAME_LENGTH = 60


@dataclass(frozen=True, kw_only=True, slots=True)
class TemplateInput:
    """The name, and the words in each language as `MessageInput` has them."""

    name: str
    subject: str = ""
    body: str = ""
    language: str = ""
    variants: Mapping[str, Words] = field(default_factory=dict)

    def values(self) -> dict[str, object]:
        """The columns that it fills."""
        return {
            "name": self.name.strip(),
            "subject": self.subject,
            "body": self.body,
            "language": self.language,
            "variants": {code: words.as_json() for code, words in self.variants.items()},
        }

    def check(self, within: Organization, *, other_than: int = 0) -> None:
        """Refuses words that are too long, and a name that is none or taken."""
        check_words({self.language: Words(subject=self.subject, body=self.body), **self.variants})
        name = self.name.strip()
        if not name or len(name) > NAME_LENGTH or not name.isprintable():
            raise Refused("message_template_name", most=NAME_LENGTH)
        taken = MessageTemplate.objects.filter(tenant_id=within.tenant_id, organization=within, name=name)
        if taken.exclude(pk=other_than).exists():
            raise Refused("message_template_taken", name=name)


class CreateTemplate(Action[Organization, TemplateInput]):
    """The text is there for everybody who writes from the organization."""

    code = "message.template.create"
    label = _("Create message template")
    said = _("created the message template %(target)s")
    permission = EDIT_MESSAGE_TEMPLATES
    target_model = "organizations.Organization"
    input_type = TemplateInput

    def check(self, *, actor: Actor, target: Organization, data: TemplateInput) -> None:
        """Refuses words that are too long, and a name that is none or taken."""
        data.check(target)

    def apply(self, *, actor: Actor, target: Organization, data: TemplateInput) -> Outcome[Organization]:
        """Writes the row."""
        template = MessageTemplate.objects.create(
            tenant_id=actor.tenant_id,
            organization=target,
            created_by_id=actor.user_id or 0,
            created_by_label=actor.label,
            created_at=clock.now(),
            **data.values(),
        )
        return Outcome(target=template)  # type: ignore[arg-type]
