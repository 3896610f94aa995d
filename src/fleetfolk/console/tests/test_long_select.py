"""The quick select is the same to a browser as Django's."""

from html.parser import HTMLParser

import pytest
from django import forms

from fleetfolk.console.long_select import LongSelect

CHOICES = [("", 'As the "house" <b>'), ("Asia/Tokyo", "Tokyo & more"), (3, "three")]


class _Tags(HTMLParser):
    """What a browser reads: tags with their attributes, and words."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.read: list[object] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.read.append((tag, sorted(attrs, key=str)))

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.read.append(data.strip())


@pytest.mark.parametrize("value", ["", None, "Asia/Tokyo", 3, "3", "gone"])
def test_it_is_what_django_draws(value: object) -> None:
    attrs = {"id": "id_zone", "class": "form-select", "required": True, "disabled": False, "title": '<">'}
    ours = LongSelect(choices=CHOICES).render("zone", value, attrs)
    theirs = forms.Select(choices=CHOICES).render("zone", value, attrs)
    assert _Tags(ours).read == _Tags(theirs).read
