"""Signing in and out, and what a stranger at the sign-in page can learn or spoil."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.conf import settings
from django.contrib.auth.hashers import get_hasher
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from fleetfolk.actionlog.models import Entry
from fleetfolk.kernel.perform import perform
from fleetfolk.testing.cast import PASSWORD, Cast, actor, fresh
from fleetfolk.testing.door import staging
from fleetfolk.testing.plugin import SignedIn
from fleetfolk.users.actions.disable_user import DisableUser
from fleetfolk.users.actions.end_sessions import EndSessions
from fleetfolk.users.actions.no_input import NoInput, ReasonInput
from fleetfolk.users.actions.reset_password import ResetPassword
from fleetfolk.users.models import User
from fleetfolk.users.tests.links import pending

WRONG = "not the password"


def sign_in(browser: Client, email: str, password: str = PASSWORD, address: str = "192.0.2.7") -> tuple[int, str]:
    """The status and the text of the answer, without what differs with every form."""
    answer = browser.post(
        reverse("account_login"),
        {"login": email, "password": password},
        REMOTE_ADDR=address,
        headers={"host": "localhost"},
    )
    text = answer.content.decode().partition("<main")[2].partition("</main>")[0]
    typed = f'value="{email}"'
    return answer.status_code, "\n".join(line for line in text.splitlines() if "csrf" not in line).replace(typed, "")


def state(cast: Cast, name: str) -> str:
    """The address of somebody in this state."""
    match name:
        case "unknown":
            return "nobody@lumenhome.example"
        case "pending":
            return pending(cast).email
        case "disabled":
            perform(DisableUser, actor=actor(cast.ada), target_id=cast.bob.pk, data=ReasonInput())
            return cast.bob.email
        case "without a password":
            perform(ResetPassword, actor=actor(cast.ada), target_id=cast.sue.pk, data=ReasonInput())
            return cast.sue.email
        case _:
            return cast.cleo.email


@contextmanager
def counted_hashes() -> Iterator[list[str]]:
    """Collects every password that is hashed or checked: what takes the time of a sign-in."""
    hasher, hashed = type(get_hasher()), []
    encode, verify = hasher.encode, hasher.verify

    def counted_encode(self: object, password: str, *rest: object, **more: object) -> object:
        hashed.append("encode")
        return encode(self, password, *rest, **more)  # type: ignore[arg-type]

    def counted_verify(self: object, password: str, *rest: object, **more: object) -> object:
        hashed.append("verify")
        return verify(self, password, *rest, **more)  # type: ignore[arg-type]

    hasher.encode, hasher.verify = counted_encode, counted_verify  # type: ignore[assignment, method-assign]
    try:
        yield hashed
    finally:
        hasher.encode, hasher.verify = encode, verify  # type: ignore[method-assign]


STATES = ["known", "unknown", "pending", "disabled", "without a password"]


def test_a_wrong_password_gets_the_same_answer_after_the_same_work_whoever_is_meant(cast: Cast) -> None:
    answers, works = set(), set()
    for name in STATES:
        email = state(cast, name)
        with counted_hashes() as hashed:
            answers.add(sign_in(Client(), email, WRONG))
        works.add(len(hashed))
    assert len(answers) == 1
    assert works == {1}
    assert next(iter(answers))[0] == 200


def test_ada_signs_in_by_an_address_in_any_case_and_the_session_is_a_new_one(cast: Cast) -> None:
    browser = Client()
    browser.get(reverse("account_login"))
    session = browser.session
    session["before"] = "x"
    session.save()
    before = session.session_key
    assert sign_in(browser, "ADA@LumenHome.example")[0] == 302
    assert browser.session.session_key != before
    assert fresh(cast.ada).last_sign_in_at
    entry = Entry.objects.filter(code="user.session.start").latest("at")
    assert (entry.result, entry.target_label, str(entry.address)) == ("done", "Ada Lindqvist", "192.0.2.7")


def test_a_second_person_in_the_same_browser_gets_a_session_of_their_own(cast: Cast) -> None:
    browser = Client()
    sign_in(browser, cast.ada.email)
    first = browser.session.session_key
    browser.post(reverse("account_logout"))
    sign_in(browser, cast.bob.email)
    assert browser.session.session_key != first
    assert browser.session["_auth_user_id"] == str(cast.bob.pk)


def test_a_forged_session_cookie_is_nobody(cast: Cast, signed_in: SignedIn) -> None:
    browser = signed_in(cast.ada)
    browser.cookies["fleetfolk"] = "0" * 32
    assert browser.get(f"/users/{cast.bob.pk}/").status_code == 302


def test_a_disabled_person_with_the_right_password_is_told_so_and_stays_out(cast: Cast) -> None:
    state(cast, "disabled")
    browser = Client()
    status, text = sign_in(browser, cast.bob.email)
    assert status == 403
    assert "Your account is disabled. Ask Familie Berg to enable it." in text
    assert browser.get("/users/").status_code == 302
    assert "_auth_user_id" not in browser.session
    entry = Entry.objects.filter(code="user.session.start").latest("at")
    assert (entry.result, entry.reason) == ("refused", "sign_in_disabled")


def test_an_invited_person_cannot_sign_in_with_any_password(cast: Cast) -> None:
    assert sign_in(Client(), pending(cast).email, "")[0] == 200
    assert sign_in(Client(), "paul@lumenhome.example", PASSWORD)[0] == 200


def test_signing_out_asks_ends_the_session_and_is_in_the_log(cast: Cast, signed_in: SignedIn) -> None:
    browser = signed_in(cast.ada)
    browser.get(reverse("account_logout"))
    assert browser.get(f"/users/{cast.bob.pk}/").status_code == 200
    cookie = browser.cookies["fleetfolk"].value
    browser.post(reverse("account_logout"))
    browser.cookies["fleetfolk"] = cookie
    assert browser.get(f"/users/{cast.bob.pk}/").status_code == 302, "the cookie is worth nothing any more"
    assert Entry.objects.filter(code="user.session.end", actor_id=str(cast.ada.pk)).count() == 1


def test_the_thirty_first_guess_from_one_address_is_refused_even_when_it_is_right(cast: Cast) -> None:
    for number in range(30):
        assert "Too many" not in sign_in(Client(), f"guess{number}@lumenhome.example", WRONG)[1]
    status, text = sign_in(Client(), cast.cleo.email)
    assert (status, "Too many" in text) == (200, True)
    assert sign_in(Client(), cast.cleo.email, address="198.51.100.9")[0] == 302


def test_strangers_guesses_at_an_account_end_but_do_not_lock_its_owner_out(cast: Cast) -> None:
    owner = Client()
    assert sign_in(owner, cast.bob.email)[0] == 302
    owner.post(reverse("account_logout"))
    for number in range(10):
        sign_in(Client(), cast.bob.email, WRONG, address=f"203.0.113.{number}")
    assert "Too many" in sign_in(Client(), cast.bob.email, WRONG, address="203.0.113.99")[1]
    assert "Too many" in sign_in(Client(), cast.bob.email, PASSWORD, address="203.0.113.98")[1]
    assert sign_in(owner, cast.bob.email)[0] == 302


def test_a_flood_of_other_counts_does_not_wipe_out_those_of_an_account(cast: Cast) -> None:
    for number in range(10):
        sign_in(Client(), cast.bob.email, WRONG, address=f"203.0.113.{number}")
    for number in range(500):
        cache.set(f"zz-{number}", [number], 900)
    assert "Too many" in sign_in(Client(), cast.bob.email, PASSWORD, address="203.0.113.98")[1]


def test_a_neighbour_behind_the_same_address_does_not_lock_a_known_browser_out(cast: Cast) -> None:
    owner = Client()
    sign_in(owner, cast.bob.email)
    owner.post(reverse("account_logout"))
    for number in range(31):
        sign_in(Client(), f"guess{number}@lumenhome.example", WRONG)
    assert sign_in(owner, cast.bob.email)[0] == 302


def test_a_browser_known_to_one_account_is_a_stranger_to_another(cast: Cast) -> None:
    owner, eve = Client(), Client()
    for browser, person in ((owner, cast.bob), (eve, cast.eve)):
        sign_in(browser, person.email)
        browser.post(reverse("account_logout"))
    for number in range(10):
        sign_in(eve, cast.bob.email, WRONG, address=f"203.0.113.{number}")
    assert "Too many" in sign_in(eve, cast.bob.email, PASSWORD, address="203.0.113.99")[1]
    assert sign_in(owner, cast.bob.email)[0] == 302


def test_a_forged_known_browser_is_a_stranger(cast: Cast) -> None:
    for number in range(10):
        sign_in(Client(), cast.bob.email, WRONG, address=f"203.0.113.{number}")
    forger = Client()
    forger.cookies["fleetfolk-known"] = "0" * 32 + ":1:forged"
    assert "Too many" in sign_in(forger, cast.bob.email, PASSWORD, address="203.0.113.99")[1]


@pytest.mark.parametrize("path", ["/sign-up/", "/signup/", "/login/", "/email/", "/confirm-email/", "/password/set/"])
def test_no_other_door_of_the_library_is_open(cast: Cast, path: str) -> None:
    assert Client().get(path).status_code == 404
    before = User.objects.count()
    assert Client().post(path, {"email": "new@example.org", "password1": PASSWORD}).status_code == 404
    assert User.objects.count() == before


def test_the_sign_in_form_of_another_site_is_refused(cast: Cast) -> None:
    answer = Client(enforce_csrf_checks=True).post("/sign-in/", {"login": cast.bob.email, "password": PASSWORD})
    assert answer.status_code == 403


def test_after_a_forced_log_out_no_browser_of_his_works(cast: Cast, signed_in: SignedIn) -> None:
    browsers = [signed_in(cast.bob), signed_in(cast.bob)]
    perform(EndSessions, actor=actor(cast.ada), target_id=cast.bob.pk, data=NoInput())
    assert [browser.get("/password/change/").status_code for browser in browsers] == [302, 302]


def test_a_session_that_outlived_a_disabling_is_refused_all_the_same(cast: Cast, signed_in: SignedIn) -> None:
    browser = signed_in(cast.bob)
    with staging():
        User.objects.filter(pk=cast.bob.pk).update(disabled_at="2026-01-01T00:00:00Z")
    assert browser.get("/password/change/").status_code == 302


def test_the_way_back_after_signing_in_never_leaves_this_site(cast: Cast) -> None:
    answer = Client().post(
        "/sign-in/?next=https://evil.example/",
        {"login": cast.ada.email, "password": PASSWORD, "next": "//evil.example"},
    )
    assert answer["Location"] == "/"


SIGNED_OUT = "You were signed out meanwhile."


def test_whoever_was_signed_out_on_a_page_is_told_and_comes_back_to_it(cast: Cast) -> None:
    act = f"/users/{cast.bob.pk}/location/"
    page = {"HX-Request": "true", "HX-Current-URL": f"{settings.FLEETFOLK_ORIGIN}/users/?q=bob"}
    there = Client().post(act, headers=page)["HX-Redirect"]
    assert there == "/sign-in/?next=/users/%3Fq%3Dbob&ended=1"
    assert (
        Client()
        .post(act, headers={"Referer": f"{settings.FLEETFOLK_ORIGIN}/users/#top"})["Location"]
        .endswith("=/users/&ended=1")
    )
    assert SIGNED_OUT in Client().get(there).content.decode()
    plain = Client().get("/users/?q=bob")["Location"]
    assert plain == "/sign-in/?next=/users/%3Fq%3Dbob"
    assert SIGNED_OUT not in Client().get(plain).content.decode()


@pytest.mark.parametrize(
    "where", ["https://evil.example/users/", f"{settings.FLEETFOLK_ORIGIN}//evil.example/", "http://[", "", "nonsense"]
)
def test_no_page_elsewhere_is_come_back_to(cast: Cast, where: str) -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": where}
    there = Client().post(f"/users/{cast.bob.pk}/location/", headers=headers)["HX-Redirect"]
    answer = Client().post(there, {"login": cast.ada.email, "password": PASSWORD})
    assert answer.status_code == 302
    assert answer["Location"].startswith("/")
    assert not answer["Location"].startswith("//")


def test_a_customer_arrives_at_a_page_of_his_own(cast: Cast) -> None:
    browser = Client()
    answer = browser.post(reverse("account_login"), {"login": cast.bob.email, "password": PASSWORD}, follow=True)
    assert answer.status_code == 200
    assert "Your devices will be here" in answer.content.decode()
