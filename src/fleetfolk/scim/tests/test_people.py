"""What directories ask about people and groups, in their own ways of asking it."""

import pytest

from fleetfolk.actionlog.models import Entry
from fleetfolk.scim.models import Identity
from fleetfolk.scim.tests.asking import USER, Asking
from fleetfolk.testing.cast import Cast, fresh
from fleetfolk.testing.samples_scim import directory_of
from fleetfolk.users.models import Invitation, State, User

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"


@pytest.fixture
def north(cast: Cast) -> Asking:
    """The directory of North, which may give Staff and User."""
    return Asking(directory_of(cast, cast.north)[1])


def test_okta_adds_somebody_who_is_invited(cast: Cast, north: Asking) -> None:
    answer = north.create(
        "nina@new.example",
        name={"givenName": "Nina", "familyName": "New"},
        emails=[{"primary": True, "value": "Nina@New.example", "type": "work"}],
        phoneNumbers=[{"value": "+49 171 1234567", "type": "mobile"}],
        displayName="Nina New",
        locale="en-US",
        externalId="00u1",
        active=True,
        password="x",
        groups=[],
    )
    assert answer.status_code == 201
    said = answer.json()
    assert answer["Location"] == said["meta"]["location"]
    assert "password" not in said
    nina = User.objects.get(pk=said["id"])
    assert (nina.email, nina.name, nina.phone, nina.state) == (
        "nina@new.example",
        "Nina New",
        "+491711234567",
        State.PENDING,
    )
    assert said["phoneNumbers"] == [{"value": "+49 171 1234567", "type": "mobile"}]
    assert (nina.organization_id, nina.role_id) == (cast.north.pk, cast.role("user").pk)
    assert Invitation.objects.get(user=nina).invited_by_label == "SCIM client Okta"
    codes = Entry.objects.filter(target_id=nina.pk, actor_label="SCIM client Okta").values_list("code", flat=True)
    assert set(codes) == {"user.invite", "scim.identity.assign"}


def test_entra_adds_changes_and_disables_in_its_own_way(cast: Cast) -> None:
    entra = Asking(directory_of(cast, cast.north, invites=False)[1])
    made = entra.ask(
        "POST",
        "Users",
        {
            "schemas": [USER, ENTERPRISE],
            "userName": "nina@new.example",
            "displayName": "Nina New",
            "active": "True",
            "preferredLanguage": "de-AT",
            ENTERPRISE: {"department": "Sales"},
        },
    )
    assert made.status_code == 201, made.content
    path = f"Users/{made.json()['id']}"
    nina = User.objects.get(pk=made.json()["id"])
    assert (nina.first_name, nina.last_name, nina.language) == ("Nina", "New", "de")
    assert not Invitation.objects.filter(user=nina).exists()
    answer = entra.patch(
        path,
        {"op": "Replace", "path": "displayName", "value": "Nina N"},
        {"op": "Add", "path": "name.familyName", "value": "Newer"},
        {"op": "Add", "path": 'phoneNumbers[type eq "work"].value', "value": "+49 171 1234567"},
        {
            "op": "Replace",
            "path": f"{ENTERPRISE}:department",
            "value": "X",
        },
    )
    assert answer.status_code == 200, answer.content
    assert answer.json()["name"] == {"familyName": "Newer", "givenName": "Nina"}
    assert entra.patch(path, {"op": "Replace", "value": {"active": "False"}}).json()["active"] is False
    assert fresh(nina).state == State.DISABLED
    assert entra.patch(path, {"op": "Replace", "path": "active", "value": "True"}).json()["active"] is True
    assert fresh(nina).state == State.PENDING


def test_a_replacement_that_says_nothing_of_active_lets_nobody_in(cast: Cast, north: Asking) -> None:
    path = f"Users/{cast.cleo.pk}"
    north.set(path, "active", False)
    answer = north.ask("PUT", path, {"userName": cast.cleo.email, "nickName": "Cle"})
    assert answer.status_code == 200, answer.content
    assert (answer.json()["active"], answer.json()["nickName"]) == (False, "Cle")
    assert fresh(cast.cleo).state == State.DISABLED
    assert fresh(cast.cleo).name == "Cleo Staff"


@pytest.mark.parametrize(("removal", "after"), [("deactivate", State.DEACTIVATED), ("delete", State.DELETION_PENDING)])
def test_whoever_is_deleted_there_is_gone_here_as_was_chosen(cast: Cast, removal: str, after: State) -> None:
    north = Asking(directory_of(cast, cast.north, removal=removal)[1])
    assert north.ask("DELETE", f"Users/{cast.cleo.pk}").status_code == 204
    assert fresh(cast.cleo).state == after
    assert north.get(f"Users/{cast.cleo.pk}").status_code == 404
    assert north.found("Users", f'userName eq "{cast.cleo.email}"') == []


def test_people_are_found_by_what_directories_ask(cast: Cast, north: Asking) -> None:
    north.create("nina@new.example", name={"givenName": "Nina", "familyName": "New"}, externalId="00u1")
    for wanted, found in (
        ('userName eq "NINA@new.example"', ["nina@new.example"]),
        (f'userName eq "{cast.cleo.email}"', [cast.cleo.email]),
        ('externalId eq "00u1"', ["nina@new.example"]),
        ('externalId eq "00U1"', []),
        ('emails[type eq "work" and value eq "nina@new.example"]', ["nina@new.example"]),
        ('emails.value eq "nina@new.example"', ["nina@new.example"]),
        ('name.familyName sw "ne" and active eq true', ["nina@new.example"]),
        ("active eq false", []),
        ('not (userName co "nina") and userName ne "x" and name.givenName ne "Finn"', [cast.cleo.email]),
        ('meta.created gt "2099-01-01T00:00:00Z"', []),
        (f'urn:ietf:params:scim:schemas:core:2.0:User:userName eq "{cast.cleo.email}"', [cast.cleo.email]),
    ):
        assert north.found("Users", wanted) == found, wanted


def test_pages_are_counted_from_one(cast: Cast, north: Asking) -> None:
    everybody = [one["id"] for one in north.get("Users").json()["Resources"]]
    second = north.get("Users", startIndex=2, count=1).json()
    assert (second["totalResults"], second["itemsPerPage"], second["startIndex"]) == (2, 1, 2)
    assert [one["id"] for one in second["Resources"]] == everybody[1:2]
    assert north.get("Users", count=0).json()["totalResults"] == 2
    assert not north.get("Users", startIndex=50).json().get("Resources")
    few = north.get("Users", attributes="userName").json()["Resources"][0]
    assert set(few) == {"schemas", "id", "userName"}
    assert "emails" not in north.get(f"Users/{everybody[0]}", excludedAttributes="emails").json()


def test_a_group_that_is_called_as_a_role_gives_it(cast: Cast, north: Asking) -> None:
    nina = north.create("nina@new.example").json()["id"]
    group = north.group("staff", int(nina)).json()
    assert User.objects.get(pk=nina).role_id == cast.role("staff").pk
    assert north.get(f"Users/{nina}").json()["groups"][0]["display"] == "staff"
    assert north.found("Groups", f'id eq "{group["id"]}" and members eq "{nina}"') == ["staff"]
    assert north.found("Groups", 'displayName eq "STAFF"') == ["staff"]
    assert "members" not in north.get(f"Groups/{group['id']}", excludedAttributes="members").json()
    # As Entra takes somebody out, and as Okta does.
    answer = north.patch(f"Groups/{group['id']}", {"op": "Remove", "path": "members", "value": [{"value": nina}]})
    assert answer.status_code == 200
    assert User.objects.get(pk=nina).role_id == cast.role("user").pk
    north.patch(f"Groups/{group['id']}", {"op": "add", "path": "members", "value": [{"value": nina}]})
    assert User.objects.get(pk=nina).role_id == cast.role("staff").pk
    north.patch(f"Groups/{group['id']}", {"op": "remove", "path": f'members[value eq "{nina}"]'})
    assert User.objects.get(pk=nina).role_id == cast.role("user").pk
    north.patch(f"Groups/{group['id']}", {"op": "add", "path": "members", "value": [{"value": nina}]})
    assert north.ask("DELETE", f"Groups/{group['id']}").status_code == 204
    assert User.objects.get(pk=nina).role_id == cast.role("user").pk


def test_of_several_groups_the_first_role_counts(cast: Cast, north: Asking) -> None:
    nina = int(north.create("nina@new.example").json()["id"])
    user = north.group("User", nina).json()["id"]
    assert User.objects.get(pk=nina).role_id == cast.role("user").pk
    north.group("Staff", nina)
    assert User.objects.get(pk=nina).role_id == cast.role("staff").pk
    north.ask("DELETE", f"Groups/{user}")
    assert User.objects.get(pk=nina).role_id == cast.role("staff").pk


def test_what_is_said_again_changes_nothing_and_leaves_no_entry(cast: Cast, north: Asking) -> None:
    made = north.create("nina@new.example", phoneNumbers=[{"value": "+49 171 1234567", "type": "work"}]).json()
    before = Entry.objects.count()
    again = north.ask("PUT", f"Users/{made['id']}", made)
    assert again.status_code == 200
    assert again.json() == made
    assert Entry.objects.count() == before


def test_a_number_that_is_none_is_refused_with_a_sentence(north: Asking) -> None:
    answer = north.create("nina@new.example", phoneNumbers=[{"value": "call me"}])
    assert answer.status_code == 400
    assert answer.json()["scimType"] == "invalidValue"
    assert "call me" in answer.json()["detail"]
    assert not Identity.objects.exists()
