"""What strangers put into addresses, forms and headers, and into which fields of ours they could put it."""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from random import Random
from typing import Final

from django import forms

from fleetfolk.testing.cast import Cast

PACKAGE: Final = Path(__file__).resolve().parents[2]

VALUES: Final[Sequence[str]] = (
    *("", "0", "-1", "1", "9" * 20, str(2**63), "1e9", "NaN", "-0.0", "٣", "１", "true", "null", "[]", "{}", "on"),
    *("\0", "a\0b", "x" * 10_000, "\u202egro.live", "\u200b", "\ufeff", "\r\nSet-Cookie: a=b", "é" * 3000),
    *("' OR '1'='1", '"; DROP TABLE users_user; --', "%", "_", "\\", "((((", "name) UNION SELECT password", "*:*"),
    *(
        "<script>alert(1)</script>",
        "{{ 7*7 }}",
        "{% debug %}",
        "${7*7}",
        "../../../../etc/passwd",
        "javascript:alert(1)",
    ),
    *("=1+1", "0001-01-01", "9999-12-31", "9999-12-31T23:59:59-14:00", "2026-02-30", "24:61", "Mars/Base", "tlh"),
    *("ada@lumenhome.example,eve@evil.example", "ada@lumenhomе.example", "ſue@lumenhome.example", "@", "a@b"),
    *("DELETE", "password", "__class__", "role__permissions", "-pk", "?", "~1", "e30", "W10", "//evil.example"),
)
HEADERS: Final[Sequence[tuple[str, str]]] = (
    *(("X-Forwarded-Host", "evil.example"), ("X-Forwarded-For", "1.2.3.4, ' OR 1"), ("X-Forwarded-Proto", "gopher")),
    *(
        ("X-Forwarded-User", "ada@lumenhome.example"),
        ("X-Request-Id", "x\u00ff" * 60),
        ("X-Http-Method-Override", "PUT"),
    ),
    *(("HX-Request", "true"), ("HX-Request", "tru\u00e9"), ("HX-Target", "a#b\\'"), ("HX-Trigger", "x" * 5000)),
    *(("HX-Current-URL", "https://evil.example/%ff"), ("HX-Current-URL", "http://["), ("HX-Boosted", "true")),
    *(("HX-Prompt", "%00"), ("Referer", "https://evil.example/"), ("Referer", "http://["), ("Range", "bytes=9-1")),
    *(
        ("Accept-Language", "x" * 5000),
        ("Accept-Language", "de-*;q=nan,../.."),
        ("Accept", "../.."),
        ("Cookie", ";;=\u00ff"),
    ),
    *(("Authorization", "Bearer \u00e9"), ("Authorization", "Basic %%%"), ("If-Modified-Since", "yesterday")),
    *(
        ("If-None-Match", '"x'),
        ("User-Agent", "\u00ff" * 3000),
        ("Accept-Encoding", "zstd;q=x"),
        ("Last-Event-ID", "'"),
    ),
)
CONTENTS: Final[Sequence[tuple[str, bytes]]] = (
    ("application/json", b'{"a": [[[[[1]]]]]}'),
    ("application/json", b"{"),
    ("multipart/form-data", b"no boundary"),
    ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n'),
    ("application/x-www-form-urlencoded; charset=utf-7", b"a=%ff&b=%00&=&&c"),
    ("application/x-www-form-urlencoded", b"name=%ed%a0%80&ids=%ff%fe"),
    ("text/xml", b"<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>"),
    ("; ;", b"\x00"),
)
_ASKED = re.compile(r"\.(?:GET|POST|FILES)(?:\.get(?:list)?\(|\[)\"(\w+)\"")
_SET = re.compile(r"fields\[\"(\w+)\"\]|^    (\w+)(?:: [\w.]+)? = (?:forms\.\w+Field|\w*Field)\(", re.MULTILINE)


@cache
def fields() -> Sequence[str]:
    """The names of everything that a page of ours reads from an address or a form."""
    found = {"q", "sort", "dir", "after", "before", "scope", "next", "page", "from", "to", "ids", "all", "address"}
    for file in PACKAGE.rglob("*.py"):
        if "web" in file.parts or "console" in file.parts:
            text = file.read_text(encoding="utf-8")
            found.update(_ASKED.findall(text))
            found.update(one for pair in _SET.findall(text) for one in pair if one)
    found.update(name for form in _forms(forms.BaseForm) for name in form.base_fields)
    return sorted(found)


def _forms(above: type[forms.BaseForm]) -> Iterator[type[forms.Form]]:
    for form in above.__subclasses__():
        if form.__module__.startswith("fleetfolk."):
            yield form  # type: ignore[misc]
        yield from _forms(form)


def keys_of(cast: Cast) -> Sequence[str]:
    """Keys of what is there, of one's own tenant and of another one."""
    rows = (cast.lumen, cast.north, cast.south, cast.evil, cast.ada, cast.cleo, cast.sam, cast.eve, cast.role("admin"))
    return [str(row.pk) for row in (*rows, cast.role("admin", cast.evil))]


def form_of(chance: Random, cast: Cast) -> dict[str, list[str]]:
    """Some fields of ours, each with something in it, some of them twice, some with a name that is nearly theirs."""
    values = (*VALUES, *keys_of(cast))
    form = {name: [chance.choice(values)] for name in chance.sample(fields(), k=min(40, len(fields())))}
    for name in chance.sample(sorted(form), k=6):
        form[name].append(chance.choice(values))
        form[f"{name}[]"] = [chance.choice(values)]
    return form


def headers_of(chance: Random) -> dict[str, str]:
    """Some headers."""
    return dict(chance.sample(HEADERS, k=4))
