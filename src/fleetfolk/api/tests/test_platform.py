"""A script written for Blynk's Platform API works by changing the host: what it reads, changes and is told."""

import base64
import datetime as dt
from typing import Any

import pytest

from fleetfolk.access.models import Role
from fleetfolk.actionlog.models import Entry
from fleetfolk.api.tests.scripts import ALL, PASSWORD_HASH, Script, message, scene
from fleetfolk.devices.actions.create_event import EVENTS_A_DAY
from fleetfolk.devices.models import Datastream, Device, Event, EventNotice, Minute, Point, Reported
from fleetfolk.kernel import clock
from fleetfolk.organizations.models import Organization, Tag
from fleetfolk.testing.cast import Cast, fresh
from fleetfolk.testing.door import staging
from fleetfolk.testing.samples_api import key_of, program_of, secret_for
from fleetfolk.users.models import Invitation, User


@pytest.fixture
def script(cast: Cast) -> Script:
    """A script with a key of Ada's, which may do all that she may."""
    return Script(key_of(cast.ada, scopes=ALL, sensitive=True))


def test_a_whole_script_from_the_secret_on(cast: Cast) -> None:
    program = program_of(cast.lumen, by=cast.ada, rights=cast_rights(cast), sensitive=True)
    secret = secret_for(program, by=cast.ada)
    there, client = scene(cast), Script().client
    basic = base64.b64encode(f"{program.client_id}:{secret}".encode()).decode()
    by_header = client.post(
        "/oauth2/token", query_params={"grant_type": "client_credentials"}, headers={"Authorization": f"Basic {basic}"}
    )
    by_address = client.post(
        "/oauth2/token",
        query_params={
            "grant_type": "client_credentials",
            "client_id": program.client_id,
            "client_secret": secret,
        },
    )
    script = Script()
    for answer in (by_header, by_address):
        assert answer.json()["token_type"] == "Bearer"
        assert answer.json()["expires_in"] == 86_400
        script = Script(answer.json()["access_token"])
        assert script.get("profile")["name"] == "Lumen Home"
    page = script.get("devices", orgId=there["orgId"])
    assert [one["name"] for one in page["content"]] == ["Cellar", "In the box"]
    assert page["totalElements"] == 2
    entry = Entry.objects.filter(code="device.rename")
    assert script.ask("PUT", "device", {"name": "Attic"}, deviceId=there["deviceId"]).json()["name"] == "Attic"
    assert (entry.get().actor_kind, entry.get().client) == ("api_client", "https_api")


def cast_rights(cast: Cast) -> list[str]:
    """All that Ada can give."""
    return [one for one in ALL if one in cast.ada.role.permissions]


def test_organizations_are_made_found_and_deleted(cast: Cast, script: Script) -> None:
    body = {"name": "Depot 7", "type": "INSTALLER", "parentId": cast.north.pk, "tz": "Europe/Paris"}
    made = script.ask("POST", "create", {**body, "phoneNumber": "+4915112345678", "unitSystem": "IMPERIAL"})
    assert made.status_code == 201
    one = made.json()
    assert (one["parentOrganizationId"], one["type"], one["tz"]) == (cast.north.pk, "INSTALLER", "Europe/Paris")
    assert (one["unitSystem"], one["phoneNumber"]) == ("IMPERIAL", "+4915112345678")
    assert script.get("", orgId=one["id"]) == one
    found = script.get("search", query="depot", sortBy="User Count", sortOrder="DESC")
    assert (found["content"], found["totalElements"]) == ([one], 1)
    taken = script.ask("POST", "create", body)
    assert taken.status_code == 400
    assert "Depot 7" in message(taken)
    assert script.ask("DELETE", "", orgId=one["id"]).status_code == 204
    gone = script.ask("GET", "", orgId=one["id"])
    assert (gone.status_code, message(gone)) == (
        404,
        "Organization is not found or you don't have access to it.",
    )
    again = script.ask("DELETE", "", orgId=one["id"])
    assert message(again) == f"Organization with identifier {one['id']} is not found or you don't have access to it."
    full = script.ask("DELETE", "", orgId=cast.north.pk)
    assert full.status_code == 400


def test_half_an_organization_is_none(cast: Cast, script: Script) -> None:
    program = program_of(cast.lumen, by=cast.ada, rights=["organizations.view", "organizations.create"])
    body = {"name": "Depot 7", "type": "BRANCH", "description": "It may not edit what it makes."}
    narrow = Script(key_of(cast.ada, scopes=program.permissions, name="Narrow"))
    assert narrow.ask("POST", "create", body).status_code == 403
    assert not Organization.objects.filter(name="Depot 7").exists()


def test_below_a_personal_organization_all_are_personal(cast: Cast, script: Script) -> None:
    with staging():
        Organization.objects.filter(pk=cast.berg.pk).update(kind="personal")
    made = script.ask("POST", "create", {"name": "Garden", "type": "BUSINESS", "parentId": cast.berg.pk})
    assert made.json()["type"] == "PERSONAL"


def test_pages_are_counted_from_nought(cast: Cast, script: Script) -> None:
    whole = script.get("users", includeSubOrgUsers="true")
    assert whole["totalElements"] == len(whole["content"]) == User.objects.filter(tenant=cast.lumen).count()
    pages = [script.get("users", includeSubOrgUsers="true", page=page, size=2)["content"] for page in range(5)]
    assert [one for page in pages for one in page] == whole["content"]
    home = script.get("users")["content"]
    assert {one["name"] for one in home} == {"Ada Lindqvist", "Abe Abel", "Dana Auditor"}
    assert [one["roleId"] for one in home if one["name"] == "Ada Lindqvist"] == [1]
    (own,) = [one["roleId"] for one in home if one["name"] == "Dana Auditor"]
    assert own == 100 + Role.objects.get(name="Auditor").pk
    assert script.ask("GET", "users", size=1001).status_code == 400


def test_people_are_found_sorted_and_looked_at(cast: Cast, script: Script) -> None:
    found = script.get("search/users", query="lumenhome", sortBy="Email", sortOrder="DESC")["content"]
    addresses = [one["email"] for one in found]
    assert len(addresses) > 5
    assert addresses == sorted(addresses, reverse=True)
    cleo = script.get("user", userId=cast.cleo.pk)
    assert (cleo["email"], cleo["roleId"], cleo["orgId"]) == (cast.cleo.email, 2, cast.north.pk)
    assert cleo["status"] in ("Active", "Inactive")
    with staging():
        User.objects.filter(pk=cast.cleo.pk).update(disabled_at=clock.now())
    assert script.get("user", userId=cast.cleo.pk)["status"] == "Suspended"
    nobody = script.ask("GET", "user", userId=cast.eve.pk)
    said = f"User with identifier {cast.eve.pk} is not found or belong to another organization."
    assert (nobody.status_code, message(nobody)) == (404, said)


def test_whoever_is_invited_chooses_a_password_by_mail(cast: Cast, script: Script) -> None:
    body = {"email": "Nina@new.example", "name": "Nina van der New", "orgId": cast.north.pk, "roleId": 3}
    made = script.ask("POST", "users/create-in-org", {**body, "passwordHash": PASSWORD_HASH, "nickName": "Ni"})
    assert made.status_code == 201
    nina = User.objects.get(email="nina@new.example")
    assert (made.json()["status"], made.json()["nickName"], nina.last_name) == ("Pending", "Ni", "van der New")
    assert not nina.has_usable_password()
    assert Invitation.objects.filter(user=nina).exists()
    again = script.ask("POST", "users/invite", {**body, "locale": "de_DE"})
    assert (again.status_code, message(again)) == (400, "nina@new.example is already in use")
    other = script.ask("POST", "users/invite", {**body, "email": "ida@new.example", "locale": "de_DE"})
    assert other.json()["locale"] == "de_DE"
    plain = script.ask("POST", "users/create-in-org", {**body, "email": "x@new.example", "passwordHash": "secret"})
    assert plain.status_code == 400


def test_a_client_gets_an_organization_of_their_own_once(cast: Cast, script: Script) -> None:
    with staging():
        clients = Organization.objects.create(
            tenant=cast.lumen, parent=cast.lumen, name="Clients", kind="business", created_at=clock.now()
        )
    body = {"email": "nina@new.example", "name": "Nina New", "passwordHash": PASSWORD_HASH}
    for _again in range(2):
        assert script.ask("POST", "users/create", body).status_code == 204
    nina = User.objects.select_related("organization", "role").get(email="nina@new.example")
    assert (nina.organization.parent_id, nina.organization.kind, nina.role.builtin) == (clients.pk, "client", "user")
    namesake = {**body, "email": "nina@other.example"}
    assert script.ask("POST", "users/create", namesake).status_code == 204
    assert User.objects.get(email="nina@other.example").organization.name == "Nina New 2"
    named = {**body, "email": "ida@new.example", "organizationName": "Familie Adams", "nickName": "Ida"}
    assert script.ask("POST", "users/create", named).status_code == 204
    ida = User.objects.select_related("organization").get(email="ida@new.example")
    assert (ida.organization.name, ida.nickname) == ("Familie Adams", "Ida")
    assert script.ask("POST", "users/register", {"email": "zoe@new.example"}).status_code == 204
    assert User.objects.get(email="zoe@new.example").first_name == "zoe"


def test_roles_have_the_numbers_that_scripts_know(cast: Cast, script: Script) -> None:
    assert script.ask("PUT", "users/role", userId=cast.cleo.pk, roleId=3).json()["roleId"] == 3
    assert fresh(cast.cleo).role.builtin == "user"
    nothing = script.ask("PUT", "users/role", userId=cast.cleo.pk, roleId=77)
    assert (nothing.status_code, message(nothing)) == (404, "Role is not found.")
    key = key_of(cast.cleo, scopes=ALL, sensitive=True)
    with staging():
        User.objects.filter(pk=cast.cleo.pk).update(role=cast.role("staff"))
    answer = Script(key).ask("PUT", "users/role", userId=cast.cleo.pk, roleId=1)
    assert answer.status_code in (400, 403)


def test_a_role_beyond_ones_own_is_refused_in_the_known_words(cast: Cast) -> None:
    narrow = Script(key_of(cast.ada, scopes=["organizations.view", "users.view", "users.invite"], sensitive=True))
    body = {"email": "nina@new.example", "name": "Nina New", "orgId": cast.north.pk, "roleId": 1}
    answer = narrow.ask("POST", "users/invite", body)
    said = "You don't have permissions to access this Role. Contact administrator for details."
    assert (answer.status_code, message(answer)) == (400, said)


def test_people_move_to_another_organization(cast: Cast, script: Script) -> None:
    move = {"userId": cast.cleo.pk, "targetOrgId": cast.south.pk, "roleId": 2}
    assert script.ask("POST", "users/transfer", move).json()["orgId"] == cast.south.pk
    nowhere = script.ask("POST", "users/transfer", {**move, "targetOrgId": cast.evil.pk})
    assert (nowhere.status_code, message(nowhere)) == (404, "Target organization is not found.")
    nobody = script.ask("POST", "users/transfer", {**move, "userId": cast.eve.pk})
    assert (nobody.status_code, message(nobody)) == (400, f"User with identifier {cast.eve.pk} is not found.")


def test_sensitive_acts_take_a_key_that_may_do_them(cast: Cast) -> None:
    there = scene(cast)
    plain = Script(key_of(cast.ada, scopes=ALL))
    for method, path, body in (
        ("DELETE", "device/clear", {"deviceId": there["deviceId"]}),
        ("DELETE", "", {"orgId": there["emptyId"]}),
        ("POST", "device/transfer", {"deviceId": there["deviceId"], "newUserId": cast.finn.pk}),
        ("POST", "users/transfer", {"userId": cast.cleo.pk, "targetOrgId": cast.south.pk, "roleId": 3}),
    ):
        assert plain.ask(method, path, body).status_code == 403, path


def test_devices_come_and_go(cast: Cast, script: Script) -> None:
    there = scene(cast)
    template = there["device"].template
    body = {"templateId": template.public_id, "name": "Attic", "ownerId": cast.cleo.pk, "orgId": cast.north.pk}
    made = script.ask("POST", "device/create", body)
    assert (made.status_code, len(made.json()["token"])) == (201, 32)
    key = made.json()["id"]
    looked = script.get("device", deviceId=key)
    assert (looked["name"], looked["ownerUserId"], looked["templateId"]) == ("Attic", cast.cleo.pk, template.pk)
    assert looked["token"] == f"…{made.json()['token'][-4:]}"
    assert looked["lifecycleStatus"]["name"] == "Offline"
    assert {one["pin"] for one in looked["dataStreamValues"]} == {f"v{pin}" for pin in there["streams"]}
    assert [one["id"] for one in script.get("device/by-owner", ownerEmail=cast.cleo.email)["content"]] == [
        there["deviceId"],
        key,
    ]
    assert script.get("search/devices", query="attic")["totalElements"] == 1
    same = script.ask("POST", "device/transfer", {"deviceId": key, "newUserId": cast.cleo.pk})
    assert (same.status_code, message(same)) == (400, "Can't transfer to the same owner")
    assert script.ask("POST", "device/transfer", {"deviceId": key, "newUserId": cast.finn.pk}).status_code == 204
    assert script.ask("DELETE", "device/owner", deviceId=key).status_code == 204
    assert Device.objects.get(pk=key).owner_id is None
    assert script.ask("DELETE", "device", deviceId=key).status_code == 204
    gone = script.ask("GET", "device", deviceId=key)
    said = f"Device with identifier {key} is not found or belong to another organization."
    assert (gone.status_code, message(gone)) == (404, said)
    unknown = script.ask("POST", "device/create", {**body, "templateId": "TMPLnowhere0"})
    assert (unknown.status_code, message(unknown)) == (404, "Template is not found.")


def test_a_user_scoped_key_sees_owned_devices_alone(cast: Cast) -> None:
    there = scene(cast)
    with staging():
        Device.objects.filter(pk=there["deviceId"]).update(owner=cast.bob, organization=cast.berg)
    bobs = Script(key_of(cast.bob, scopes=ALL))
    assert [one["id"] for one in bobs.get("devices")["content"]] == [there["deviceId"]]
    assert bobs.get("device/online", deviceId=there["deviceId"]) == {"connected": False}


def test_values_are_set_all_or_none(cast: Cast, script: Script) -> None:
    there = scene(cast)
    streams, device = there["streams"], there["deviceId"]
    both = {"deviceId": device, "values": {str(streams[1]): 22, str(streams[5]): 9}}
    assert script.ask("POST", "device/datastreams", both).status_code == 400
    assert script.get("device/datastreams", deviceId=device) == {}
    both["values"] = {str(streams[1]): 22.5, str(streams[0]): True, str(streams[5]): 2}
    assert script.ask("POST", "device/datastreams", both).status_code == 204
    assert script.get("device/datastreams", deviceId=device) == {"v0": True, "v1": 22.5, "v5": 2}
    assert script.get("device/datastreams", deviceId=device, pins="v1,v7") == {"v1": 22.5}
    logged = script.get("device/logs", deviceId=device)
    assert logged["totalElements"] == 3
    assert {(one["pin"], one["triggerUserEmail"]) for one in logged["content"]} == {
        (pin, cast.ada.email) for pin in (0, 1, 5)
    }
    nothing = script.ask("POST", "device/datastream", {"deviceId": device, "dataStreamId": 999_999, "value": 1})
    assert (nothing.status_code, message(nothing)) == (404, "Data stream with identifier 999999 is not found!")


def test_past_values_are_brought_read_and_erased(cast: Cast, script: Script) -> None:
    there = scene(cast)
    device, stream, now = there["deviceId"], there["streams"][3], there["now"]
    values = [{"value": number, "ts": now - 60_000 * (10 - number)} for number in range(10)]
    about = {"deviceId": device, "dataStreamId": stream}
    assert script.ask("POST", "device/import/batch", {**about, "values": values}).status_code == 204
    page = script.get("device/datastream/history", deviceId=device, pin="v3", size=3, page=1)
    assert (page["totalElements"], [one["value"] for one in page["content"]]) == (10, [6, 5, 4])
    part = {"from": now - 60_000 * 3, "to": now - 60_000}
    assert script.get("device/datastream/history", deviceId=device, pin="3", **part)["totalElements"] == 3
    assert script.get("device/datastreams", deviceId=device) == {"v3": 9}
    old = int((clock.now() - dt.timedelta(days=100)).timestamp() * 1000)
    for wrong in (old, now + 3_600_000):
        late = script.ask("POST", "device/import/batch", {**about, "values": [{"value": 1, "ts": wrong}]})
        assert late.status_code == 400
    averaged = script.ask("GET", "device/datastream/history", deviceId=device, pin="v2")
    assert averaged.status_code == 400
    assert script.ask("DELETE", "device/clear", deviceId=device).status_code == 204
    assert script.get("device/datastreams", deviceId=device) == {}
    assert not Point.objects.filter(device_id=device).exists()
    assert not Minute.objects.filter(device_id=device).exists()
    assert Entry.objects.get(code="device.data.erase").facts["rows"] > 10


def test_events_are_logged_listed_and_counted(cast: Cast, script: Script) -> None:
    there = scene(cast)
    device = there["deviceId"]
    logged = {"deviceId": device, "eventCode": "leak", "eventDescription": "Under the sink"}
    assert script.ask("POST", "device/trigger-event", logged).status_code == 204
    event = Event.objects.get(device_id=device)
    assert EventNotice.objects.filter(event=event).exists()
    with staging():
        Event.objects.create(tenant=cast.lumen, device_id=device, code="online", level="info", title="Online")
    page = script.get("device/timeline", deviceId=device)
    assert [(one["eventType"], one["description"]) for one in page["content"]] == [
        ("ONLINE", "Online"),
        ("CRITICAL", "Under the sink"),
    ]
    assert script.get("device/timeline", deviceId=device, eventType="CRITICAL")["totalElements"] == 1
    unknown = script.ask("POST", "device/trigger-event", {**logged, "eventCode": "flood"})
    assert (unknown.status_code, message(unknown)) == (404, "Event with provided code is not found.")
    with staging():
        Reported.objects.filter(device=device).update(events=EVENTS_A_DAY, events_on=clock.now().date())
    assert script.ask("POST", "device/trigger-event", logged).status_code == 400


def test_facts_tags_and_widgets(cast: Cast, script: Script) -> None:
    there = scene(cast)
    device, field = there["deviceId"], there["metaFieldId"]
    put = {"deviceId": device, "metaFieldId": field, "newValue": "3.5"}
    assert script.ask("POST", "device/metafield", put).status_code == 204
    assert script.get("device/metafield", deviceId=device) == [{"id": field, "name": "Floor", "value": 3.5}]
    wrong = script.ask("POST", "device/metafield", {**put, "newValue": "high"})
    assert (wrong.status_code, message(wrong)) == (400, "The provided value for metafield is invalid.")
    nothing = script.ask("POST", "device/metafield", {**put, "metaFieldId": 999_999})
    assert (nothing.status_code, message(nothing)) == (404, "Meta field is not found.")
    with staging():
        tag = Tag.objects.create(tenant=cast.lumen, organization=cast.north, name="Beta", created_by_id=cast.ada.pk)
        there["device"].device_tags.create(tenant=cast.lumen, tag=tag)
    assert script.get("device/tags", deviceId=device) == [
        {"id": tag.pk, "tagOwnerOrgId": cast.north.pk, "name": "Beta"}
    ]
    assert script.get("tags", orgId=cast.north.pk) == [{"id": tag.pk, "name": "Beta", "ownerUserId": cast.ada.pk}]
    look = {"deviceId": device, "dataStreamId": there["streams"][1], "property": "color", "value": "#ff0000"}
    assert script.ask("POST", "device/datastream/property", look).status_code == 204
    assert Reported.objects.get(device=device).properties == {"1": {"color": "#ff0000"}}
    assert script.ask("POST", "device/datastream/property", {**look, "property": "onclick"}).status_code == 400


def test_templates_with_their_parts(cast: Cast, script: Script) -> None:
    there = scene(cast)
    template = there["device"].template
    listed = script.get("templates", orgId=cast.north.pk)["content"]
    assert [(one["id"], one["templateIds"]) for one in listed] == [(template.pk, [template.public_id])]
    assert script.get("templates", orgId=cast.south.pk)["content"] == []
    about: dict[str, Any] = {"templateId": template.pk}
    assert script.get("template", **about)["name"] == "Heat pump"
    streams = {one["pin"]: one for one in script.get("template/datastreams", **about)}
    assert (streams[1]["type"], streams[1]["units"], streams[0]["type"], streams[0]["max"]) == (
        "DOUBLE",
        "°C",
        "INT",
        1,
    )
    assert len(streams) == Datastream.objects.filter(template=template).count()
    assert [one["type"] for one in script.get("template/metafields", **about)] == ["Number"]
    assert {one["eventCode"] for one in script.get("template/events", **about)} == {"filter_dirty", "leak"}
    nothing = script.ask("GET", "template", templateId=999_999)
    assert (nothing.status_code, message(nothing)) == (404, "Template is not found or you don't have access to it.")


def test_static_tokens_tell_their_ends_alone(cast: Cast, script: Script) -> None:
    scene(cast)
    (one,) = script.get("static-tokens", orgId=cast.north.pk)["content"]
    assert (one["token"], one["status"], one["claimedOrgId"]) == ("…abcd", "UNCLAIMED", None)
    assert script.get("automations", orgId=cast.north.pk) == []
