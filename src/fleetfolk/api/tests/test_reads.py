"""What programs read: the pages' own lists, and nothing of anybody else."""

from typing import Any

import pytest

from fleetfolk.access.models_switches import RoleSwitches
from fleetfolk.api.scopes import scopes_there_are
from fleetfolk.api.tests.asking import Program, reason
from fleetfolk.segments.models import Segment
from fleetfolk.testing.cast import Cast
from fleetfolk.testing.door import staging
from fleetfolk.testing.samples import SAMPLES
from fleetfolk.testing.samples_api import access_of, key_of, program_of
from fleetfolk.testing.samples_segments import segment_of

ALL = [one.code for one in scopes_there_are()]
LISTS = {
    "users": "users.view",
    "devices": "devices.view",
    "organizations": "organizations.view",
    "roles": "roles.view",
    "tags": "organizations.view",
    "locations": "locations.view",
    "templates": "templates.view",
    "segments": "segments.view",
    "messages": "messages.view",
    "log": "actionlog.view",
}
NORTHERN = ("Cleo", "Finn", "North", "Depot", "Vip")


def things(cast: Cast) -> dict[str, int]:
    """Something of North of every kind that has an address of its own."""
    return {
        "users": cast.cleo.pk,
        "organizations": cast.north.pk,
        "devices": SAMPLES["device.edit"](cast).target_id,
        "segments": SAMPLES["segment.edit"](cast).target_id,
        "messages": SAMPLES["message.edit"](cast).target_id,
        "jobs": SAMPLES["job.cancel"](cast).target_id,
    }


def test_who_may_reads_everything(cast: Cast) -> None:
    there = things(cast)
    for program in (
        Program(key_of(cast.ada, scopes=ALL)),
        Program(access_of(program_of(cast.lumen, by=cast.ada, rights=READ), by=cast.ada)),
    ):
        for name in [*LISTS, "jobs"]:
            answer = program.get(name)
            assert answer.status_code == 200, (name, answer.content)
        for name, key in there.items():
            answer = program.get(f"{name}/{key}")
            assert (answer.status_code, answer.json()["id"]) == (200, key), name
        for more in (f"devices/{there['devices']}/values", f"segments/{there['segments']}/members"):
            assert program.get(more).status_code == 200


READ = [*LISTS.values(), "users.jobs.view"]


@pytest.mark.parametrize("who", ["eve", "sam", "bea", "bob"])
def test_who_is_elsewhere_reads_nothing_of_north(cast: Cast, who: str) -> None:
    there = things(cast)
    program = Program(key_of(getattr(cast, who), scopes=ALL))
    for name in [*LISTS, "jobs"]:
        answer = program.get(name)
        said = answer.content.decode()
        assert answer.status_code in (200, 403)
        assert not [word for word in NORTHERN if f'"{word}' in said and name not in ("log", "organizations")], name
    above = {"bea", "bob"}  # North is above them: the name of their own home's parent is no secret to them.
    for name, key in there.items():
        answer = program.get(f"{name}/{key}")
        expected = (403, 404) if name == "organizations" and who in above else (404,)
        assert answer.status_code in expected, (name, answer.content)


def test_a_key_that_may_not_ask_it_does_not_count_who_is_in_a_segment(cast: Cast) -> None:
    rules = {"field": "device_online", "op": "is", "value": False}
    segment = segment_of(cast.north, "Offline", rules=rules)
    with staging():
        Segment.objects.filter(pk=segment.pk).update(counted=4711)
    for who, scopes, status, counted in (
        (cast.ada, ALL, 200, 4711),
        (cast.finn, ["segments.view", "users.view"], 403, None),
    ):
        program = Program(key_of(who, scopes=scopes))
        assert [one["counted"] for one in program.get("segments").json()["items"]] == [counted]
        assert program.get(f"segments/{segment.pk}").json()["counted"] == counted
        assert program.get(f"segments/{segment.pk}/members").status_code == status


def test_a_key_without_the_right_is_told_so(cast: Cast) -> None:
    program = Program(key_of(cast.ada, scopes=["analytics.view"]))
    for name in LISTS:
        answer = program.get(name)
        assert (answer.status_code, reason(answer)) == (403, "permission_missing"), name


def test_lists_filter_sort_and_page_as_the_pages_do(cast: Cast) -> None:
    program = Program(key_of(cast.ada, scopes=ALL))
    role = cast.role("admin").pk
    found = program.get("users", role=role, sort="name", dir="asc", limit=2).json()
    assert (len(found["items"]), found["previous"]) == (2, None)
    names = [person["name"] for person in found["items"]]
    while found["next"]:
        found = program.get("users", role=role, sort="name", dir="asc", limit=2, after=found["next"]).json()
        names += [person["name"] for person in found["items"]]
    assert names == ["Abe Abel", "Ada Lindqvist", "Bea Berg", "Finn North", "Sam South"]
    before = program.get("users", role=role, sort="name", dir="asc", limit=2, before=found["previous"]).json()
    assert [person["name"] for person in before["items"]] == ["Bea Berg", "Finn North"]
    assert [one["name"] for one in program.get("users", q="cleo").json()["items"]] == ["Cleo Staff"]
    tree = program.get("organizations", sort="name", limit=2).json()
    assert [one["name"] for one in tree["items"]] == ["Familie Berg", "Lumen Home"]
    rest = program.get("organizations", sort="name", limit=2, after=tree["next"]).json()
    assert [one["name"] for one in rest["items"]] == ["North", "South"]


@pytest.mark.parametrize(
    "query",
    [
        {"limit": "0"},
        {"limit": "101"},
        {"limit": "x"},
        {"sort": "shoe size"},
        {"dir": "sideways"},
        {"status": "asleep"},
        {"role": "-1"},
        {"role": "9" * 30},
        {"after": "nonsense"},
        {"q": "a\0b"},
    ],
)
def test_what_is_no_filter_is_refused_and_never_ignored(cast: Cast, query: dict[str, Any]) -> None:
    answer = Program(key_of(cast.ada)).get("users", **query)
    assert (answer.status_code, reason(answer)) == (422, "input_malformed")


@pytest.mark.parametrize(("path", "status"), [("nowhere", 404), ("users/x", 422), ("", 404), ("users/0", 422)])
def test_addresses_that_are_none_answer_so(cast: Cast, path: str, status: int) -> None:
    answer = Program(key_of(cast.ada)).get(path)
    assert answer.status_code == status
    reason(answer)


def test_a_method_that_is_not_taken_says_which_are(cast: Cast) -> None:
    program = Program(key_of(cast.ada))
    answer = program.post("users")
    assert (answer.status_code, reason(answer), answer["Allow"]) == (405, "method_wrong", "GET")


def test_roles_are_told_as_they_are_in_an_organization(cast: Cast) -> None:
    staff, program = cast.role("staff"), Program(key_of(cast.ada, scopes=ALL))
    with staging():
        RoleSwitches.objects.create(tenant=cast.lumen, organization=cast.north, role=staff, permissions=["users.view"])

    def held(**asked: Any) -> list[str]:
        (found,) = [one for one in program.get("roles", **asked).json() if one["id"] == staff.pk]
        return found["permissions"]  # type: ignore[no-any-return]

    assert held(organization=cast.north.pk) == ["users.view"]
    assert held() == held(organization=cast.south.pk) == sorted(staff.permissions)


def test_what_roles_are_elsewhere_is_not_told(cast: Cast) -> None:
    finn = Program(key_of(cast.finn, scopes=ALL))
    assert finn.get("roles", organization=cast.north.pk).status_code == 200
    for place in (cast.south, cast.evil):
        assert finn.get("roles", organization=place.pk).status_code == 404
    narrow = Program(key_of(cast.ada, scopes=["roles.view"]))
    assert narrow.get("roles").status_code == 200
    assert narrow.get("roles", organization=cast.north.pk).status_code in {403, 404}
