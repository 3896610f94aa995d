"""What there is to ask about: the lists with their columns and filters, and the Actions that have a short name."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, kw_only=True, slots=True)
class Filter:
    """A narrowing of a list. ``noun`` is what it names, where it is named by key or by name."""

    option: str
    help: str
    noun: str = ""
    parameter: str = ""
    many: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class Act:
    """An Action done to each that is named. ``fields`` are its options: each a help, and the noun that it names."""

    action: str
    help: str
    fields: Mapping[str, tuple[str, str]] | None = None
    required: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """A list that belongs to one thing: where below its address, and the columns."""

    path: str
    help: str
    columns: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Noun:
    """One sort of things.

    ``found_by`` are the fields by which one is named instead of by its key; ``searched`` says that the list can be
    asked for words, ``one`` that one of them can be looked at. ``most`` rows are shown unless somebody says otherwise.
    """

    path: str
    help: str
    columns: tuple[str, ...]
    filters: tuple[Filter, ...] = ()
    found_by: tuple[str, ...] = ("name",)
    searched: bool = False
    one: bool = True
    most: int | None = None
    acts: Mapping[str, Act] | None = None
    parts: Mapping[str, Part] | None = None


_ORGANIZATION: Final = Filter(option="organization", help="of this organization, by key or name", noun="organizations")
_LOCATION: Final = Filter(option="location", help="at this location, by key or name", noun="locations")
_TAG: Final = Filter(option="tag", help="with this tag, by key or name", noun="tags")
_SEGMENT: Final = Filter(option="segment", help="in this segment, by key or name", noun="segments")
_SEARCH: Final = Filter(option="search", parameter="q", help="with all of these words", many=False)
_SORT: Final = Filter(option="sort", help="by this column", many=False)
_DIRECTION: Final = Filter(option="dir", help="asc or desc", many=False)
_STATUS: Final = Filter(option="status", help="with this status, such as inactive or online")

_REASON: Final = {"reason": ("why, for the log", "")}
_ROLE: Final = {"role_id": ("the role, by key or name", "roles")}
_OF_TAG: Final = {"tag_id": ("the tag, by key or name", "tags")}

NOUNS: Final[Mapping[str, Noun]] = {
    "users": Noun(
        path="users",
        help="people",
        columns=("id", "name", "email", "status", "role", "organization", "devices", "last_sign_in_at"),
        filters=(
            _STATUS,
            Filter(option="role", help="with this role, by key or name", noun="roles"),
            *(_ORGANIZATION, _LOCATION, _TAG, _SEGMENT, _SEARCH, _SORT, _DIRECTION),
        ),
        found_by=("email", "name"),
        searched=True,
        acts={
            "disable": Act(action="user.disable", help="shut them out", fields=_REASON),
            "enable": Act(action="user.enable", help="let them in again"),
            "activate": Act(action="user.activate", help="activate who was deactivated"),
            "deactivate": Act(action="user.deactivate", help="deactivate their account", fields=_REASON),
            "reset-password": Act(
                action="user.password.reset", help="sign them out and mail them a link", fields=_REASON
            ),
            "sign-out": Act(action="user.sessions.end", help="end all their sessions"),
            "resend": Act(action="user.invitation.send", help="send their invitation anew"),
            "role": Act(action="user.role.assign", help="give them a role", fields=_ROLE, required=("role_id",)),
            "tag": Act(action="user.tag.assign", help="give them a tag", fields=_OF_TAG, required=("tag_id",)),
            "untag": Act(action="user.tag.revoke", help="take a tag from them", fields=_OF_TAG, required=("tag_id",)),
        },
    ),
    "devices": Noun(
        path="devices",
        help="devices",
        columns=("id", "name", "serial", "status", "template", "organization", "owner", "reported_at"),
        filters=(
            _STATUS,
            Filter(option="template", help="of this template, by key or name", noun="templates"),
            *(_ORGANIZATION, _LOCATION, _TAG, _SEGMENT, _SEARCH, _SORT, _DIRECTION),
        ),
        found_by=("serial", "name"),
        searched=True,
        acts={
            "activate": Act(action="device.activate", help="let it in again"),
            "deactivate": Act(action="device.deactivate", help="shut it out", fields=_REASON),
            "rename": Act(
                action="device.rename",
                help="call it something else",
                fields={"name": ("its name", "")},
                required=("name",),
            ),
            "tag": Act(action="device.tag.assign", help="give it a tag", fields=_OF_TAG, required=("tag_id",)),
            "untag": Act(action="device.tag.revoke", help="take a tag from it", fields=_OF_TAG, required=("tag_id",)),
        },
        parts={
            "values": Part(
                path="values",
                help="what it last reported",
                columns=("stream_id", "pin", "name", "value", "units", "at"),
            )
        },
    ),
    "organizations": Noun(
        path="organizations",
        help="organizations",
        columns=("id", "name", "kind", "users", "devices", "below", "above"),
        filters=(Filter(option="kind", help="of this type"), _SEARCH, _SORT, _DIRECTION),
        searched=True,
        acts={
            "archive": Act(action="organization.archive", help="put it away, with all below it"),
            "restore": Act(action="organization.restore", help="take it out again"),
        },
    ),
    "roles": Noun(path="roles", help="roles", columns=("id", "name", "builtin", "people"), one=False),
    "tags": Noun(path="tags", help="tags", columns=("id", "name", "organization"), one=False),
    "locations": Noun(path="locations", help="locations", columns=("id", "name", "address", "organization"), one=False),
    "templates": Noun(path="templates", help="templates of devices", columns=("id", "name", "manufacturer", "model")),
    "segments": Noun(
        path="segments",
        help="segments",
        columns=("id", "name", "of", "kind", "counted", "organization"),
        parts={"members": Part(path="members", help="who is in it", columns=("target_id", "name", "since"))},
    ),
    "messages": Noun(
        path="messages",
        help="messages",
        columns=("id", "subject", "state", "recipients", "read", "replies", "failed", "created_at"),
        found_by=("subject",),
        most=50,
        acts={"cancel": Act(action="message.cancel", help="call back one that waits")},
    ),
    "jobs": Noun(
        path="jobs",
        help="long work",
        columns=("id", "title", "state", "done", "total", "created_by", "created_at"),
        found_by=("title",),
        most=50,
        acts={
            "cancel": Act(action="job.cancel", help="stop it; what is done stays"),
            "undo": Act(action="job.bulk.restore", help="take back an act on many, by another job"),
        },
    ),
    "log": Noun(
        path="log",
        help="the action log",
        columns=("at", "actor", "action", "target", "result", "reason"),
        filters=(
            Filter(option="period", help="how far back: day, week, month …", many=False),
            Filter(option="result", help="with this result: done, refused, denied"),
            Filter(option="client", help="through this program"),
            Filter(option="person", help="by or about this person", noun="users", many=False),
            _SEARCH,
        ),
        one=False,
        most=50,
    ),
}
