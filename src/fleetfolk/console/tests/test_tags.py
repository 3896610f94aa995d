"""The small tags of every page: what they show is escaped, labelled, and tied to its field."""

import datetime as dt
from types import SimpleNamespace

import pytest
from django import forms
from django.template import Context, Template
from django.test import RequestFactory
from django.urls import get_script_prefix, resolve, reverse, set_script_prefix
from django.utils import translation

from fleetfolk.console.navigation import links_for


def rendered(source: str, **context: object) -> str:
    return Template("{% load console %}" + source).render(Context(context))


class Invitation(forms.Form):
    """A form with each kind of control."""

    email = forms.EmailField(help_text="Goes there.")
    role = forms.ChoiceField(choices=[("1", "Admin")])
    news = forms.BooleanField(required=False)


def test_an_icon_is_hidden_from_screen_readers_unless_it_has_a_label() -> None:
    assert 'aria-hidden="true"' in rendered('{% icon "users" %}')
    labelled = rendered('{% icon "lock" label=label %}', label="<Locked>")
    assert 'role="img" aria-label="&lt;Locked&gt;"' in labelled
    assert "aria-hidden" not in labelled


def test_what_says_the_same_everywhere_is_drawn_once_for_each_language_and_prefix() -> None:
    source = '{% fixed "console/palette.html" %}'
    drawn = rendered(source)
    assert drawn == Template('{% include "console/palette.html" %}').render(Context())
    assert f'hx-get="{reverse("console:find")}"' in drawn
    with translation.override("de"):
        assert rendered(source) == Template('{% include "console/palette.html" %}').render(Context())
    before = get_script_prefix()
    set_script_prefix("/as/somebody/")
    try:
        assert 'hx-get="/as/somebody/find/"' in rendered(source)
    finally:
        set_script_prefix(before)


def test_the_menu_of_the_viewer_has_their_words_escaped_and_their_own_token() -> None:
    mine = SimpleNamespace(name="<b>Ada</b>", email="ada@lumenhome.example", role_id=7)
    drawn = rendered("{% me_menu %}", viewer=mine, theme="dark", csrf_token="mine")
    assert drawn.count('name="csrfmiddlewaretoken" value="mine"') == 2
    assert 'aria-label="&lt;b&gt;Ada&lt;/b&gt;"' in drawn
    assert drawn.count(f'"{reverse("access:role", args=[7])}"') == 2
    assert drawn.count('aria-checked="true"') == 1
    yours = SimpleNamespace(name="Bob", email="bob@lumenhome.example", role_id=8)
    other = rendered("{% me_menu True %}", viewer=yours, theme="dark", csrf_token="yours")
    assert "mine" not in other
    assert "Ada" not in other
    assert "roles/" not in other


def test_names_are_escaped_everywhere() -> None:
    shown = rendered('{% avatar 7 name %}{% tag name 3 %}{{ name|mark:"b" }}', name="<b>x</b>")
    assert "<b>" not in shown


def test_a_state_is_a_shape_and_a_word() -> None:
    assert rendered('{% status "disabled" %}') == '<span class="ff-st disabled">Disabled</span>'
    assert rendered('{% status "pending" pill=True %}') == '<span class="ff-st pill pending">Pending</span>'


def test_an_unknown_state_is_a_defect() -> None:
    with pytest.raises(KeyError):
        rendered('{% status "happy" %}')


def test_somebody_who_never_signed_in_gets_the_word_for_it() -> None:
    assert rendered("{% when moment never='Never' %}", moment=None) == '<span class="muted">Never</span>'
    assert rendered("{% when moment %}", moment=None) == ""
    assert "<time" in rendered("{% when moment %}", moment=dt.datetime(2026, 1, 1, tzinfo=dt.UTC))


def test_a_control_is_tied_to_its_hint_and_its_error() -> None:
    shown = rendered("{% control form.email autofocus=True placeholder='' %}", form=Invitation({"email": "nobody"}))
    assert 'class="form-control is-invalid"' in shown
    assert 'aria-describedby="id_email_helptext id_email_error"' in shown
    assert 'aria-invalid="true"' in shown
    assert " autofocus" in shown
    assert "placeholder" not in shown


def test_a_control_looks_as_its_kind() -> None:
    form = Invitation()
    assert 'class="form-select"' in rendered("{% control form.role %}", form=form)
    assert 'class="form-check-input m-0"' in rendered("{% control form.news %}", form=form)


def test_a_field_shows_every_error_and_the_hint_with_the_ids_its_control_names() -> None:
    form = Invitation({"email": "nobody"})
    shown = rendered('{% include "console/components/field.html" with field=form.email only %}', form=form)
    assert 'id="id_email_error"' in shown
    assert 'id="id_email_helptext"' in shown


def test_a_skeleton_has_a_row_for_each_that_is_awaited() -> None:
    shown = rendered('{% skeleton "who w3" 4 %}')
    assert (shown.count("<tr>"), shown.count("ff-sk av"), shown.count("ff-sk w3")) == (4, 4, 4)
    assert 'aria-hidden="true"' in shown


def test_the_sidebar_offers_only_what_the_viewer_may_open() -> None:
    request = RequestFactory().get("/users/")
    request.resolver_match = resolve("/users/")
    names = [link.page.name for link in links_for(request, may_see={"users.view"})]
    assert "users:list" in names
    assert "actionlog:list" not in names
    assert "users:list" not in [link.page.name for link in links_for(request, may_see=())]
    assert [link.page.name for link in links_for(request, may_see={"users.view"}) if link.current] == ["users:list"]
