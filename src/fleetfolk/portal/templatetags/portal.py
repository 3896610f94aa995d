"""Tags of the portal's frame: {% load portal %}."""

from django import template
from django.http import HttpRequest
from django.template.context import Context

from fleetfolk.portal import navigation

register = template.Library()


@register.simple_tag(takes_context=True)
def portal_links(context: Context) -> list[navigation.Link]:
    """The links of the top bar and of the bar at the bottom."""
    request: HttpRequest = context["request"]
    return navigation.links_for(request)
