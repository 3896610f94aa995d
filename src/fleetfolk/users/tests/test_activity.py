"""Activity: one stream of many sources around one person, for whoever may read it."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from fleetfolk.access.models import Role
from fleetfolk.actionlog.tests.test_log_page import put
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.perform import perform
from fleetfolk.testing.cast import Cast, actor
from fleetfolk.testing.door import staging
from fleetfolk.testing.plugin import SignedIn
from fleetfolk.users import activity
from fleetfolk.users.actions.disable_user import DisableUser
from fleetfolk.users.actions.no_input import ReasonInput
from fleetfolk.users.actions.start_session import StartSession, StartSessionInput
from fleetfolk.users.activity import Happening, Place, Sought, activity_counts, activity_page, key_of
from fleetfolk.users.models import User
from fleetfolk.users.web import log_source  # noqa: F401 - registers the log

NOW = timezone.now()
HTMX = {"HX-Request": "true", "HX-Target": "stream"}


@dataclass(kw_only=True)
class Bells:
    """A second source: so many bells, each at its minute before now."""

    kind: ClassVar[str] = "bells"
    kinds: ClassVar[Mapping[str, str]] = {"bell": "Bells"}
    rung: list[tuple[int, int]] = field(default_factory=list)  # id, minutes ago

    def read(
        self,
        actor: Actor,
        person: User,
        *,
        since: dt.datetime,
        until: dt.datetime,
        before: Place | None,
        limit: int,
        typed: str = "",
        kind: str = "",
    ) -> list[Happening]:
        place = activity.beyond(self.kind, before)
        found = sorted(((NOW - dt.timedelta(minutes=ago), key) for key, ago in self.rung), reverse=True)
        return [
            Happening(at=at, key=key_of(self.kind, key), kind="bell", icon="send", sentence=f"Bell {key}")
            for at, key in found
            if since <= at < until and (place is None or (at, key) < place) and typed in f"bell {key}"
        ][:limit]

    def counts(self, actor: Actor, person: User, **period: Any) -> dict[dt.datetime, int] | None:
        return None if len(self.rung) > 100 else {dt.datetime(2026, 1, 1): len(self.rung)}  # noqa: DTZ001


@pytest.fixture
def bells() -> Iterator[Bells]:
    source = Bells()
    activity.register_source(source)  # type: ignore[arg-type]
    yield source
    del activity.SOURCES[source.kind]


def sought(**values: Any) -> Sought:
    return Sought(since=NOW - dt.timedelta(days=1), until=NOW + dt.timedelta(hours=1), **values)


def everything(who: User, person: User, *, size: int, **values: Any) -> list[Happening]:
    """The whole stream, read page by page."""
    found: list[Happening] = []
    page = activity_page(actor(who), person, sought(size=size, **values))
    found += page.happenings
    while page.has_older:
        last = page.happenings[-1]
        page = activity_page(actor(who), person, sought(size=size, before=(last.at, last.key), **values))
        found += page.happenings
    return found


@pytest.mark.parametrize("size", [1, 2, 3, 7, 50])
def test_sources_are_merged_without_gap_or_repetition_also_within_one_moment(
    cast: Cast, bells: Bells, size: int
) -> None:
    for number in range(9):
        moment = NOW - dt.timedelta(minutes=number // 3)
        put(cast.berg, code="user.erase", at=moment, target_id=cast.bob.pk, target_label=f"Nr{number}")
    bells.rung = [(number + 1, number // 2) for number in range(9)]
    found = everything(cast.ada, cast.bob, size=size)
    mine = [one for one in found if one.kind == "bell" or "erased Nr" in one.sentence]
    assert len(mine) == 18
    assert len({one.key for one in found}) == len(found)
    assert [(one.at, one.key) for one in found] == sorted(((one.at, one.key) for one in found), reverse=True)


def test_words_and_kinds_narrow_every_source(cast: Cast, bells: Bells) -> None:
    bells.rung = [(1, 5), (2, 6)]
    perform(StartSession, actor=actor(cast.bob), target_id=cast.bob.pk, data=StartSessionInput())
    put(cast.berg, code="user.erase", target_id=cast.bob.pk)
    assert {one.kind for one in everything(cast.ada, cast.bob, size=9)} == {"bell", "sign-in", "action"}
    assert {one.kind for one in everything(cast.ada, cast.bob, size=9, kind="sign-in")} == {"sign-in"}
    assert {one.kind for one in everything(cast.ada, cast.bob, size=9, kind="bell")} == {"bell"}
    assert [one.sentence for one in everything(cast.ada, cast.bob, size=9, typed="bell 2")] == ["Bell 2"]
    said = [one.sentence for one in everything(cast.ada, cast.bob, size=9, typed="sign in")]
    assert said[0] == "Signed in"
    assert everything(cast.ada, cast.bob, size=9, typed="sign in", kind="action") == []


def test_what_one_may_not_read_is_not_in_the_stream(cast: Cast) -> None:
    for place in (cast.lumen, cast.north, cast.berg, cast.south, cast.evil):
        put(place, code="user.erase", target_id=cast.bob.pk, target_label=place.name)
    said = {
        name: {one.sentence.rpartition("erased ")[2] for one in everything(who, cast.bob, size=9, typed="erase")}
        for name, who in {"ada": cast.ada, "finn": cast.finn, "bea": cast.bea, "sam": cast.sam, "sue": cast.sue}.items()
    }
    assert said == {
        "ada": {"Lumen Home", "North", "Familie Berg", "South"},
        "finn": {"North", "Familie Berg"},
        "bea": {"Familie Berg"},
        "sam": {"South"},
        "sue": set(),
    }
    assert len(everything(cast.bob, cast.bob, size=9, typed="erase")) == 4, "about oneself, all of one's tenant"
    assert everything(cast.eve, cast.bob, size=9, typed="erase")[0].sentence.endswith("Evil Corp")


def test_sentences_say_whose_hands_it_was_and_what_failed(cast: Cast) -> None:
    perform(DisableUser, actor=actor(cast.ada), target_id=cast.bob.pk, data=ReasonInput())
    with pytest.raises(Exception, match="sign_in_disabled"):
        perform(StartSession, actor=actor(cast.bob), target_id=cast.bob.pk, data=StartSessionInput())
    put(cast.berg, code="gadget.part.explode", target_id=cast.bob.pk, actor_label="Rob", at=NOW - dt.timedelta(hours=1))
    put(
        cast.berg,
        code="user.edit",
        at=NOW - dt.timedelta(hours=2),
        actor_label="Cleo Staff",
        target_id=cast.bob.pk,
        target_label="Bob Berg",
        acting_for="Bob Berg",
        acting_for_id=cast.bob.pk,
    )
    stream = everything(cast.ada, cast.bob, size=50)
    failed, disabled = stream[:2]
    unknown, behalf = stream[-2:]
    assert failed.sentence.startswith("Sign in: refused. Your account is disabled.")
    assert (failed.failed, failed.icon, failed.kind) == (True, "alert-triangle", "sign-in")
    assert (disabled.sentence, disabled.icon) == ("Ada Lindqvist disabled Bob Berg", "ban")
    assert unknown.sentence == "Rob, gadget.part.explode"
    assert (behalf.behalf, behalf.kind) == ("Cleo Staff on behalf of Bob Berg", "assistance")


def test_too_many_to_count_is_said_and_not_waited_for(cast: Cast, bells: Bells) -> None:
    period = {"step": dt.timedelta(hours=1), "zone": ZoneInfo("Europe/Berlin")}
    counted = activity_counts(actor(cast.ada), cast.bob, sought(), **period)  # type: ignore[arg-type]
    assert counted is not None
    bells.rung = [(number, 1) for number in range(101)]
    assert activity_counts(actor(cast.ada), cast.bob, sought(), **period) is None  # type: ignore[arg-type]


def test_the_tab_has_its_address_its_lines_and_its_chart(cast: Cast, signed_in: SignedIn) -> None:
    perform(DisableUser, actor=actor(cast.ada), target_id=cast.bob.pk, data=ReasonInput())
    for number in range(40):
        put(cast.berg, target_id=cast.bob.pk, target_label=f"Nr{number}", at=NOW - dt.timedelta(minutes=number))
    browser, address = signed_in(cast.ada), f"/users/{cast.bob.pk}/activity/"
    page = browser.get(address).content.decode()
    assert "Ada Lindqvist disabled Bob Berg" in page
    assert page.count("<li") >= 30
    older = page.partition('id="page-older" href="')[2].partition('"')[0].replace("&amp;", "&")
    part = browser.get(older, headers=HTMX).content.decode()
    assert "<html" not in part
    assert "Nr39" in part
    assert "Nr5 " not in part.replace("<", " ")
    chart = browser.get(f"{address}chart/?period=day").content.decode()
    assert 'role="img"' in chart
    assert "No activity" not in browser.get(f"{address}?q=zzz").content.decode()
    assert "Nothing called “zzz”" in browser.get(f"{address}?q=zzz").content.decode()
    for nonsense in ("?past=x", "?past=1-1-nothing", "?past=99999999999999999999-1-log", "?kind=x&period=y", "?from=x"):
        assert browser.get(address + nonsense).status_code == 200


@pytest.mark.parametrize("who", ["sam", "eve"])
def test_the_stream_of_who_is_out_of_reach_does_not_exist(cast: Cast, signed_in: SignedIn, who: str) -> None:
    browser = signed_in(getattr(cast, who))
    for part in ("", "chart/", "latest/"):
        assert browser.get(f"/users/{cast.bob.pk}/activity/{part}").status_code == 404


def test_without_the_right_to_read_the_log_the_stream_is_silent(cast: Cast) -> None:
    with staging():
        Role.objects.filter(pk=cast.cleo.role_id).update(permissions=["users.view"])
    put(cast.berg, code="user.erase", target_id=cast.bob.pk)
    assert everything(cast.cleo, cast.bob, size=9) == []
    period = {"step": dt.timedelta(hours=1), "zone": ZoneInfo("Europe/Berlin")}
    assert activity_counts(actor(cast.cleo), cast.bob, sought(), **period) == {}  # type: ignore[arg-type]
