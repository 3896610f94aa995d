"""Numbers as people read them: {% load figures %}."""

from django import template
from django.utils.formats import number_format

register = template.Library()


@register.filter
def figure(number: int | None) -> str:
    """The number with separators: 4,213; nought where there is none."""
    return number_format(number or 0, force_grouping=True)
