"""Directories that ask, for tests."""

import json
from typing import Any

from django.test import Client

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"


class Asking:
    """A directory with a token."""

    def __init__(self, token: str = "", **headers: str) -> None:
        self.token, self.headers, self.browser = token, headers, Client(raise_request_exception=False)

    def ask(self, method: str, path: str, data: Any = None, query: dict[str, Any] | None = None) -> Any:
        """The answer."""
        headers = {**({"Authorization": f"Bearer {self.token}"} if self.token else {}), **self.headers}
        body = data if isinstance(data, bytes) else b"" if data is None else json.dumps(data).encode()
        return self.browser.generic(
            method, f"/scim/v2/{path}", body, content_type="application/scim+json", headers=headers, query_params=query
        )

    def get(self, path: str, **query: Any) -> Any:
        """What `GET` answers."""
        return self.ask("GET", path, query=query)

    def create(self, user_name: str, **said: Any) -> Any:
        """What a directory's creation of a person answers."""
        return self.ask("POST", "Users", {"schemas": [USER], "userName": user_name, **said})

    def group(self, name: str, *members: int, **said: Any) -> Any:
        """What a directory's creation of a group answers."""
        inside = [{"value": str(key)} for key in members]
        return self.ask("POST", "Groups", {"schemas": [GROUP], "displayName": name, "members": inside, **said})

    def patch(self, path: str, *operations: dict[str, Any]) -> Any:
        """What operations upon a resource answer."""
        return self.ask("PATCH", path, {"schemas": [PATCH], "Operations": list(operations)})

    def set(self, path: str, attribute: str, value: Any) -> Any:
        """What the replacement of one attribute answers."""
        return self.patch(path, {"op": "replace", "path": attribute, "value": value})

    def found(self, path: str, wanted: str) -> list[str]:
        """Who or what a filter finds, by their names."""
        answer = self.get(path, filter=wanted)
        assert answer.status_code == 200, answer.content
        said = answer.json()
        assert said["totalResults"] == len(said.get("Resources", []))
        return [one.get("userName") or one["displayName"] for one in said.get("Resources", [])]
