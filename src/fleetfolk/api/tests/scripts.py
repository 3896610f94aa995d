"""Scripts written for Blynk's Platform API, for tests."""

import json
from collections.abc import Callable
from typing import Any

from django.http.response import HttpResponseBase
from django.test import Client

from fleetfolk.api.scopes import scopes_there_are
from fleetfolk.devices.models import Claim, Datastream, Device, EventKind, MetadataField, MetadataKind, TemplateUse
from fleetfolk.kernel import clock
from fleetfolk.organizations.models import Organization
from fleetfolk.testing.cast import Cast, invite
from fleetfolk.testing.devices import device_of
from fleetfolk.testing.door import staging

ALL = [one.code for one in scopes_there_are()]
PASSWORD_HASH = "V2hhdGV2ZXIgaXMgaW4gaGVyZSBpcyBub3Qga2VwdCE="
BASE = "/api/v1/organization"


class Script:
    """A script with a token, which knows paths and nothing else."""

    def __init__(self, token: str = "") -> None:
        self.client = Client(raise_request_exception=False)
        self.headers = {"Authorization": f"Bearer {token}"} if token else {}

    def ask(self, method: str, path: str, /, body: Any = None, **query: Any) -> Any:
        """The answer."""
        address = f"{BASE}/{path}" if path else BASE
        return self.client.generic(
            method,
            address,
            b"" if body is None else body if isinstance(body, bytes) else json.dumps(body),
            content_type="",
            query_params=query,
            headers=self.headers,
        )

    def get(self, path: str, **query: Any) -> Any:
        """What `GET` answers, which is well."""
        answer = self.ask("GET", path, **query)
        assert answer.status_code == 200, answer.content
        return answer.json()


def message(answer: HttpResponseBase) -> str:
    """Why a request was refused."""
    assert answer["Content-Type"] == "application/json"
    said = answer.json()  # type: ignore[attr-defined]
    assert set(said) == {"error"}
    assert set(said["error"]) == {"message"}
    return str(said["error"]["message"])


def scene(cast: Cast) -> dict[str, Any]:
    """Something of North of every kind that the paths ask for, by the name of their parameter."""
    device, _token = device_of(cast.north, owner=cast.cleo)
    with staging():
        field = MetadataField.objects.create(
            tenant=cast.lumen, template=device.template, name="Floor", kind=MetadataKind.NUMBER
        )
        issued = Device.objects.create(
            tenant=cast.lumen, organization=cast.north, template=device.template, name="In the box"
        )
        Claim.objects.create(
            tenant=cast.lumen,
            device=issued,
            organization=cast.north,
            code_hash="c" * 64,
            code_end="abcd",
            created_at=clock.now(),
        )
        TemplateUse.objects.create(tenant=cast.lumen, template=device.template, organization=cast.north)
        empty = Organization.objects.create(
            tenant=cast.lumen, parent=cast.north, name="Empty", kind="client", created_at=clock.now()
        )
    streams = {one.pin: one.pk for one in Datastream.objects.filter(template=device.template)}
    return {
        "device": device,
        "orgId": cast.north.pk,
        "parentId": cast.north.pk,
        "emptyId": empty.pk,
        "userId": cast.cleo.pk,
        "pendingId": invite(cast.north, "Pia Pending", cast.role("user"), by=cast.ada).pk,
        "deviceId": device.pk,
        "templateId": device.template_id,
        "metaFieldId": field.pk,
        "streams": streams,
        "eventCode": EventKind.objects.filter(template=device.template).order_by("pk")[0].code,
        "now": int(clock.now().timestamp() * 1000),
    }


type Asking = Callable[[dict[str, Any], Cast], tuple[dict[str, Any], Any]]


def _of(*names: str, **more: Any) -> Asking:
    return lambda there, _cast: ({**{name: there[name] for name in names}, **more}, None)


def _person(**more: Any) -> dict[str, Any]:
    return {"email": "nina@new.example", "name": "Nina New", **more}


ASKED: dict[tuple[str, str], Asking] = {
    ("GET", "profile"): _of(),
    ("GET", ""): _of("orgId"),
    ("GET", "search"): _of(query="nor", sortBy="Device Count", sortOrder="DESC", size=10),
    ("POST", "create"): lambda there, _cast: (
        {},
        {
            "name": "Depot 7",
            "type": "BRANCH",
            "parentId": there["orgId"],
            "description": "Behind the station",
            "tz": "Europe/Paris",
            "phoneNumber": "+4915112345678",
            "unitSystem": "IMPERIAL",
        },
    ),
    ("DELETE", ""): lambda there, _cast: ({"orgId": there["emptyId"]}, None),
    ("GET", "static-tokens"): _of("orgId"),
    ("GET", "tags"): _of("orgId"),
    ("GET", "automations"): _of("orgId"),
    ("GET", "users"): _of(includeSubOrgUsers="true"),
    ("GET", "search/users"): _of(query="cleo", sortBy="Name", sortOrder="DESC"),
    ("GET", "user"): _of("userId"),
    ("POST", "users/create"): lambda _there, _cast: (
        {},
        _person(
            passwordHash=PASSWORD_HASH,
            nickName="Ni",
            organizationName="Familie New",
            phoneNumber="+4915112345678",
            timeZone="Europe/Paris",
        ),
    ),
    ("POST", "users/create-in-org"): lambda there, _cast: (
        {},
        _person(
            passwordHash=PASSWORD_HASH,
            orgId=there["orgId"],
            roleId=3,
            nickName="Ni",
            title="Head of house",
            phoneNumber="+4915112345678",
            tz="Europe/Paris",
        ),
    ),
    ("POST", "users/invite"): lambda there, _cast: ({}, _person(orgId=there["orgId"], roleId=3, locale="de_DE")),
    ("POST", "users/register"): lambda _there, _cast: ({}, {"email": "nina@new.example", "locale": "en_US"}),
    ("PUT", "users/role"): lambda there, _cast: ({"userId": there["userId"], "roleId": 3}, None),
    ("POST", "users/transfer"): lambda there, cast: (
        {},
        {"userId": there["userId"], "targetOrgId": cast.south.pk, "roleId": 3},
    ),
    ("GET", "templates"): _of("orgId"),
    **{("GET", f"template{part}"): _of("templateId") for part in ("", "/metafields", "/datastreams", "/events")},
    ("GET", "devices"): _of("orgId", includeSubOrgDevices="true"),
    ("GET", "search/devices"): _of(query="cellar", sortBy="Template Name"),
    **{
        ("GET", path): _of("deviceId")
        for path in ("device", "device/baseInfo", "device/online", "device/datastreams", "device/metafield")
    },
    **{("GET", f"device/{part}"): _of("deviceId") for part in ("tags", "timeline", "logs")},
    ("GET", "device/by-owner"): _of("orgId", ownerEmail="cleo@lumenhome.example"),
    ("GET", "device/by-user-org"): _of(userEmail="cleo@lumenhome.example"),
    ("GET", "device/last-activated"): _of("orgId", minutes=60),
    ("POST", "device/create"): lambda there, cast: (
        {},
        {
            "templateId": there["device"].template.public_id,
            "name": "Attic",
            "ownerId": cast.cleo.pk,
            "orgId": there["orgId"],
        },
    ),
    ("PUT", "device"): lambda there, _cast: ({"deviceId": there["deviceId"]}, {"name": "Attic"}),
    ("DELETE", "device"): _of("deviceId"),
    ("DELETE", "device/clear"): _of("deviceId"),
    ("DELETE", "device/owner"): _of("deviceId"),
    ("POST", "device/transfer"): lambda there, cast: (
        {},
        {"deviceId": there["deviceId"], "newUserId": cast.finn.pk, "newOrgId": cast.south.pk},
    ),
    ("POST", "device/provision/token"): lambda there, cast: (
        {},
        {"orgId": there["orgId"], "ownerId": cast.cleo.pk, "templateId": there["templateId"]},
    ),
    ("POST", "device/provision/reconfigure"): _of("deviceId"),
    ("POST", "device/datastreams"): lambda there, _cast: (
        {},
        {"deviceId": there["deviceId"], "values": {str(there["streams"][0]): True, str(there["streams"][1]): 21.5}},
    ),
    ("POST", "device/datastream"): lambda there, _cast: (
        {},
        {"deviceId": there["deviceId"], "dataStreamId": there["streams"][5], "value": 2},
    ),
    ("POST", "device/datastream/property"): lambda there, _cast: (
        {},
        {"deviceId": there["deviceId"], "dataStreamId": there["streams"][1], "property": "label", "value": "Wanted"},
    ),
    ("POST", "device/import/batch"): lambda there, _cast: (
        {},
        {
            "deviceId": there["deviceId"],
            "dataStreamId": there["streams"][3],
            "values": [{"value": 7, "ts": there["now"] - 3_600_000}, {"value": 8, "ts": there["now"] - 60_000}],
        },
    ),
    ("GET", "device/datastream/history"): _of("deviceId", pin="v3", **{"from": 0, "to": 4_000_000_000_000, "page": 0}),
    ("POST", "device/metafield"): lambda there, _cast: (
        {},
        {"deviceId": there["deviceId"], "metaFieldId": there["metaFieldId"], "newValue": "3"},
    ),
    ("POST", "device/trigger-event"): lambda there, _cast: (
        {},
        {"deviceId": there["deviceId"], "eventCode": there["eventCode"], "eventDescription": "Twice"},
    ),
}
"""How each path is asked about something of North: fields of the address, and the body."""
