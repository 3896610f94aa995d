"""A browser that answers no more costs seconds: it is ended, and another takes its place."""

import os
import signal
import time
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Error, Page

from e2e.chromium import Chromium


@pytest.fixture
def another(launch_browser: Callable[[], Browser]) -> Iterator[Chromium]:
    """A browser beside that of the run, which may hang."""
    another = Chromium(launch=launch_browser)
    yield another
    another.close()


def stopped(another: Chromium) -> Page:
    """A page in the browser, which does nothing any more."""
    page = another.answering().new_context().new_page()
    page.goto("data:text/html,<p>Here")
    os.kill(another.process, signal.SIGSTOP)
    return page


def works(another: Chromium) -> bool:
    """A page opens in it and has what it should have."""
    page = another.answering().new_context().new_page()
    page.goto("data:text/html,<p>There")
    return page.locator("p").inner_text() == "There"


def test_a_window_that_does_not_close_is_ended_with_its_browser(another: Chromium) -> None:
    page = stopped(another)
    begun = time.monotonic()
    another.close_windows([page.context], seconds=2)
    assert time.monotonic() - begun < 20
    assert another.hung == ["The browser did not close a window within 2 s and was ended."]
    assert works(another)


def test_who_waits_for_a_browser_that_hangs_has_an_error(another: Chromium) -> None:
    page = stopped(another)
    with another.within(2, "get through a journey"), pytest.raises(Error, match="closed"):
        page.evaluate("1 + 1")
    assert another.hung == ["The browser did not get through a journey within 2 s and was ended."]
    assert works(another)


def test_windows_that_close_leave_their_browser_as_it_is(another: Chromium) -> None:
    first = another.answering()
    page = first.new_context().new_page()
    another.close_windows([page.context])
    assert another.answering() is first
    assert another.hung == []
