"""Whatever is sent to the device API, the answer is never a traceback, and the gateway goes on."""

import json
import time
from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any
from urllib.parse import quote, quote_from_bytes

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fleetfolk.gateway.https.data_files import NO_DATA
from fleetfolk.gateway.https.endpoints import ENDPOINTS
from fleetfolk.gateway.https.rare import RARE
from fleetfolk.gateway.tests.conftest import Running
from fleetfolk.testing.cast import Cast
from fleetfolk.testing.devices import device_of

BY_DESIGN = {"No enum constant Period.", NO_DATA}
"""Blynk answers these two with 500, and so do we."""

NAMES = st.sampled_from(
    [
        *(f"v{pin}" for pin in range(8)),
        *("pin", "dataStreamId", "value", "token", "code", "description", "metaFieldId", "metaFieldName", "templateId"),
        *("period", "granularityType", "sourceType", "tzName", "format", "sendEvents", "label", "color", "V1", "v256"),
    ]
)
ODD = st.sampled_from(
    [
        *(
            "",
            "0",
            "1",
            "-1",
            "1e308",
            "1e-320",
            "nan",
            "99999999999999999999",
            "v1",
            "V6",
            "loc.latlon",
            "leak",
            "HOUR",
        ),
        *(
            "RAW_DATA",
            "MINUTE",
            "DAILY",
            "true",
            "UTC",
            "Europe/Berlin",
            "../etc",
            "Europe",
            "=1+1",
            "%",
            "\0",
            "\ud7ff",
        ),
    ]
)
TEXT = st.one_of(ODD, st.text(max_size=40)).map(lambda text: quote(text, errors="replace"))
RAW = st.binary(max_size=30).map(quote_from_bytes)
PARAMETER = st.tuples(NAMES, st.one_of(TEXT, RAW)).map("=".join) | TEXT
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=2),
    max_leaves=8,
)
MOMENTS = st.integers(-(10**6), 10**6).map(lambda off: int(time.time() * 1000) + off)
BODY = st.one_of(
    st.binary(max_size=200),
    JSON.map(lambda value: json.dumps(value).encode()),
    st.lists(st.tuples(MOMENTS, JSON), max_size=5).map(lambda points: json.dumps(points).encode()),
    st.just(b"[" * 100_000),
    st.just(b"9" * 6_000),
)
CONTENT = st.sampled_from(
    ["application/json", "text/plain", "multipart/form-data; boundary=x", "multipart/form-data", "; ;", ""]
)


@pytest.fixture(scope="module")
def tokens(copy: Cast) -> list[str]:
    """So many devices that none meets its limit of requests a second."""
    return [device_of(copy.berg, f"Odd {number}")[1] for number in range(30)]


@dataclass(frozen=True, kw_only=True)
class Odd:
    """One odd request."""

    place: tuple[str, str]
    parameters: list[str]
    body: bytes
    content: str
    device: int


REQUESTS = st.builds(
    Odd,
    place=st.sampled_from(sorted({*ENDPOINTS, *RARE})),
    parameters=st.lists(PARAMETER, max_size=5),
    body=BODY,
    content=CONTENT,
    device=st.integers(0, 30),
)


@settings(max_examples=500)
@given(odd=REQUESTS)
def test_no_request_breaks_it(gateway: Running, tokens: list[str], odd: Odd) -> None:
    method, path = odd.place
    query = "&".join([f"token={[*tokens, 'nobody'][odd.device]}", *odd.parameters])
    with closing(HTTPConnection("127.0.0.1", gateway.port, timeout=20)) as asked:
        body = odd.body if method == "POST" else None
        asked.request(method, f"/external/api{path}?{query}", body, {"Content-Type": odd.content})
        answer = asked.getresponse()
        said: Any = answer.read().decode()
    if answer.status >= 400:
        message = json.loads(said)["error"]["message"]
        assert answer.status < 500 or message.startswith(tuple(BY_DESIGN)), (answer.status, message)
    else:
        assert answer.status == 200
