"""Write something beside an event."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from fleetfolk.devices.models import Event, EventComment
from fleetfolk.devices.permissions import EDIT_TIMELINE
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Outcome

LONGEST_COMMENT = 500
MOST_COMMENTS = 100


@dataclass(frozen=True, kw_only=True, slots=True)
class CreateCommentInput:
    """What is written, in plain text."""

    text: str


class CreateComment(Action[Event, CreateCommentInput]):
    """The comment stands beside the event, with who wrote it."""

    code = "event.comment.create"
    label = _("Comment on event")
    said = _("commented on %(target)s")
    permission = EDIT_TIMELINE
    target_model = "devices.Event"
    input_type = CreateCommentInput
    assistable = True

    def check(self, *, actor: Actor, target: Event, data: CreateCommentInput) -> None:
        """Refuses an empty or endless comment, and more of them than a page can hold."""
        if not data.text.strip() or len(data.text) > LONGEST_COMMENT or "\0" in data.text:
            raise Refused("comment_unfit", longest=LONGEST_COMMENT)
        if target.comments.count() >= MOST_COMMENTS:
            raise Refused("comments_full", most=MOST_COMMENTS)

    def apply(self, *, actor: Actor, target: Event, data: CreateCommentInput) -> Outcome[Event]:
        """Adds it."""
        EventComment.objects.create(
            tenant_id=target.tenant_id,
            event=target,
            by_id=actor.user_id or 0,
            by_label=actor.label,
            text=data.text.strip(),
        )
        return Outcome(target=target, facts={"device": target.device.name, "device_id": target.device_id})
