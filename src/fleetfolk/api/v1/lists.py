"""What the lists share: how they are asked, and how a page of them is answered."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any, Final

from django.db.models import Model, QuerySet
from ninja import Schema
from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import core_schema

from fleetfolk.access.grants import grants_of
from fleetfolk.api.problems import Problem
from fleetfolk.console import place
from fleetfolk.console.list_state import ListState
from fleetfolk.console.listed import Listed
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Denied
from fleetfolk.kernel.perform import LARGEST_KEY
from fleetfolk.kernel.permissions import Permission

MOST: Final = 100


def _storable(text: str) -> str:
    if "\0" in text:
        raise ValueError("a zero byte")
    text.encode()
    return text


Key = Annotated[int, Field(ge=1, le=LARGEST_KEY)]
Text = Annotated[str, Field(max_length=2000), AfterValidator(_storable)]


class OneOf:
    """One of some words."""

    def __init__(self, words: Iterable[str]) -> None:
        self.words = list(words)

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> core_schema.CoreSchema:
        """Nothing but the words."""
        return core_schema.literal_schema(self.words)


class Asked(Schema):
    """How every list can be asked."""

    q: Text = Field("", description="Words that must all be found, as in the search of the page.")
    dir: Annotated[str, OneOf(["asc", "desc"])] | None = Field(None, description="Which way it is sorted.")
    after: Text = Field("", description="`next` of the page before.")
    before: Text = Field("", description="`previous` of the page after.")
    limit: int = Field(25, ge=1, le=MOST, description="So many at most.")


class Answer(BaseModel):
    """What lists answer of each row. Made of what the listing says, so that nothing needs to be looked for in it."""

    model_config = ConfigDict(from_attributes=True)


class Page[Item](Answer):
    """One page of a list. ``total`` is there where it costs nothing; ``capped`` says that there are more than that."""

    items: list[Item]
    next: str | None = Field(description="What comes after this page: for `after`. None at the end.")
    previous: str | None = Field(description="What comes before it: for `before`. None at the beginning.")
    total: int | None = Field(description="How many there are, where that is known.")
    capped: bool = Field(description="Whether there are more than `total`.")


class Named(Answer):
    """Something by its key and name."""

    id: int
    name: str


class Tagged(Answer):
    """A tag as lists show it."""

    name: str
    colour: int


def require_place(state: ListState, sorts: Mapping[Any, Sequence[tuple[str, str]]]) -> None:
    """Refuses a place in the list that is none."""
    if (state.after or state.before) and state.key(sorts) is None:
        raise Problem(422, "input_malformed")


def page_of(found: Listed[Any], items: Sequence[Any]) -> dict[str, Any]:
    """The answer with a page of a directory."""
    keys = found.page.keys
    return {
        "items": items,
        "next": place.write(keys[-1]) if keys and found.page.has_next else None,
        "previous": place.write(keys[0]) if keys and found.page.has_previous else None,
        "total": found.total.count if found.total else None,
        "capped": bool(found.total and found.total.capped),
    }


class Few(Schema):
    """How lists are asked that have no page of filters."""

    after: Key | None = Field(None, description="`next` of the page before.")
    limit: int = Field(50, ge=1, le=MOST, description="So many at most.")


class Slice[Item](Answer):
    """A part of a list, and what comes after it."""

    items: list[Item]
    next: int | None = Field(description="For `after`. None at the end.")


def slice_of[M: Model](rows: QuerySet[M], asked: Few, *, newest_first: bool = False) -> tuple[list[M], int | None]:
    """The next rows by their keys, and the key of the last one where there are more."""
    rows = rows.order_by("-pk" if newest_first else "pk")
    if asked.after is not None:
        rows = rows.filter(**{"pk__lt" if newest_first else "pk__gt": asked.after})
    found = list(rows[: asked.limit + 1])
    shown = found[: asked.limit]
    return shown, shown[-1].pk if len(found) > asked.limit else None


def require_somewhere(actor: Actor, permission: Permission) -> None:
    """Raises `Denied` for whoever has the right nowhere: an empty list would say that there is nothing."""
    if not any(permission.code in grant.permissions for grant in grants_of(actor)):
        raise Denied("permission_missing")


def named(thing: Any) -> dict[str, Any] | None:
    """The thing by its key and name."""
    return None if thing is None else {"id": thing.pk, "name": str(thing)}
