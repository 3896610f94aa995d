"""The file of the log asks first whether it is still the same person, and leaves the page where it is."""

from typing import Any
from urllib.parse import urlencode

from fleetfolk.actionlog.models import Entry
from fleetfolk.testing.cast import PASSWORD, Cast
from fleetfolk.testing.plugin import SignedIn

FILE = "/action-log/export/?q=user.disable"
HTMX = {"HX-Request": "true", "HX-Target": "dialog-host"}


def exported() -> int:
    return Entry.objects.filter(code="log.export", result="done").count()


def test_the_page_s_link_opens_the_question_and_then_the_browser_fetches_the_file(
    cast: Cast, signed_in: SignedIn
) -> None:
    browser = signed_in(cast.ada, minutes_ago=11)
    assert 'hx-get="/action-log/export/' in browser.get("/action-log/").content.decode()
    asked = browser.get(FILE, headers=HTMX)
    assert asked["HX-Retarget"] == "#dialog-host"
    assert "Confirm that it is you" in asked.content.decode()
    proof = f"/prove/?{urlencode({'next': FILE})}"
    assert proof in asked.content.decode()
    wrong = browser.post(proof, {"own_password": "no"}, headers=HTMX)
    assert (wrong.status_code, exported()) == (422, 0)
    proved = browser.post(proof, {"own_password": PASSWORD}, headers=HTMX)
    assert (proved["HX-Redirect"], proved["HX-Trigger"]) == (FILE, "dialog:close")
    assert exported() == 0
    assert browser.get(FILE, headers=HTMX)["HX-Redirect"] == FILE
    answer: Any = browser.get(FILE)
    assert answer["Content-Disposition"].startswith("attachment")
    assert exported() == 1


def test_without_scripts_a_page_fetches_the_file_and_leads_back(cast: Cast, signed_in: SignedIn) -> None:
    browser = signed_in(cast.ada, minutes_ago=11)
    assert "Confirm that it is you" in browser.get(FILE).content.decode()
    answer = browser.post("/prove/", {"own_password": PASSWORD}, query_params={"next": FILE})
    assert answer["Refresh"] == f"0; url={FILE}"
    assert 'href="/action-log/?q=user.disable"' in answer.content.decode()
    assert "Your download begins" in answer.content.decode()


def test_no_address_of_others_is_fetched(cast: Cast, signed_in: SignedIn) -> None:
    browser = signed_in(cast.ada, minutes_ago=11)
    for address in ("https://evil.example/action-log/export/", "//evil.example/action-log/export/", "/nowhere/"):
        answer = browser.post("/prove/", {"own_password": PASSWORD}, query_params={"next": address})
        assert "Refresh" not in answer.headers, address


def test_who_may_not_read_the_log_gets_nothing_by_another_way(cast: Cast, signed_in: SignedIn) -> None:
    browser = signed_in(cast.bob)
    assert browser.get(FILE, headers=HTMX)["HX-Redirect"] == FILE
    assert browser.get(FILE).status_code == 403
