"""What the bar and the notice of remote assistance say: {% load assistance %}."""

from django import template

from fleetfolk.assistance.models import Assistance
from fleetfolk.assistance.queries import latest_request
from fleetfolk.assistance.web import addresses
from fleetfolk.kernel import clock
from fleetfolk.kernel.actor import AssistMode

register = template.Library()


@register.simple_tag
def outside(name: str, *args: object) -> str:
    """The address of one of the assistant's own pages."""
    return addresses.outside(name, *args)


@register.simple_tag
def time_left(row: Assistance) -> int:
    """Seconds until the assistance ends, at the latest."""
    return max(0, int((row.ends_at - clock.now()).total_seconds()))


@register.filter
def as_clock(seconds: int) -> str:
    """'25:02'."""
    return f"{seconds // 60:02}:{seconds % 60:02}"


@register.simple_tag
def may_act_now(row: Assistance) -> str:
    """Where to begin to act, when the customer has said yes to it meanwhile; else empty."""
    if row.mode == AssistMode.ACT or row.agent_id is None:
        return ""
    asked = latest_request(row.agent_id, row.user_id)
    if asked is None or not asked.may_begin or asked.mode != AssistMode.ACT:
        return ""
    return addresses.outside("assistance:dialog", row.user_id)
