"""Providers are asked through `outbound` alone: no private address, no redirect, no proxy, no end of patience."""

from typing import Any, override

import requests
from requests.adapters import BaseAdapter
from requests.structures import CaseInsensitiveDict

from fleetfolk.outbound.asking import ask
from fleetfolk.outbound.endpoints import Unfit
from fleetfolk.outbound.posting import Request
from fleetfolk.users.sso.addresses import endpoint_at


class OutboundAdapter(BaseAdapter):
    """Sends what `requests` is given by the way that looks at the address first."""

    @override
    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        """The answer. Everything that goes wrong is one of `requests`' own errors."""
        body = request.body or b""
        if not isinstance(body, bytes | str):
            raise requests.exceptions.InvalidSchema("Nothing is sent in pieces.")
        wanted = {
            name: value if isinstance(value, str) else value.decode("ascii")
            for name, value in request.headers.items()
            if name.lower() in {"accept", "authorization", "content-type"}
        }
        try:
            answer = ask(
                Request(
                    endpoint=endpoint_at(request.url or ""),
                    headers={**wanted, "Accept-Encoding": "identity"},
                    body=body.encode() if isinstance(body, str) else body,
                    method=request.method or "GET",
                )
            )
        except Unfit as unfit:
            raise requests.exceptions.InvalidURL(str(unfit)) from unfit
        except (OSError, ValueError) as error:
            raise requests.ConnectionError(str(error)) from error
        if 300 <= answer.status < 400:
            raise requests.ConnectionError("The provider leads somewhere else.")
        response = requests.Response()
        response.status_code, response.url, response.request = answer.status, request.url or "", request
        response._content = answer.body
        response.headers = CaseInsensitiveDict(_headers(answer.head))
        response.encoding = "utf-8"
        return response

    @override
    def close(self) -> None:
        """There is nothing to close: each request has a connection of its own."""


def session() -> requests.Session:
    """A session of `requests` that knows no other way out."""
    made = requests.Session()
    made.trust_env = False
    made.adapters.clear()
    made.mount("https://", OutboundAdapter())
    return made


def _headers(head: str) -> dict[str, str]:
    lines = (line.partition(":") for line in head.split("\r\n")[1:])
    return {name.strip(): value.strip() for name, _colon, value in lines if name}
