"""Pages are packed for whoever unpacks, and their length tells nothing of a secret in them."""

import gzip
import zlib
from collections.abc import Iterator

import pytest
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.test import Client, RequestFactory

from fleetfolk.config.packing import SHORTEST, PackingMiddleware

PAGE = b"<p>" + b"word " * 100
ACCEPTS = {"Accept-Encoding": "gzip, deflate"}


def answered[R: HttpResponseBase](response: R, headers: dict[str, str]) -> R:
    assert PackingMiddleware(lambda _: response)(RequestFactory().get("/", headers=headers)) is response
    return response


def test_a_page_comes_packed_and_whole() -> None:
    answer = answered(HttpResponse(PAGE), ACCEPTS)
    assert answer["Content-Encoding"] == "gzip"
    assert answer["Content-Length"] == str(len(answer.content))
    assert answer["Vary"] == "Accept-Encoding"
    assert gzip.decompress(answer.content) == PAGE


def test_the_same_page_has_many_lengths() -> None:
    assert len({len(answered(HttpResponse(PAGE), ACCEPTS).content) for _ in range(40)}) > 5


@pytest.mark.parametrize(
    ("response", "headers"),
    [
        (HttpResponse(PAGE), {}),
        (HttpResponse(PAGE[: SHORTEST - 1]), ACCEPTS),
        (HttpResponse(PAGE, headers={"Content-Encoding": "br"}), ACCEPTS),
        (HttpResponse(gzip.compress(bytes(range(256)))), ACCEPTS),
    ],
    ids=["not asked for", "too short", "packed already", "longer packed"],
)
def test_what_needs_no_packing_comes_as_it_is(response: HttpResponse, headers: dict[str, str]) -> None:
    before = response.content
    assert answered(response, headers).content == before
    assert response.headers.get("Content-Encoding") != "gzip"


def test_a_stream_is_packed_as_it_comes() -> None:
    drawn: list[int] = []

    def pieces() -> Iterator[bytes]:
        for number in range(3):
            drawn.append(number)
            yield PAGE

    answer = answered(StreamingHttpResponse(pieces(), headers={"Content-Length": "1"}), ACCEPTS)
    assert answer["Content-Encoding"] == "gzip"
    assert answer["Vary"] == "Accept-Encoding"
    assert "Content-Length" not in answer
    assert drawn == []
    parts = iter(answer)
    opened = zlib.decompressobj(wbits=31)
    assert opened.decompress(next(parts)) == b""
    assert opened.decompress(next(parts)) == PAGE
    assert drawn == [0]
    assert opened.decompress(b"".join(parts)) == PAGE * 2
    assert opened.eof  # Length and checksum are right.


def test_an_empty_stream_is_packed_and_one_with_a_tag_has_a_weak_one() -> None:
    assert gzip.decompress(b"".join(answered(StreamingHttpResponse([]), ACCEPTS))) == b""
    tagged = answered(StreamingHttpResponse([PAGE], headers={"ETag": '"1"'}), ACCEPTS)
    assert tagged["ETag"] == 'W/"1"'
    assert gzip.decompress(b"".join(tagged)) == PAGE


def test_a_stream_comes_as_it_is_where_that_was_asked_for() -> None:
    assert b"".join(answered(StreamingHttpResponse([PAGE]), {})) == PAGE
    packed = StreamingHttpResponse([PAGE], headers={"Content-Encoding": "br"})
    assert b"".join(answered(packed, ACCEPTS)) == PAGE


@pytest.mark.django_db
def test_pages_go_through_it() -> None:
    assert b"<!DOCTYPE html>" in gzip.decompress(Client(headers=ACCEPTS).get("/sign-in/").content)
