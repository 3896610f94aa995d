"""A form that is a page of its own has a way back: to a page of this installation, whatever a browser says."""

import pytest
from django.conf import settings

from fleetfolk.testing.cast import Cast
from fleetfolk.testing.plugin import SignedIn

HERE = settings.FLEETFOLK_ORIGIN


@pytest.mark.parametrize(
    ("before", "back"),
    [
        (f"{HERE}/users/?q=cleo#people", "/users/?q=cleo"),
        ("", "/"),
        ("https://evil.example/users/", "/"),
        (f"{HERE}.evil.example/", "/"),
        (f"{HERE}//evil.example/", "/"),
        (f"{HERE}/\\evil.example/", "/"),
        ("javascript:alert(1)", "/"),
    ],
)
def test_cancel_leads_back_and_nowhere_else(cast: Cast, signed_in: SignedIn, before: str, back: str) -> None:
    page = signed_in(cast.ada).get(f"/users/{cast.cleo.pk}/disable/", headers={"Referer": before})
    assert f'<a class="btn" href="{back}">Cancel</a>' in page.content.decode()


def test_a_refused_form_leads_to_the_first_page(cast: Cast, signed_in: SignedIn) -> None:
    path = f"/users/{cast.cleo.pk}/edit/"
    page = signed_in(cast.ada).post(path, {}, headers={"Referer": f"{HERE}{path}?from=list"})
    assert page.status_code == 422
    assert '<a class="btn" href="/">Cancel</a>' in page.content.decode()
