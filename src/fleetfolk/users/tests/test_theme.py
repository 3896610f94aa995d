"""Light or dark, kept with the account."""

import pytest
from django.test import Client

from fleetfolk.actionlog.models import Entry
from fleetfolk.testing.cast import Cast, fresh
from fleetfolk.testing.door import staging
from fleetfolk.testing.plugin import SignedIn


@pytest.mark.parametrize(("who", "path"), [("bob", "/"), ("ada", "/users/")])
@pytest.mark.parametrize("theme", ["dark", "light", "auto"])
def test_the_theme_that_was_chosen_comes_with_every_page(
    cast: Cast, signed_in: SignedIn, who: str, path: str, theme: str
) -> None:
    person = getattr(cast, who)
    signed_in(person).post("/account/theme/", {"theme": theme})
    head = signed_in(person).get(path).content.decode()[:600]
    assert f'data-bs-theme="{"dark" if theme == "dark" else "light"}"' in head
    assert f'data-theme-choice="{theme}"' in head
    assert fresh(person).theme == theme


def test_a_script_gets_no_page_and_a_form_goes_back(cast: Cast, signed_in: SignedIn) -> None:
    bobs = signed_in(cast.bob)
    assert bobs.post("/account/theme/", {"theme": "dark"}, headers={"HX-Request": "true"}).status_code == 204
    assert bobs.post("/account/theme/", {"theme": "light"})["Location"] == "/account/"


@pytest.mark.parametrize("theme", ["", "pink", "dark'"])
def test_there_is_no_other_theme(cast: Cast, signed_in: SignedIn, theme: str) -> None:
    assert signed_in(cast.bob).post("/account/theme/", {"theme": theme}).status_code == 404
    assert fresh(cast.bob).theme == "auto"


def test_the_same_theme_again_leaves_no_entry(cast: Cast, signed_in: SignedIn) -> None:
    signed_in(cast.bob).post("/account/theme/", {"theme": "auto"})
    assert not Entry.objects.filter(code="user.profile.edit").exists()


def test_a_signed_out_page_knows_nobodys_theme(db: None) -> None:
    assert "data-theme-choice" not in Client().get("/sign-in/").content.decode()


def test_a_language_that_is_not_spoken_here_mixes_nothing_in(cast: Cast, signed_in: SignedIn) -> None:
    with staging():
        type(cast.bob).objects.filter(pk=cast.bob.pk).update(language="nl")
    page = signed_in(cast.bob).get("/").content.decode()
    assert '<html lang="en"' in page
    assert "Messages" in page
    assert "Berichten" not in page


def test_a_page_is_in_the_language_that_the_person_chose_whatever_the_browser_wants(
    cast: Cast, signed_in: SignedIn
) -> None:
    with staging():
        type(cast.bob).objects.filter(pk=cast.bob.pk).update(language="de")
    page = signed_in(cast.bob).get("/", HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert '<html lang="de"' in page
    assert "Nachrichten" in page


def test_a_signed_out_page_is_in_the_language_of_the_browser(db: None) -> None:
    page = Client().get("/sign-in/", HTTP_ACCEPT_LANGUAGE="de-AT,en;q=0.5").content.decode()
    assert '<html lang="de"' in page
    assert "Passwort" in page
