"""A row through a stencil is the row that the template would draw, and nobody's words are markup in it."""

import pytest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from fleetfolk.console.stencil import Stencil, stencil_of

NOBODY = {"name": "100% <b>", "email": "{x}%(name)s", "role_id": 7, "csrf_token": SafeString("<i>")}
MENU = "console/components/me_menu.html"


def test_what_is_not_marked_as_html_is_escaped_and_signs_of_formats_stay() -> None:
    assert Stencil(("<p>100% ", "name", " {} ", "email", " %s")).filled([NOBODY]) == (
        "<p>100% 100% &lt;b&gt; {} {x}%(name)s %s"
    )
    assert Stencil(("", "csrf_token", "", "role_id", "")).filled([NOBODY, NOBODY]) == "<i>7<i>7"


def test_it_is_the_template_with_the_values_of_the_row() -> None:
    plain = {**NOBODY, "csrf_token": "token"}
    drawn = stencil_of(MENU, theme="dark", down=False).filled([plain])
    assert drawn == render_to_string(MENU, {"row": plain, "theme": "dark", "down": False}).strip()


def test_a_value_that_is_missing_is_an_error_and_one_too_many_is_none() -> None:
    with pytest.raises(KeyError):
        Stencil(("", "name", "", "phone", "")).filled([NOBODY])
    assert Stencil(("nothing",)).filled([NOBODY]) == "nothing"
    assert Stencil(("", "name", "")).filled([]) == ""
