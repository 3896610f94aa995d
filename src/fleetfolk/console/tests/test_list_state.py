"""What a list page shows is in its address, and an address can say nothing that the page does not know."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import pytest
from django.http import QueryDict

from fleetfolk.console.list_state import MOST_CHOICES, ListState, Order, Reader, among, keys


@dataclass(frozen=True, kw_only=True, slots=True)
class Shelf(ListState):
    """A list of books."""

    order: ClassVar[Order] = Order(
        words={"title": "title", "year": "year"},  # type: ignore[dict-item]
        first="title",
        falling=frozenset({"year"}),
    )
    filters: ClassVar[Mapping[str, Reader]] = {"author": keys, "state": among(("read", "new"))}
    modes: ClassVar[Mapping[str, tuple[str, ...]]] = {"scope": ("here",)}

    scope: str = ""
    author: tuple[int, ...] = ()
    state: tuple[str, ...] = ()


def shelf(address: str) -> Shelf:
    return Shelf.of(QueryDict(address))


@pytest.mark.parametrize(
    "address",
    [
        "?",
        "?q=sea+wolf&scope=here&author=7&author=3&state=read&state=new&sort=year&dir=asc&after=abc",
        "?dir=desc&before=abc",
        "?sort=year",
    ],
)
def test_an_address_comes_back_as_it_was(address: str) -> None:
    assert shelf(address[1:]).address() == address


@pytest.mark.parametrize(
    ("address", "known"),
    [
        ("sort=price&dir=up", "?"),
        ("sort=title&dir=asc", "?"),
        ("sort=year&dir=desc", "?sort=year"),
        ("author=x&author=-1&author=" + "9" * 19, "?"),
        ("author=5&author=5", "?author=5"),
        ("state=stolen&state=new&state=read", "?state=read&state=new"),
        ("scope=everywhere", "?"),
        ("q=%00+a++b+", "?q=a+b"),
        ("after=1&before=2", "?after=1"),
    ],
)
def test_what_is_unknown_or_goes_without_saying_is_left_out(address: str, known: str) -> None:
    assert shelf(address).address() == known


def test_a_filter_holds_so_many_and_no_more() -> None:
    assert len(shelf("&".join(f"author={key}" for key in range(MOST_CHOICES + 5))).author) == MOST_CHOICES


def test_another_sort_begins_at_the_top_and_turns_round_when_asked_again() -> None:
    state = shelf("q=sea&after=abc")
    assert state.sorted_by("year").address() == "?q=sea&sort=year"
    assert state.sorted_by("year").sorted_by("year").address() == "?q=sea&sort=year&dir=asc"
    assert state.sorted_by("title").address() == "?q=sea&dir=desc"


def test_without_filters_the_mode_stays() -> None:
    state = shelf("q=sea&scope=here&author=7&sort=year")
    assert (state.is_filtered, state.unfiltered().is_filtered) == (True, False)
    assert state.unfiltered().address() == "?scope=here"
    assert state.said == [("scope", "here"), ("sort", "year")]


@pytest.mark.parametrize("address", ["", "q=sea+wolf&author=7&scope=here&after=abc", "sort=year", "sort=year&dir=asc"])
def test_the_addresses_of_all_headings_are_those_of_each(address: str) -> None:
    state = shelf(address)
    each = {sort: state.sorted_by(sort).address() for sort in ("title", "year")}
    assert state.addresses_sorted_by(("title", "year")) == each
