"""Programs that ask, for tests."""

import json
from typing import Any

from django.http.response import HttpResponseBase
from django.test import Client


class Program:
    """A program with a key."""

    def __init__(self, key: str = "", **headers: str) -> None:
        self.key, self.headers, self.client = key, headers, Client(raise_request_exception=False)

    def get(self, path: str, **query: Any) -> Any:
        """What `GET` answers."""
        return self.client.get(f"/api/v1/{path}", query, headers=self._headers())

    def post(self, path: str, data: Any = None, **headers: str) -> Any:
        """What `POST` of JSON answers."""
        return self.client.post(
            f"/api/v1/{path}",
            data if isinstance(data, bytes) else json.dumps({} if data is None else data),
            content_type="application/json",
            headers={**self._headers(), **headers},
        )

    def do(self, code: str, /, **data: Any) -> Any:
        """What the Action answers."""
        return self.post(f"actions/{code}", data)

    def _headers(self) -> dict[str, str]:
        return {**({"Authorization": f"Bearer {self.key}"} if self.key else {}), **self.headers}


def reason(answer: HttpResponseBase) -> str:
    """Why a request was refused, of a problem document."""
    assert answer["Content-Type"] == "application/problem+json"
    said: dict[str, Any] = answer.json()  # type: ignore[attr-defined]
    assert said["status"] == answer.status_code
    assert said["request_id"] == answer["X-Request-Id"]
    assert said["type"] == f"urn:fleetfolk:reason:{said['reason']}"
    return str(said["reason"])
