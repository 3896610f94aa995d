"""The Organizations page: who sees which part of the tree, and how it is searched, sorted, counted and taken along."""

import re

import pytest

from fleetfolk.actionlog.models import Entry
from fleetfolk.devices.models import DeviceState
from fleetfolk.kernel import clock
from fleetfolk.organizations.models import Organization
from fleetfolk.testing.cast import Cast, accept, create_organization, invite
from fleetfolk.testing.devices import device_of
from fleetfolk.testing.door import staging
from fleetfolk.testing.plugin import SignedIn

ADDRESS = "/organizations/"
HTMX = {"HX-Request": "true", "HX-Target": "tree"}


def names(body: str) -> list[str]:
    return re.findall(r'data-open href="[^"]+" title="([^"]+)"', body)


def shown(browser: object, query: str = "") -> list[str]:
    answer = browser.get(f"{ADDRESS}{query}", headers=HTMX)  # type: ignore[attr-defined]
    assert answer.status_code == 200
    return names(answer.content.decode())


def cells(body: str, name: str) -> list[str]:
    """The numbers of the row: users, devices, organizations below."""
    row = next(part for part in body.split("<tr ") if f'title="{name}"' in part)
    found = re.findall(r'<td class="right num hide-s">(.*?)</td>', row)
    return [re.sub("<.*?>", "", cell) for cell in found]


def test_a_tree_shows_what_is_right_below_and_opens(cast: Cast, signed_in: SignedIn) -> None:
    browser = signed_in(cast.ada)
    assert shown(browser) == ["Lumen Home", "North", "South"]
    assert shown(browser, f"?open={cast.north.pk}") == ["Lumen Home", "North", "Familie Berg", "South"]
    body = browser.get(f"{ADDRESS}?open={cast.north.pk}").content.decode()
    assert 'aria-label="Close North"' in body
    closed = browser.get(ADDRESS).content.decode()
    assert 'aria-label="Open North"' in closed
    assert "4 organizations" in closed
    assert "&lt;" not in body[body.index("<tbody") : body.index("</tbody")]


def test_a_branch_below_a_closed_one_is_not_shown(cast: Cast, signed_in: SignedIn) -> None:
    create_organization(cast.berg, "Bergs Keller", by=cast.ada)
    browser = signed_in(cast.ada)
    assert shown(browser, f"?open={cast.berg.pk}") == ["Lumen Home", "North", "South"]
    both = shown(browser, f"?open={cast.berg.pk}&open={cast.north.pk}")
    assert both == ["Lumen Home", "North", "Familie Berg", "Bergs Keller", "South"]


@pytest.mark.parametrize(
    ("who", "expected"),
    [("finn", ["Familie Berg", "North"]), ("sam", ["South"]), ("bea", ["Familie Berg"]), ("eve", ["Evil Corp"])],
)
def test_nobody_sees_above_or_beside_their_own(cast: Cast, signed_in: SignedIn, who: str, expected: list[str]) -> None:
    browser = signed_in(getattr(cast, who))
    assert shown(browser, "?sort=name") == expected
    assert shown(browser, "?sort=name&q=lumen") == []
    assert shown(browser, f"?open={cast.lumen.pk}&open={cast.south.pk}")[0] == expected[-1]
    for address in ("?sort=name", "export/?sort=name"):
        answer = browser.get(f"{ADDRESS}{address}")
        body = b"".join(answer).decode()
        assert "Lumen Home ›" not in body


def test_search_looks_everywhere_and_says_where(cast: Cast, signed_in: SignedIn) -> None:
    browser = signed_in(cast.ada)
    assert shown(browser, "?q=berg") == ["Familie Berg"]
    assert "Lumen Home › North" in browser.get(f"{ADDRESS}?q=berg").content.decode()
    assert "No organization found" in browser.get(f"{ADDRESS}?q=nowhere").content.decode()


def test_numbers_count_everything_below(cast: Cast, signed_in: SignedIn) -> None:
    device, _token = device_of(cast.berg)
    body = signed_in(cast.ada).get(ADDRESS).content.decode()
    assert cells(body, "Lumen Home") == ["9", "1", "3"]
    assert cells(body, "North") == ["4", "1", "1"]
    assert cells(body, "South") == ["2", "·", "·"]
    with staging():
        type(device).objects.filter(pk=device.pk).update(deleted_at=clock.now())
    assert device.__class__.objects.get(pk=device.pk).state == DeviceState.DELETED
    assert cells(signed_in(cast.ada).get(ADDRESS).content.decode(), "North") == ["4", "·", "1"]


@pytest.mark.parametrize("sort", ["name", "tree", "kind", "users", "devices", "below", "created"])
@pytest.mark.parametrize("direction", ["asc", "desc"])
def test_pages_follow_each_other_in_every_order(cast: Cast, signed_in: SignedIn, sort: str, direction: str) -> None:
    for number in range(60):
        create_organization(cast.south, f"Home {number % 30:02} of {number}", by=cast.ada)
    accept(invite(Organization.objects.get(name="Home 07 of 7"), "Ida Seven", cast.role("user"), by=cast.ada))
    browser = signed_in(cast.ada)
    seen: list[str] = []
    body = ""
    address = f"?sort={sort}&dir={direction}&open={cast.south.pk}"
    for _page in range(5):
        body = browser.get(f"{ADDRESS}{address}").content.decode()
        seen += names(body)
        following = re.search(r'id="page-next" href="([^"]+)"', body)
        if following is None:
            break
        address = following[1].replace("&amp;", "&")
    assert len(seen) == len(set(seen)) == (63 if sort == "tree" and direction == "asc" else 64)
    if sort == "users":
        assert set(seen[:4] if direction == "desc" else seen[-4:]) >= {"Lumen Home", "North", "South"}
    back = re.search(r'id="page-previous" href="([^"]+)"', body)
    assert back is not None
    assert names(browser.get(ADDRESS + back[1].replace("&amp;", "&")).content.decode()) == seen[25:50]


def test_parts_narrow_the_list(cast: Cast, signed_in: SignedIn) -> None:
    empty = create_organization(cast.south, "Empty", by=cast.ada)
    device_of(cast.berg)
    with staging():
        Organization.objects.filter(pk=cast.south.pk).update(archived_at=clock.now())
        Organization.objects.filter(pk=cast.berg.pk).update(kind="installer")
        Organization.objects.filter(pk=empty.pk).update(created_by_id=cast.abe.pk)
    browser = signed_in(cast.abe)
    assert shown(browser, "?part=archived") == ["South"]
    assert shown(browser, "?part=mine") == ["Empty"]
    assert shown(browser, "?part=partners") == ["Familie Berg"]
    assert shown(browser, "?part=no_devices") == ["Empty"]
    assert shown(browser, "?part=no_users") == ["Empty"]
    assert "South" not in shown(browser)
    assert shown(browser, "?kind=installer") == ["Familie Berg"]


def test_the_list_is_taken_along_with_an_entry(cast: Cast, signed_in: SignedIn) -> None:
    answer = signed_in(cast.finn).get(f"{ADDRESS}export/?sort=name")
    body = b"".join(answer).decode()
    assert "Familie Berg" in body
    assert "South" not in body
    assert Entry.objects.filter(code="organization.list.export", actor_label=str(cast.finn)).count() == 1


def test_whoever_moves_takes_everything_below_along(cast: Cast) -> None:
    deep = create_organization(cast.berg, "Deep", by=cast.ada)
    device, _token = device_of(deep)
    with staging():
        Organization.objects.filter(pk=cast.berg.pk).update(parent=cast.south)
    deep.refresh_from_db()
    device.refresh_from_db()
    cast.bob.refresh_from_db()
    below = f"{cast.south.path}{cast.berg.pk}."
    assert (cast.bob.path, deep.path, device.path) == (below, f"{below}{deep.pk}.", f"{below}{deep.pk}.")
    assert deep.line.startswith(cast.south.line)
    with staging():
        Organization.objects.filter(pk=cast.south.pk).update(name="Süd")
    deep.refresh_from_db()
    assert "sud\x01" in deep.line
