"""What a directory must not do: reach others' people, take accounts over, give too much, go on when it is out."""

from typing import Any

import pytest
from django.core.cache import cache
from django.http.response import HttpResponseBase
from django.test import Client

from fleetfolk.actionlog.models import Entry
from fleetfolk.api import limits
from fleetfolk.kernel.errors import ActionError
from fleetfolk.kernel.perform import perform
from fleetfolk.scim.actions.create_scim_client import CreateScimClient, CreateScimClientInput, ScimClientInput
from fleetfolk.scim.actions.delete_scim_client import DeleteScimClient
from fleetfolk.scim.actions.edit_scim_client import EditScimClient
from fleetfolk.scim.actions.rotate_scim_client import RotateScimClient, RotateScimClientInput
from fleetfolk.scim.models import Group, Identity, ScimClient
from fleetfolk.scim.tests.asking import Asking
from fleetfolk.scim.tokens import key_hash, new_token
from fleetfolk.testing.cast import PASSWORD, Cast, accept, actor, fresh, invite
from fleetfolk.testing.door import staging
from fleetfolk.testing.plugin import SignedIn
from fleetfolk.testing.samples_scim import client_input, directory_of
from fleetfolk.users.actions.assign_role import AssignRole, AssignRoleInput
from fleetfolk.users.actions.no_input import NoInput
from fleetfolk.users.models import State, User

ADDRESSES = ("Users", "Groups", "Users/1", "ServiceProviderConfig", "Schemas", "ResourceTypes", "", "Bulk", "nowhere")


@pytest.fixture
def north(cast: Cast) -> Asking:
    """The directory of North, which may give Staff and User."""
    return Asking(directory_of(cast, cast.north)[1])


def state(person: User) -> State:
    return State(fresh(person).state)


def refused(answer: Any, status: int, kind: str | None = None) -> None:
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/scim+json"
    said = answer.json()
    assert said["schemas"] == ["urn:ietf:params:scim:api:messages:2.0:Error"]
    assert said["status"] == str(status)
    assert said.get("scimType") == kind


@pytest.mark.parametrize("path", ADDRESSES)
@pytest.mark.parametrize("token", ["", "ffd_unknown", "ffp_unknown", "ffd_" + "x" * 500, "ffd_\0"])
def test_without_a_token_nothing_is_told(cast: Cast, path: str, token: str) -> None:
    answer = Asking(token).get(path)
    refused(answer, 401)
    assert answer["WWW-Authenticate"].startswith("Bearer")


def test_a_signed_in_browser_opens_nothing(cast: Cast, signed_in: SignedIn) -> None:
    browser: Client = signed_in(cast.ada)
    answer: HttpResponseBase = browser.get("/scim/v2/Users")
    assert answer.status_code == 401


def test_the_token_alone_says_whose_people_these_are(cast: Cast, north: Asking) -> None:
    names = {one["userName"] for one in north.get("Users").json()["Resources"]}
    assert names == {cast.cleo.email, cast.finn.email}
    others = {"X-Tenant": str(cast.evil.pk), "X-Organization": str(cast.south.pk), "Host": "evil.example"}
    same = Asking(north.token, **{k: v for k, v in others.items() if k != "Host"})
    answer = same.get("Users", tenant=cast.evil.pk, organization=cast.south.pk)
    assert {one["userName"] for one in answer.json()["Resources"]} == names


@pytest.mark.parametrize("who", ["eve", "sue", "sam", "bob", "bea", "ada"])
@pytest.mark.parametrize("way", ["get", "put", "patch", "delete", "member"])
def test_people_of_other_organizations_do_not_exist(cast: Cast, north: Asking, who: str, way: str) -> None:
    person: User = getattr(cast, who)
    path = f"Users/{person.pk}"
    before = fresh(person)
    match way:
        case "get":
            refused(north.get(path), 404)
        case "put":
            refused(north.ask("PUT", path, {"userName": "taken", "active": False}), 404)
        case "patch":
            refused(north.set(path, "active", False), 404)
        case "delete":
            refused(north.ask("DELETE", path), 404)
        case _:
            refused(north.group("Staff", person.pk), 400, "invalidValue")
            assert not Group.objects.exists()
    after = fresh(person)
    assert (after.state, after.email, after.role_id, after.session_epoch) == (
        before.state,
        before.email,
        before.role_id,
        before.session_epoch,
    )


@pytest.mark.parametrize(
    "path", ["Users/0", "Users/-1", "Users/99999999999999999999", "Users/1e3", "Users/x", "Groups/7"]
)
def test_an_id_that_is_none_is_not_found(north: Asking, path: str) -> None:
    refused(north.get(path), 404)


def test_filters_find_nothing_of_others(cast: Cast, north: Asking) -> None:
    Asking(directory_of(cast, cast.evil, by=cast.eve, **_evil(cast))[1]).create(
        "mallory@evil.example", externalId="e-1"
    )
    for wanted in (
        f'userName eq "{cast.eve.email}"',
        'userName eq "mallory@evil.example"',
        'externalId eq "e-1"',
        f'emails.value eq "{cast.sue.email}"',
        f'id eq "{cast.sue.pk}"',
        f'userName eq "x" or id eq "{cast.eve.pk}"',
        'not (userName pr) or emails co "evil"',
    ):
        assert north.found("Users", wanted) == []
    everybody = {cast.cleo.email, cast.finn.email}
    assert set(north.found("Users", 'not (userName eq "nobody")')) == everybody
    refused(north.get("Users", filter="password pr"), 400, "invalidFilter")


def _evil(cast: Cast) -> dict[str, Any]:
    user = cast.role("user", cast.evil)
    return {"role_id": user.pk, "role_ids": [user.pk]}


def test_names_of_another_directory_are_no_collision_and_no_identity(cast: Cast, north: Asking) -> None:
    south = Asking(directory_of(cast, cast.south, name="Entra")[1])
    first = north.create("nina@new.example", externalId="00u1").json()
    second = south.create("nina@new.example", externalId="00u1").json()
    assert first["id"] != second["id"]
    assert north.get(f"Users/{second['id']}").status_code == 404
    refused(north.create("other@new.example", externalId="00u1"), 409, "uniqueness")
    refused(north.create("NINA@new.example", externalId="00u2"), 409, "uniqueness")
    assert not User.objects.filter(email="other@new.example").exists()


def test_an_id_that_a_directory_chooses_is_not_taken(cast: Cast, north: Asking) -> None:
    made = north.create("nina@new.example", id=str(cast.eve.pk), meta={"location": "https://evil.example"}).json()
    assert made["id"] not in (str(cast.eve.pk), str(cast.cleo.pk))
    answer = north.ask("PUT", f"Users/{made['id']}", {"id": str(cast.cleo.pk), "userName": "nina@new.example"})
    assert answer.json()["id"] == made["id"]
    assert fresh(cast.cleo).first_name == "Cleo"


@pytest.mark.parametrize(
    ("attribute", "value"),
    [
        ("emails", [{"value": "mallory@evil.example", "primary": True}]),
        ('emails[type eq "work"].value', "mallory@evil.example"),
        ("userName", "mallory@evil.example"),
    ],
)
def test_an_address_is_not_rewritten(cast: Cast, north: Asking, attribute: str, value: Any) -> None:
    path = f"Users/{cast.cleo.pk}"
    north.set(path, "externalId", "00u1")
    refused(north.set(path, attribute, value), 400, "mutability")
    refused(north.ask("PUT", path, {"userName": "mallory@evil.example"}), 400, "mutability")
    assert fresh(cast.cleo).email == cast.cleo.email
    entry = Entry.objects.filter(code="scim.identity.assign", result="refused").latest("at", "id")
    assert (entry.reason, entry.actor_label) == ("scim_address_stays", "SCIM client Okta")


def test_an_allowed_rewrite_of_an_account_waits_for_its_new_owner(cast: Cast) -> None:
    north = Asking(directory_of(cast, cast.north, changes_addresses=True)[1])
    for address in (cast.eve.email, "cleo.new@lumenhome.example"):
        answer = north.set(f"Users/{cast.cleo.pk}", 'emails[type eq "work"].value', address)
        assert answer.status_code == 200
        assert answer.json()["emails"][0]["value"] == fresh(cast.cleo).email == cast.cleo.email
    refused(north.set(f"Users/{cast.cleo.pk}", 'emails[type eq "work"].value', cast.finn.email), 409, "uniqueness")


def test_an_allowed_rewrite_takes_no_address_of_a_colleague(cast: Cast) -> None:
    north = Asking(directory_of(cast, cast.north, changes_addresses=True)[1])
    made = north.create("nina@new.example").json()
    refused(north.set(f"Users/{made['id']}", 'emails[type eq "work"].value', cast.cleo.email), 409, "uniqueness")
    moved = north.set(f"Users/{made['id']}", 'emails[type eq "work"].value', "nina.new@new.example")
    assert moved.json()["emails"][0]["value"] == "nina.new@new.example"


def test_whoever_is_stronger_is_not_touched(cast: Cast, north: Asking) -> None:
    path = f"Users/{cast.finn.pk}"
    refused(north.set(path, "active", False), 403)
    refused(north.set(path, "name.givenName", "Mallory"), 403)
    refused(north.ask("DELETE", path), 403)
    refused(north.group("Staff", cast.finn.pk), 403)
    assert (state(cast.finn), fresh(cast.finn).role_id) == (State.ACTIVE, cast.finn.role_id)
    entry = Entry.objects.filter(code="user.disable", result="denied").latest("at", "id")
    assert (entry.actor_kind, entry.client, entry.target_label) == ("scim_client", "scim", "Finn North")


def test_a_group_gives_no_role_that_the_directory_may_not_give(cast: Cast, north: Asking) -> None:
    made = north.group("Admin", cast.cleo.pk)
    assert made.status_code == 201
    assert fresh(cast.cleo).role_id == cast.cleo.role_id
    assert Group.objects.get().role is None
    assert north.set(f"Groups/{made.json()['id']}", "displayName", "Staff").status_code == 200
    assert Group.objects.get().role is None


def test_roles_in_a_body_give_nothing(cast: Cast, north: Asking) -> None:
    admin = cast.role("admin")
    made = north.create(
        "nina@new.example", roles=[{"value": "Admin"}], role_id=admin.pk, groups=[{"value": "1"}]
    ).json()
    assert User.objects.get(pk=made["id"]).role_id == cast.role("user").pk
    north.patch(f"Users/{made['id']}", {"op": "add", "path": "roles", "value": [{"value": "Admin"}]})
    assert User.objects.get(pk=made["id"]).role_id == cast.role("user").pk


def test_nobody_gives_a_directory_more_than_they_hold(cast: Cast) -> None:
    def making(**said: Any) -> CreateScimClientInput:
        return CreateScimClientInput(**client_input(cast, **said), secret_hash=key_hash(new_token()), secret_end="oken")

    with staging():
        cast.role("staff").permissions.append("scim.edit")
        type(cast.role("staff")).objects.filter(pk=cast.role("staff").pk).update(
            permissions=sorted({*cast.role("staff").permissions, "scim.view", "scim.edit"})
        )
    admin = cast.role("admin").pk
    for who, said, reason in (
        (cast.cleo, {"role_id": admin, "role_ids": [admin]}, "scim_stronger"),
        (cast.cleo, {}, "scim_stronger"),
        (cast.ada, {"role_ids": []}, "scim_roles"),
        (
            cast.ada,
            {"role_ids": [cast.role("admin", cast.evil).pk], "role_id": cast.role("admin", cast.evil).pk},
            "role_is_stronger",
        ),
        (cast.ada, {"removal": "erase"}, "scim_roles"),
    ):
        with pytest.raises(ActionError) as refusal:
            perform(CreateScimClient, actor=actor(who), target_id=cast.north.pk, data=making(**said))
        assert refusal.value.reason == reason
    assert not ScimClient.objects.exists()


def test_a_token_that_was_replaced_or_revoked_opens_nothing(cast: Cast) -> None:
    client, first = directory_of(cast, cast.north)
    second = new_token()
    data = RotateScimClientInput(secret_hash=key_hash(second), secret_end=second[-4:])
    perform(RotateScimClient, actor=actor(cast.ada), target_id=client.pk, data=data)
    refused(Asking(first).get("Users"), 401)
    assert Asking(second).get("Users").status_code == 200
    perform(DeleteScimClient, actor=actor(cast.ada), target_id=client.pk, data=NoInput())
    refused(Asking(second).get("Users"), 401)


def test_an_archived_organization_lets_nobody_in(cast: Cast, north: Asking) -> None:
    assert north.get("Users").status_code == 200
    with staging():
        type(cast.north).objects.filter(pk=cast.north.pk).update(archived_at=cast.north.created_at)
    refused(north.get("Users"), 401)
    refused(north.create("nina@new.example"), 401)


def test_who_let_it_in_and_is_demoted_has_no_more_to_say_about_it(cast: Cast, signed_in: SignedIn) -> None:
    client, token = directory_of(cast, cast.north, by=cast.finn)
    browser = signed_in(cast.finn)
    assert browser.get(f"/provisioning/{client.pk}/").status_code == 200
    data = AssignRoleInput(role_id=cast.role("staff").pk)
    second = accept(invite(cast.north, "Nora North", cast.role("admin"), by=cast.ada))
    perform(AssignRole, actor=actor(cast.ada), target_id=cast.finn.pk, data=data)
    for page in ("", "edit/", "token/", "delete/"):
        assert browser.get(f"/provisioning/{client.pk}/{page}").status_code in (403, 404)
    assert browser.post(f"/provisioning/{client.pk}/token/", {}).status_code in (403, 404)
    # The directory is the organization's: it works on, as far as it was let, and not for the Admin who stays.
    north = Asking(token)
    assert north.set(f"Users/{cast.cleo.pk}", "active", False).status_code == 200
    refused(north.set(f"Users/{second.pk}", "active", False), 403)


def test_a_role_that_is_taken_back_is_given_no_more(cast: Cast) -> None:
    client, token = directory_of(cast, cast.north)
    north = Asking(token)
    group = north.group("Staff").json()
    user = cast.role("user").pk
    data = ScimClientInput(**client_input(cast, role_ids=[user]))
    perform(EditScimClient, actor=actor(cast.ada), target_id=client.pk, data=data)
    made = north.create("nina@new.example").json()
    assert north.patch(f"Groups/{group['id']}", {"op": "add", "path": "members", "value": [{"value": made["id"]}]})
    assert User.objects.get(pk=made["id"]).role_id == user
    # Cleo is Staff, which it may not give any more: she holds more than it does.
    refused(north.set(f"Users/{cast.cleo.pk}", "active", False), 403)


def test_requests_are_counted(cast: Cast, north: Asking, settings: Any) -> None:
    settings.FLEETFOLK_API_PER_MINUTE = 3
    limits.forget()
    answers = [north.get("Users") for _ in range(5)]
    assert answers[-1].status_code == 429
    refused(answers[-1], 429)
    assert int(answers[-1]["Retry-After"]) <= 60
    limits.forget()
    cache.clear()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'{"userName": "a\\u0000b"}',
        b'{"userName": "\\ud800"}',
        b'{"userName": NaN}',
        b"[" * 5000,
    ],
)
def test_a_body_that_is_none_is_refused(north: Asking, body: bytes) -> None:
    assert north.ask("POST", "Users", body).status_code == 400


@pytest.mark.parametrize(
    "wanted",
    [
        "(" * 400 + "userName pr" + ")" * 400,
        " or ".join(['userName eq "x"'] * 40),
        "userName",
        "x" * 2000,
        'userName eq "\0"',
    ],
)
def test_a_filter_that_costs_too_much_is_refused_or_finds_nobody(north: Asking, wanted: str) -> None:
    answer = north.get("Users", filter=wanted)
    assert answer.status_code == 400 or answer.json()["totalResults"] == 0


def test_whoever_is_shut_out_is_out_at_once(cast: Cast, north: Asking, signed_in: SignedIn) -> None:
    browser = signed_in(cast.cleo)
    assert browser.get("/users/").status_code == 200
    # Something else of the same request is refused: that keeps nobody in.
    refused(
        north.patch(
            f"Users/{cast.cleo.pk}",
            {"op": "replace", "path": "active", "value": "False"},
            {"op": "replace", "path": 'emails[type eq "work"].value', "value": "mallory@evil.example"},
        ),
        400,
        "mutability",
    )
    assert state(cast.cleo) is State.DISABLED
    assert browser.get("/users/").status_code == 302
    answer = Client().post("/sign-in/", {"login": cast.cleo.email, "password": PASSWORD})
    assert "_auth_user_id" not in answer.wsgi_request.session


def test_a_directory_forgets_nothing_of_another_one(cast: Cast, north: Asking) -> None:
    other = Asking(directory_of(cast, cast.north, name="Entra")[1])
    group = north.group("Engineering", cast.cleo.pk).json()
    refused(other.get(f"Groups/{group['id']}"), 404)
    refused(other.ask("DELETE", f"Groups/{group['id']}"), 404)
    north.set(f"Users/{cast.cleo.pk}", "externalId", "00u1")
    assert "externalId" not in other.get(f"Users/{cast.cleo.pk}").json()
    assert Identity.objects.count() == 1
