"""What people of such software do: agents look, search and change; customers see to their devices on the phone."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from urllib.parse import urlencode

from bench.browser import Ask
from bench.scenarios import World
from bench.soak.people import Habit, Person
from bench.world import TAGS, Tenant

FOR_BULK = 6
"""So many of those whom somebody works on are only touched by acts on many."""
_WORDS = ("anna bauer", "maria garcía", "thomas müller", "jürgen schm", "o'neil", "berlin", "michael w", "xqz", "smith")
_THINGS = ("boiler 12", "thermostat kitchen", "water meter", "fw0", "küche")
_SORTS = ("", "name", "email", "role", "organization", "status", "last_sign_in", "devices", "created")
_PERIODS = ("hour", "day", "week", "month")
_TABS = ("activity", "action-log", "devices", "security")
_numbers = itertools.count(1)


def _listed(who: Person) -> None:
    query = {"sort": who.dice.choice(_SORTS), "dir": who.dice.choice(("asc", "desc"))}
    if who.dice.random() < 0.4:
        query |= who.dice.choice(
            ({"status": "pending"}, {"status": "active"}, {"role": str(who.tenant.first_role + 2)}, {"scope": "here"})
        )
    whole = who.dice.random() < 0.4
    who.ask("people: list", "/users/?" + _of(query), target="" if whole else "people")


def _paged(who: Person) -> None:
    who.ask("people: list", who.dice.choice(who.pages), target="people")


def _searched(who: Person) -> None:
    word = who.dice.choice(_WORDS)
    for end in sorted(who.dice.sample(range(1, len(word) + 1), min(3, len(word)))):
        who.ask("people: search", "/users/?" + _of({"q": word[:end]}), target="people")
    who.ask("people: count", "/users/count/?" + _of({"q": word}), target="total")


def _found(who: Person) -> None:
    word = who.dice.choice(_WORDS)
    for end in sorted(who.dice.sample(range(1, len(word) + 1), 2)):
        who.ask("palette", "/find/?" + _of({"q": word[:end]}), target="palette-results")


def _read(who: Person) -> None:
    person = who.dice.choice(who.targets)
    who.ask("profile", f"/users/{person}/")
    who.ask("profile: tab", f"/users/{person}/{who.dice.choice(_TABS)}/", target="tab")


def _devices(who: Person) -> None:
    query = {"sort": who.dice.choice(("", "name")), "q": who.dice.choice(("", "", *_THINGS))}
    who.ask("devices: list", "/devices/?" + _of(query), target=who.dice.choice(("", "fleet")))


def _logged(who: Person) -> None:
    query = {"period": who.dice.choice(_PERIODS), "q": who.dice.choice(("", "", "disabled"))}
    who.ask("log", "/action-log/?" + _of(query), target="log")


def _organized(who: Person) -> None:
    who.ask("organizations, roles", who.dice.choice(("/organizations/", "/organizations/?q=berlin", "/roles/")))


def _edited(who: Person) -> None:
    person = who.dice.choice(_present(who))
    who.ask("dialog", f"/users/{person}/edit/", target="dialog-host")
    number = next(_numbers)
    form = {"first_name": "Nora", "last_name": f"Soak {number}", "phone": f"+4930{number:08}"}
    more = {"role": who.tenant.first_role + 2, "location": "", "time_zone": ""}
    who.act("edit", f"/users/{person}/edit/", code="user.edit", on=person, **form, **more)


def _invited(who: Person) -> None:
    email = f"soak.{next(_numbers)}.{who.id}@soak.example"
    form = {"first_name": "Ines", "last_name": "Invited", "email": email, "role": who.tenant.first_role + 2}
    asked = {"organization": who.home, "phone": "", "location": ""}
    who.act("invite", "/users/invite/", code="user.invite", on=who.home, **form, **asked)
    who.tally.invited.add(email)


def _switched(who: Person) -> None:
    person = who.dice.choice(_present(who))
    if who.tally.disabled.get(person):
        who.act("enable", f"/users/{person}/enable/", code="user.enable", on=person)
    else:
        who.act("disable", f"/users/{person}/disable/", code="user.disable", on=person, reason="On leave")
    who.tally.disabled[person] = not who.tally.disabled.get(person)


def _deleted(who: Person) -> None:
    gone = [person for person in _changeable(who) if who.tally.deleted.get(person)]
    if gone and who.dice.random() < 0.4:
        person = who.dice.choice(gone)
        who.act("restore", f"/users/{person}/restore/", code="user.restore", on=person)
        who.tally.deleted[person] = False
        return
    there = _present(who)
    if len(there) < 8:
        return
    person = who.dice.choice(there)
    form = {"word": "DELETE", "reason": "Left us"}
    who.act("delete", f"/users/{person}/delete/", code="user.delete", on=person, **form)
    who.tally.deleted[person] = True


def _not_allowed(who: Person) -> None:
    person = who.dice.choice(_present(who))
    form = {"word": "DELETE", "reason": "May I?"}
    who.ask("refused", f"/users/{person}/delete/", target="dialog-host", expected=(403,), **form)


def _tagged(who: Person) -> None:
    person = who.dice.choice(_present(who))
    who.ask("dialog", f"/users/{person}/tags/", target="tag-choices")
    way, code = ("remove", "user.tag.revoke") if person in who.carried else ("add", "user.tag.assign")
    who.act("tag", f"/users/{person}/tags/{who.tag}/{way}/", code=code, on=person)
    who.carried ^= {person}


def _many(who: Person) -> None:
    people = ",".join(map(str, who.targets[-FOR_BULK:]))
    who.sent("bulk: start", Ask(path="/bulk/users/tag/", form=(("ids", people),), expected=(302,)))
    where = who.browser.went
    who.ask("bulk: look", where)
    chosen = (("tag_id", str(who.dice.choice(_tags(who.tenant)))),)
    who.sent("bulk: start", Ask(path=f"{where}start/", form=chosen, expected=(302,)))
    who.ask("bulk: look", where)
    who.tally.jobs.append(int(where.strip("/").split("/")[-1]))


AGENT = [
    Habit(kind="lists", weight=14, do=_listed),
    Habit(kind="pages", weight=8, do=_paged),
    Habit(kind="search", weight=7, do=_searched),
    Habit(kind="palette", weight=4, do=_found),
    Habit(kind="profiles", weight=9, do=_read),
    Habit(kind="devices", weight=6, do=_devices),
    Habit(kind="log", weight=5, do=_logged),
    Habit(kind="organizations", weight=3, do=_organized),
    Habit(kind="edits", weight=4, do=_edited),
    Habit(kind="invitations", weight=2, do=_invited),
    Habit(kind="switches", weight=3, do=_switched),
    Habit(kind="tags", weight=3, do=_tagged),
    Habit(kind="many", weight=0.5, do=_many),
    Habit(kind="refusals", weight=0.5, do=_not_allowed),
]
"""Of Staff, who may delete nobody."""
ADMIN = [*AGENT[:-1], Habit(kind="deletions", weight=1.5, do=_deleted)]


def of_a_customer(device: int, power: int, measured: int) -> list[Habit]:
    """A customer's habits, with one device that has a switch and something that is measured."""
    one = f"/my/devices/{device}/"
    history = [f"{one}streams/{measured}/?period={period}" for period in ("hour", "day")]
    account = [f"/account/{part}/" for part in ("action-log", "security", "notifications", "messages", "data")]

    def switched(who: Person) -> None:
        form = (("value", who.dice.choice(("0", "1"))),)
        path = f"{one}streams/{power}/set/"
        who.sent("portal: switch", Ask(path=path, target="said", form=form, expected=(204,)))
        who.tally.done("device.command.send", device)

    return [
        _looked(6, "portal: home", "/account/"),
        _looked(8, "portal: device", one),
        _looked(4, "portal: device", f"{one}timeline/", f"{one}people/", f"{one}about/"),
        _looked(4, "portal: history", *history, target="history"),
        Habit(kind="portal", weight=5, do=switched),
        _looked(5, "portal: account", *account),
        Habit(kind="refusals", weight=0.5, do=_elsewhere),
    ]


def _looked(weight: float, kind: str, *paths: str, target: str = "") -> Habit:
    return Habit(kind=kind, weight=weight, do=lambda who: who.ask(kind, who.dice.choice(paths), target=target))


def _elsewhere(who: Person) -> None:
    who.ask("refused", "/users/", expected=(403,))


def _tags(tenant: Tenant) -> list[int]:
    return [tenant.first_tag + place for place in range(len(TAGS))]


def places_in_lists(world: World, count: int) -> list[str]:
    """Addresses of pages in the middle of the largest tenant's list of people."""
    tenant = world.admin.tenant
    addresses = []
    for number in range(count):
        sort = ("name", "email", "created", "last_sign_in")[number % 4]
        at = world.place_of(sort, world.someone(tenant))  # type: ignore[arg-type]
        addresses.append("/users/?" + _of({"sort": sort, "dir": "asc", "after": at}))
    return addresses


def _changeable(who: Person) -> list[int]:
    return who.targets[:-FOR_BULK]


def _present(who: Person) -> list[int]:
    """Those whom this person works on, who are not deleted."""
    return [person for person in _changeable(who) if not who.tally.deleted.get(person)]


def _of(query: Mapping[str, object]) -> str:
    return urlencode([(name, value) for name, value in query.items() if value])
