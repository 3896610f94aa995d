"""The protocol as we speak it: that of the library, with what directories leave out and an answer to every PATCH."""

import json
from typing import Any, Final

from scim2_models import Context, Resource, ResponseParameters
from scim2_server.handler import ScimHandler
from scim2_server.requests import ScimRequest
from scim2_server.responses import ScimResponse
from scim2_server.service import ScimService

from fleetfolk.scim import resources
from fleetfolk.scim.leniency import bounded_patch, completed_user, read_json, require_short
from fleetfolk.scim.storage import Directory


class Service(ScimService):
    """As the library's, but for the answer to a PATCH."""

    def patch_response(
        self, base_url: str, resource: Resource[Any], response_parameters: ResponseParameters[Any]
    ) -> ScimResponse:
        """The resource as it is now: directories take an answer without it for a failure."""
        return self.resource_response(
            self.publish(base_url, resource), Context.RESOURCE_REPLACEMENT_RESPONSE, response_parameters
        )


SERVICE: Final = Service(resources.PROVIDER)


def answer(request: ScimRequest, directory: Directory) -> ScimResponse:
    """What the request comes to. Raises `SCIMException`."""
    require_short(request.query.get("filter"))
    if request.body:
        request.body = json.dumps(_readable(request, directory)).encode()
    return ScimHandler(SERVICE, directory).handle(request)


def _readable(request: ScimRequest, directory: Directory) -> Any:
    data = read_json(request.body)
    endpoint, _, key = request.path.strip("/").partition("/")
    match request.method:
        case "PATCH":
            return bounded_patch(data)
        case "POST" if key == ".search" or endpoint == ".search":
            require_short(data.get("filter") if isinstance(data, dict) else None)
        case "POST" | "PUT" if endpoint.casefold() == "users":
            return completed_user(data, lambda: _current(directory, key))
    return data


def _current(directory: Directory, key: str) -> resources.User | None:
    """The person whom a replacement is about; None where somebody is created."""
    if not key:
        return None
    user = directory.get(SERVICE.get_resource_type("User"), key)
    assert isinstance(user, resources.User)  # noqa: S101 - what the type says
    return user
