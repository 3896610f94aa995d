"""Addresses of the assistant's own pages, for links that stand inside an assistance."""

from django.urls import get_script_prefix, reverse


def outside(name: str, *args: object) -> str:
    """The address without what stands before it inside an assistance: it leads to the assistant's own pages."""
    return "/" + reverse(name, args=args).removeprefix(get_script_prefix())
