"""What a request looks like. How it goes out, and to whom not: `messages/webpush/tests/test_posting.py`."""

import pytest

from fleetfolk.outbound.endpoints import allowed_of, read_endpoint
from fleetfolk.outbound.posting import Request

THERE = read_endpoint("https://hooks.example.com/in?x=1", allowed_of("*"))


def test_a_request_says_whom_it_is_for() -> None:
    head = Request(endpoint=THERE, headers={"webhook-id": "msg_7"}, body=b"{}").head()
    assert head.split("\r\n") == [
        "POST /in?x=1 HTTP/1.1",
        "Host: hooks.example.com",
        "webhook-id: msg_7",
        "Content-Length: 2",
        "User-Agent: Fleetfolk",
        "Connection: close",
    ]


@pytest.mark.parametrize("value", ["a\r\nX-Injected: 1", "a\nb", "a\rb", "a\0b", "ü"])
def test_a_header_that_begins_another_line_is_none(value: str) -> None:
    for headers in ({"webhook-id": value}, {value: "x"}):
        with pytest.raises(ValueError, match="no header"):
            Request(endpoint=THERE, headers=headers, body=b"").head()
