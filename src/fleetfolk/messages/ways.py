"""The ways on which a message goes out beside the inbox: whom each reaches, and who carries it.

A way is one of `Channel`. Its module registers it; a message goes by it where its author said so, where the way reaches
the person, and where the person wants it.
"""

from dataclasses import dataclass

from fleetfolk.messages.models import Channel


@dataclass(frozen=True, kw_only=True, slots=True)
class Way:
    """One way. ``reaches`` is an SQL condition on the row ``u`` of a person, without parameters; only what a module
    says of itself stands there, never what came from outside. ``task`` carries what waits on it, by its full name.
    """

    channel: Channel
    reaches: str
    task: str


WAYS: dict[Channel, Way] = {}


def register_way(way: Way) -> None:
    """Messages can go by it. One way twice is a `TypeError`."""
    if way.channel in WAYS:
        raise TypeError(f"{way.channel!r} has its way already")
    WAYS[way.channel] = way


register_way(Way(channel=Channel.EMAIL, reaches="true", task="messages.carry_mails"))
