"""A small world in memory that lives through a story and complains about everything that could not have happened.

It shares no rule with the teller of the story: what it knows of rights and states is written down here a second time.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from fleetfolk.demo.events import SETUP, Event, Kind
from fleetfolk.demo.places import TAGS, contains, organization, site

STRENGTH = {"user": 1, "staff": 2, "admin": 3}
INVITATION_LASTS = timedelta(days=30)
SIGNED_IN_FOR = timedelta(days=10)
GRACE = timedelta(days=7)
MONTH = timedelta(days=30)


@dataclass
class Account:
    """What the world knows of somebody."""

    role: str
    organization: str
    fields: dict[str, str]
    invited: datetime
    opened: bool = False
    accepted: bool = False
    disabled: bool = False
    deleted: datetime | None = None
    tags: list[str] = field(default_factory=list)
    settings: dict[str, str] = field(default_factory=dict)
    seen: datetime | None = None
    session: datetime | None = None
    client: str = ""

    def state(self, now: datetime) -> str:
        """The status that the list would show."""
        if self.deleted:
            return "deletion_pending"
        if self.disabled:
            return "disabled"
        if self.seen is None:
            return "pending"
        return "active" if now - self.seen <= MONTH else "inactive"


class World:
    """Everybody, after the events so far."""

    def __init__(self) -> None:
        self.accounts: dict[str, Account] = {}
        self.refusals = 0
        self._clock: datetime | None = None

    def live_through(self, events: Iterable[Event]) -> None:
        """Every event has happened; AssertionError tells of the first that could not."""
        for event in events:
            assert self._clock is None or self._clock <= event.at, f"Before the one above: {event}"
            self._clock = event.at
            verdict = self._verdict(event)
            assert verdict == event.expected, f"{verdict}: {event}"
            if verdict == "done":
                self._happens(event)
            else:
                self.refusals += 1

    def _verdict(self, event: Event) -> str:
        if event.actor == SETUP:
            assert not self.accounts, f"Only the first comes from nowhere: {event}"
            return "done"
        if event.kind in {Kind.ACCEPT, Kind.SIGN_IN, Kind.OPEN_INVITATION}:
            self._check_own(event)
            return "done"
        actor = self.accounts[event.actor]
        assert actor.accepted, f"Acts before the first sign-in: {event}"
        assert not actor.disabled, f"Acts while disabled: {event}"
        assert actor.deleted is None, f"Acts while deleted: {event}"
        assert actor.session is not None, f"Acts while signed out: {event}"
        assert event.at - actor.session <= SIGNED_IN_FOR, f"Acts on an old sign-in: {event}"
        assert event.device.client == "Web", f"There is no console in the app: {event}"
        assert event.actor != event.target, f"Does it to the own account: {event}"
        if not all(contains(actor.organization, place) for place, _ in self._reached(event)):
            return "not_found"
        if not self._may(actor, event):
            return "denied"
        return "refused" if self._is_impossible(event) else "done"

    def _check_own(self, event: Event) -> None:
        account = self.accounts[event.target]
        assert event.actor == event.target, event
        assert not account.disabled, f"Comes while disabled: {event}"
        assert account.deleted is None, f"Comes while deleted: {event}"
        if event.kind is Kind.SIGN_IN:
            assert account.accepted, f"Signs in before accepting: {event}"
            return
        assert not account.accepted, f"Accepts twice: {event}"
        assert event.at - account.invited <= INVITATION_LASTS, f"The invitation had expired: {event}"

    def _may(self, actor: Account, event: Event) -> bool:
        """Whether the actor's role suffices: never for what is stronger; deleting and transferring are for admins."""
        needed = "admin" if event.kind in {Kind.DELETE, Kind.RESTORE, Kind.TRANSFER} else "staff"
        roles = [needed, *(role for _, role in self._reached(event))]
        return all(STRENGTH[role] <= STRENGTH[actor.role] for role in roles)

    def _reached(self, event: Event) -> list[tuple[str, str]]:
        """The organizations and roles that an event touches."""
        if event.kind is Kind.INVITE:
            return [(event.data["organization"], event.data["role"])]
        if event.kind is Kind.IMPORT:
            return [(event.data["organization"], row["role"]) for row in event.rows]
        target = self.accounts[event.target]
        reached = [(target.organization, target.role)]
        if event.kind is Kind.TRANSFER:
            reached.append((event.data["organization"], event.data["role"]))
        return reached

    def _is_impossible(self, event: Event) -> bool:
        if event.kind is Kind.INVITE:
            return event.target in self.accounts
        if event.kind is Kind.IMPORT:
            return any(row["email"] in self.accounts for row in event.rows)
        target = self.accounts[event.target]
        if event.kind in {Kind.DISABLE, Kind.DELETE, Kind.TRANSFER} and self._is_last_admin(target):
            return True
        return {
            Kind.RESEND_INVITATION: target.accepted,
            Kind.RESET_PASSWORD: not target.accepted or target.disabled,
            Kind.ASSIGN_PASSWORD: not target.accepted or target.disabled,
            Kind.END_SESSIONS: not target.accepted,
            Kind.ENABLE: not target.disabled,
            Kind.DISABLE: target.disabled,
            Kind.RESTORE: target.deleted is None or event.at - target.deleted > GRACE,
        }.get(event.kind, False) or (target.deleted is not None and event.kind is not Kind.RESTORE)

    def _is_last_admin(self, target: Account) -> bool:
        others = [
            each
            for each in self.accounts.values()
            if each is not target
            and (each.role, each.organization) == ("admin", target.organization)
            and each.accepted
            and not each.disabled
            and each.deleted is None
        ]
        return target.role == "admin" and not others

    def _happens(self, event: Event) -> None:
        if event.kind is Kind.INVITE:
            self._arrive(event.target, event.data, event.at)
            return
        if event.kind is Kind.IMPORT:
            assert event.data["invite"] == "yes", event
            for row in event.rows:
                assert row["organization"] == event.data["organization"], event
                self._arrive(row["email"], row, event.at)
            return
        target = self.accounts[event.target]
        match event.kind:
            case Kind.OPEN_INVITATION:
                target.opened = True
            case Kind.RESEND_INVITATION:
                target.invited = event.at
            case Kind.ACCEPT | Kind.SIGN_IN:
                self._come(target, event)
            case Kind.EDIT:
                self._change(target, event)
            case Kind.TRANSFER:
                self._move(target, event)
            case Kind.ASSIGN_TAG:
                self._tag(target, event)
            case _:
                self._close(target, event)

    def _arrive(self, email: str, data: Mapping[str, str], at: datetime) -> None:
        fields = {name: data[name] for name in ("first_name", "last_name", "phone", "site")}
        account = Account(role=data["role"], organization=data["organization"], fields=fields, invited=at)
        self._check_site(account)
        self.accounts[email] = account

    def _come(self, target: Account, event: Event) -> None:
        target.accepted, target.seen = True, event.at
        if event.device.client == "Web":
            target.session = event.at
        if event.kind is Kind.ACCEPT:
            target.settings = dict(event.data)

    def _change(self, target: Account, event: Event) -> None:
        assert event.data, f"Changes nothing: {event}"
        for name, value in event.data.items():
            assert target.fields[name] != value, f"Changes nothing: {event}"
            target.fields[name] = value
        self._check_site(target)

    def _move(self, target: Account, event: Event) -> None:
        keeper = self.accounts[event.data["administrator"]]
        assert keeper.role == "admin", event
        assert keeper.accepted, event
        assert keeper.organization == event.data["organization"], event
        assert target.organization != event.data["organization"], event
        target.organization, target.role = event.data["organization"], event.data["role"]
        target.fields["site"] = ""

    @staticmethod
    def _tag(target: Account, event: Event) -> None:
        assert event.data["tag"] in {each.key for each in TAGS}, event
        assert event.data["tag"] not in target.tags, event
        target.tags.append(event.data["tag"])

    @staticmethod
    def _close(target: Account, event: Event) -> None:
        """Every session of the target has ended, whatever else the event does."""
        target.session = None
        if event.kind in {Kind.DISABLE, Kind.ENABLE}:
            assert event.data["reason"], event
            target.disabled = event.kind is Kind.DISABLE
        if event.kind in {Kind.DELETE, Kind.RESTORE}:
            target.deleted = event.at if event.kind is Kind.DELETE else None

    @staticmethod
    def _check_site(account: Account) -> None:
        """The site, if there is one, belongs to the organization."""
        organization(account.organization)
        if account.fields["site"]:
            site(account.organization, account.fields["site"])
