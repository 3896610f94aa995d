"""A change of rights wakes the open pages that it concerns, and costs all others nothing."""

import asyncio
from collections.abc import Iterable
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connection

from fleetfolk.gateway.live import RIGHTS, Live, OpenPage, session_mark
from fleetfolk.gateway.viewers import Door, Seen
from fleetfolk.messages.arrivals import CHANNEL as INBOX
from fleetfolk.testing.cast import Cast
from fleetfolk.testing.devices import device_of, shared_with
from fleetfolk.testing.plugin import SignedIn
from fleetfolk.testing.races import _address


def page_of(live: Live, key: str, *, tenant: int | None, devices: Iterable[int] = (1,)) -> OpenPage:
    """A page that is open and has been looked at."""
    page = OpenPage(Door(assistance=None, cookies={settings.SESSION_COOKIE_NAME: key}), devices)
    live._add(page)
    if tenant is not None:
        live._belongs(page, Seen(person_id=1, tenant_id=tenant, devices={}))
    page.due()
    return page


@pytest.fixture
def live() -> Live:
    return Live()


def test_a_storm_of_sign_ins_of_one_tenant_wakes_nobody_of_another(live: Live) -> None:
    async def storm() -> tuple[bool, ...]:
        mine, colleague = page_of(live, "mine", tenant=1), page_of(live, "colleague", tenant=1)
        stranger, new = page_of(live, "stranger", tenant=2), page_of(live, "new", tenant=None)
        for number in range(1000):
            live._heard(RIGHTS, f"session {session_mark(str(number))}")
        assert not any(page.wake.is_set() for page in live.pages)
        live._heard(RIGHTS, f"session {session_mark('mine')}")
        assert [page.wake.is_set() for page in (mine, colleague, stranger, new)] == [True, False, False, False]
        live._heard(RIGHTS, "tenant 1")
        return tuple(page.wake.is_set() for page in (mine, colleague, stranger, new))

    assert asyncio.run(storm()) == (True, True, False, True)


def test_a_note_that_says_not_whose_wakes_everybody(live: Live) -> None:
    async def heard() -> bool:
        pages = [page_of(live, "one", tenant=1), page_of(live, "two", tenant=2)]
        live._heard(RIGHTS, "")
        return all(page.wake.is_set() for page in pages)

    assert asyncio.run(heard())


def test_nothing_is_left_of_a_page_that_is_closed(live: Live) -> None:
    async def close() -> None:
        pages = [page_of(live, str(number), tenant=number % 3 or None, devices=range(20)) for number in range(30)]
        pages[0].events([3], Seen(person_id=1, tenant_id=1, devices={}))
        for page in pages:
            live._remove(page)

    asyncio.run(close())
    assert not live.pages
    for kept in (live._about, live._of_tenant, live._of_session):
        assert dict(kept) == {}


def test_the_database_says_whose_rights_have_changed(copy: Cast) -> None:
    device, _token = device_of(copy.berg, owner=copy.bob)
    shares = [shared_with(device, person) for person in (copy.sue, copy.sam)]
    browser = SignedIn()(copy.bob)
    key = browser.session.session_key or ""
    with psycopg.connect(**_address(), autocommit=True) as other:
        other.execute(f"LISTEN {RIGHTS}")

        def said(sql: str, *values: Any) -> set[str]:
            with connection.cursor() as cursor:
                cursor.execute(sql, values)
            return {note.payload for note in other.notifies(timeout=2, stop_after=1)}

        mine = {f"tenant {copy.lumen.pk}"}
        assert said("UPDATE devices_share SET level = 'control' WHERE id = %s", shares[0].pk) == mine
        assert said("DELETE FROM devices_share WHERE device_id = %s", device.pk) == mine
        assert said("UPDATE users_user SET session_epoch = session_epoch WHERE id = %s", copy.eve.pk) == {
            f"tenant {copy.evil.pk}"
        }
        assert said("UPDATE access_role SET permissions = permissions WHERE id = %s", copy.bob.role_id) == mine
        switches = "INSERT INTO access_roleswitches (tenant_id, organization_id, role_id, permissions)"
        about = (copy.lumen.pk, copy.berg.pk, copy.bob.role_id)
        assert said(f"{switches} VALUES (%s, %s, %s, '{{}}')", *about) == mine
        assert said("DELETE FROM access_roleswitches WHERE role_id = %s", copy.bob.role_id) == mine
        assert said("DELETE FROM django_session WHERE session_key = %s", key) == {f"session {session_mark(key)}"}


def test_a_message_wakes_the_pages_of_who_got_it(live: Live) -> None:
    async def heard() -> tuple[bool, ...]:
        pages = []
        for person, tenant in ((1, 1), (2, 1), (3, 2)):
            page = OpenPage(Door(assistance=None, cookies={settings.SESSION_COOKIE_NAME: str(person)}), (), inbox=True)
            live._add(page)
            live._belongs(page, Seen(person_id=person, tenant_id=tenant, devices={}))
            page.due()
            pages.append(page)
        live._heard(INBOX, "people 1")
        first = tuple(page.wake.is_set() for page in pages)
        for page in pages:
            page.due()
        live._heard(INBOX, "tenant 1")
        return (*first, *(page.wake.is_set() for page in pages))

    assert asyncio.run(heard()) == (True, False, False, True, True, False)


def test_a_page_that_did_not_ask_is_not_woken_by_messages(live: Live) -> None:
    async def heard() -> bool:
        page = page_of(live, "mine", tenant=1)
        live._heard(INBOX, "people 1")
        live._heard(INBOX, "tenant 1")
        return page.wake.is_set()

    assert not asyncio.run(heard())


def test_what_is_told_of_an_inbox_is_told_once() -> None:
    page = OpenPage(Door(assistance=None, cookies={}), (), inbox=True)
    seen = Seen(person_id=1, tenant_id=1, devices={}, inbox="2-7")
    assert page.events([], seen) == b'event: inbox\ndata: {"key": "2-7"}\n\n'
    assert page.events([], seen) == b""
