"""The sidebar lists what the viewer may open, and marks where they are."""

import pytest

from fleetfolk.testing.cast import Cast
from fleetfolk.testing.plugin import SignedIn

FOR_ADMINS = ("/assistance/", "/erasures/", "/settings/")


def current(body: str) -> str:
    """The address of the link that the sidebar marks."""
    before = body.partition('aria-current="page">')[0]
    return before.rpartition('href="')[2].partition('"')[0]


@pytest.mark.parametrize("path", ["/users/", "/erasures/", "/assistance/", "/lookup/"])
def test_the_page_that_is_open_is_marked_and_no_other(cast: Cast, signed_in: SignedIn, path: str) -> None:
    body = signed_in(cast.ada).get(path).content.decode()
    sidebar = body[body.index('<div class="ff-nav">') : body.index('class="ff-me"')]
    assert sidebar.count("aria-current") == 1
    assert current(sidebar) == path


@pytest.mark.parametrize(("path", "link"), [("/users/{bob}/", "/users/"), ("/roles/why/", "/roles/")])
def test_a_page_behind_another_marks_the_one_it_lies_behind(
    cast: Cast, signed_in: SignedIn, path: str, link: str
) -> None:
    body = signed_in(cast.ada).get(path.format(bob=cast.bob.pk)).content.decode()
    assert current(body[body.index('<div class="ff-nav">') :]) == link


@pytest.mark.parametrize(("who", "seen"), [("ada", FOR_ADMINS), ("cleo", ()), ("dana", ())])
def test_links_lead_only_where_one_may_go(cast: Cast, signed_in: SignedIn, who: str, seen: tuple[str, ...]) -> None:
    browser = signed_in(getattr(cast, who))
    body = browser.get("/users/").content.decode()
    assert tuple(path for path in FOR_ADMINS if f'href="{path}"' in body) == seen
    assert all(browser.get(path).status_code == 200 for path in seen)


def test_the_sidebar_speaks_the_language_of_who_looks_and_names_them_alone(cast: Cast, signed_in: SignedIn) -> None:
    ada, cleo = signed_in(cast.ada), signed_in(cast.cleo)
    for browser, person, other in ((ada, cast.ada, cast.cleo), (cleo, cast.cleo, cast.ada), (ada, cast.ada, cast.cleo)):
        body = browser.get("/lookup/").content.decode()
        sidebar = body[body.index('<nav class="ff-side"') : body.index("</nav>")]
        assert person.name in sidebar
        assert person.role.name in sidebar
        assert other.name not in sidebar
        assert sidebar.count('name="csrfmiddlewaretoken"') == 2
    assert "Rollen" in ada.get("/lookup/", HTTP_ACCEPT_LANGUAGE="de").content.decode()
    assert "Rollen" not in ada.get("/lookup/").content.decode()
