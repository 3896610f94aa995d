"""Where the story is acted out: each event becomes Actions of its actor, at its moment and through its device.

Every Action carries a request id of its own, made from the number of the event. The log keeps it in the same
transaction as the change, so a build that was interrupted knows exactly what has happened, and nothing happens twice.
"""

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Max
from django.urls import resolve

from fleetfolk.access.models import Role
from fleetfolk.actionlog.models import Entry
from fleetfolk.demo.clients import INSTALLATION, Device
from fleetfolk.demo.errand import run_errands
from fleetfolk.demo.events import SETUP, Event, Kind
from fleetfolk.demo.lists import keep_list, run_list
from fleetfolk.demo.models import Mail
from fleetfolk.demo.places import ORGANIZATIONS, TAGS
from fleetfolk.demo.signins import PASSWORD
from fleetfolk.kernel import clock
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor, ActorKind, Client, Proof, system_actor
from fleetfolk.kernel.errors import ActionError
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.kernel.perform import perform
from fleetfolk.organizations.models import Location, Organization, Tag
from fleetfolk.users.actions.accept_invitation import AcceptInvitation, AcceptInvitationInput
from fleetfolk.users.actions.assign_password import AssignPassword, AssignPasswordInput
from fleetfolk.users.actions.assign_tag import AssignTag, AssignTagInput
from fleetfolk.users.actions.create_import import CreateImport, CreateImportInput
from fleetfolk.users.actions.delete_user import DeleteUser, DeleteUserInput
from fleetfolk.users.actions.disable_user import DisableUser
from fleetfolk.users.actions.edit_password import EditPassword, EditPasswordInput
from fleetfolk.users.actions.edit_user import EditUser, EditUserInput
from fleetfolk.users.actions.enable_user import EnableUser
from fleetfolk.users.actions.end_sessions import EndSessions
from fleetfolk.users.actions.invite_user import InviteUser, InviteUserInput
from fleetfolk.users.actions.no_input import NoInput, ReasonInput
from fleetfolk.users.actions.read_invitation import InvitationSecretInput, ReadInvitation
from fleetfolk.users.actions.reset_password import ResetPassword
from fleetfolk.users.actions.restore_user import RestoreUser
from fleetfolk.users.actions.send_invitation import SendInvitation
from fleetfolk.users.actions.start_import import StartImport, StartImportInput
from fleetfolk.users.actions.start_session import StartSession, StartSessionInput
from fleetfolk.users.actions.transfer_user import TransferUser, TransferUserInput
from fleetfolk.users.models import FAMILY_NAME_FIRST, User
from fleetfolk.users.secret import secret_hash

REQUEST_ID = "demo-"

_CLIENTS = {"Web": Client.WEB, "Android": Client.ANDROID, "iOS": Client.IOS, "Shell": Client.SHELL}
_FAMILY_NAME_FIRST = re.compile(FAMILY_NAME_FIRST)
_LINK = re.compile(r"https?://\S+")


class NotAsTold(Exception):
    """An Action ended otherwise than the story says: the story and the rules have grown apart."""


@dataclass(kw_only=True, slots=True)
class _Account:
    """What the stage remembers of somebody, so that it need not ask for every event."""

    key: int
    label: str
    is_locked: bool = False


class Stage:
    """The tenant of the story, with everything that has happened in it so far; ``now`` is when the story ends."""

    def __init__(self, root: Organization, *, now: dt.datetime) -> None:
        self.root = root
        self._now = now
        entries = Entry.objects.filter(tenant=root, request_id__startswith=REQUEST_ID)
        self._happened = set(entries.values_list("request_id", flat=True))
        self._latest: dt.datetime | None = entries.aggregate(latest=Max("at"))["latest"]
        self._roles = dict(Role.objects.filter(tenant=root).values_list("builtin", "pk"))
        self._accounts = {
            user.email: _Account(key=user.pk, label=str(user), is_locked=_is_locked(user))
            for user in User.objects.filter(tenant=root)
        }
        self.organizations: dict[str, int] = {}
        self._sites: dict[tuple[str, str], int] = {}
        self._tags: dict[str, int] = {}
        self.find_places()
        self._acts: dict[Kind, Callable[[Event, str], None]] = {
            Kind.INVITE: self._invite,
            Kind.IMPORT: self._import,
            Kind.OPEN_INVITATION: self._open_invitation,
            Kind.ACCEPT: self._accept,
            Kind.SIGN_IN: self._sign_in,
            Kind.EDIT: self._edit,
            Kind.RESET_PASSWORD: self._reset_password,
            Kind.TRANSFER: self._transfer,
        }
        self._simple: dict[Kind, tuple[type[Action[User, Any]], Callable[[Event], object]]] = {
            Kind.RESEND_INVITATION: (SendInvitation, _nothing),
            Kind.ASSIGN_PASSWORD: (AssignPassword, lambda _event: AssignPasswordInput(password=PASSWORD)),
            Kind.END_SESSIONS: (EndSessions, _nothing),
            Kind.DISABLE: (DisableUser, _reason),
            Kind.ENABLE: (EnableUser, _nothing),
            Kind.DELETE: (DeleteUser, lambda event: DeleteUserInput(reason=_reason(event).reason)),
            Kind.RESTORE: (RestoreUser, _nothing),
            Kind.ASSIGN_TAG: (AssignTag, lambda event: AssignTagInput(tag_id=self._tags[event.data["tag"]])),
        }

    def find_places(self) -> None:
        """Organizations, job sites and tags that exist are known by their keys in the story."""
        by_path = {each.pk: each for each in Organization.objects.filter(tenant=self.root)}
        by_name = {(each.parent_id, each.name): each.pk for each in by_path.values()}
        for place in ORGANIZATIONS:
            above = self.organizations.get(place.parent) if place.parent else None
            key = by_name.get((above, place.name))
            if key is not None and (above is not None or place.parent is None):
                self.organizations[place.key] = key
        sites = {(each.organization_id, each.name): each.pk for each in Location.objects.filter(tenant=self.root)}
        for place in ORGANIZATIONS:
            for site in place.sites:
                found = sites.get((self.organizations.get(place.key, 0), site.name))
                if found is not None:
                    self._sites[place.key, site.key] = found
        tags = dict(Tag.objects.filter(tenant=self.root).values_list("name", "pk"))
        self._tags = {each.key: tags[each.name] for each in TAGS if each.name in tags}

    def key_of(self, email: str) -> int | None:
        """The key of somebody of the story; None for who is not in it."""
        account = self._accounts.get(email)
        return account.key if account else None

    def finish_errands(self) -> None:
        """Mails that an interrupted build still owes are sent, a moment after the last thing that happened."""
        if self._latest is not None:
            run_errands(self._latest + dt.timedelta(seconds=4))

    def act(self, event: Event, key: str) -> None:
        """The event has happened, now or in an earlier attempt at this build; its mails are sent."""
        special = self._acts.get(event.kind)
        if special is not None:
            special(event, key)
        else:
            action, data = self._simple[event.kind]
            self._on_target(event, key, action, data(event))
        if event.kind is not Kind.SIGN_IN:
            run_errands(event.at + dt.timedelta(seconds=4))

    def do(
        self,
        action: type[Action[Any, Any]],
        data: object,
        *,
        key: str,
        at: dt.datetime,
        by: str,
        target_id: int,
        device: Device = INSTALLATION,
        expected: str = "done",
    ) -> Outcome[Any] | None:
        """The Action was performed at that moment and ended as expected; its outcome if that was now and it was done.

        `NotAsTold` says what came instead.
        """
        request_id = REQUEST_ID + key
        if request_id in self._happened:
            return None
        outcome, result, reason = None, "done", ""
        with clock.at(at):
            try:
                outcome = perform(action, actor=self._actor(by, device, request_id), target_id=target_id, data=data)
            except ActionError as error:
                result, reason = error.result, error.reason
        self._happened.add(request_id)
        if result != expected:
            raise NotAsTold(f"{action.code} by {by or 'setup'} at {at}: {expected} was told, {result} came ({reason}).")
        return outcome

    def _actor(self, email: str, device: Device, request_id: str) -> Actor:
        if email == SETUP:
            setup = system_actor("setup", tenant_id=self.root.pk, client=_CLIENTS[device.client])
            return replace(setup, request_id=request_id, address=device.address)
        account = self._accounts[email]
        return Actor(
            kind=ActorKind.USER,
            id=str(account.key),
            label=account.label,
            tenant_id=self.root.pk,
            client=_CLIENTS[device.client],
            request_id=request_id,
            address=device.address,
            proof=Proof.GIVEN,
        )

    def _on_target(
        self, event: Event, key: str, action: type[Action[User, Any]], data: object, *, before: float = 0
    ) -> Outcome[User] | None:
        """The event's actor did it to its target, that many seconds before the event."""
        return self.do(
            action,
            data,
            key=key,
            at=event.at - dt.timedelta(seconds=before),
            by=event.actor,
            target_id=self._accounts[event.target].key,
            device=event.device,
            expected=event.expected,
        )

    def _invite(self, event: Event, key: str) -> None:
        fields = event.data
        first_name, last_name = _as_stored(fields["first_name"], fields["last_name"])
        outcome = self.do(
            InviteUser,
            InviteUserInput(
                first_name=first_name,
                last_name=last_name,
                email=event.target,
                role_id=self._roles[fields["role"]],
                phone=fields["phone"],
                # The very first comes before there are any job sites, and chooses one later.
                location_id=None if event.actor == SETUP else self._site(fields["organization"], fields["site"]),
            ),
            key=key,
            at=event.at,
            by=event.actor,
            target_id=self.organizations[fields["organization"]],
            device=event.device,
            expected=event.expected,
        )
        if outcome is not None:
            self._accounts[event.target] = _Account(key=outcome.target.pk, label=_written(first_name, last_name))

    def _import(self, event: Event, key: str) -> None:
        """The list was uploaded, its import started, and run as the worker runs it."""
        within = Organization.objects.get(pk=self.organizations[event.data["organization"]])
        if f"{REQUEST_ID}{key}.1" not in self._happened:
            source = keep_list(event, within=within, role_id=self._roles[event.rows[0]["role"]], as_stored=_as_stored)
            self.do(
                CreateImport,
                CreateImportInput(source=source),
                key=f"{key}.1",
                at=event.at - dt.timedelta(seconds=38),
                by=event.actor,
                target_id=within.pk,
                device=event.device,
            )
        job_id = Entry.objects.get(tenant=self.root, request_id=f"{REQUEST_ID}{key}.1").target_id or 0
        self.do(
            StartImport,
            StartImportInput(here=True),
            key=f"{key}.2",
            at=event.at - dt.timedelta(seconds=3),
            by=event.actor,
            target_id=job_id,
            device=event.device,
        )
        run_list(job_id, at=event.at, now=self._now)
        emails = [row["email"] for row in event.rows]
        for user in User.objects.filter(organization=within, email__in=emails):
            self._accounts.setdefault(user.email, _Account(key=user.pk, label=str(user)))

    def _site(self, place: str, site: str) -> int | None:
        return self._sites[place, site] if site else None

    def _open_invitation(self, event: Event, key: str) -> None:
        if REQUEST_ID + key not in self._happened:
            self._on_target(
                event, key, ReadInvitation, InvitationSecretInput(secret_hash=_secret_sent_to(event.target))
            )

    def _accept(self, event: Event, key: str) -> None:
        """The person followed the link in the mail, chose the password of the demo, and was signed in."""
        if f"{REQUEST_ID}{key}.2" not in self._happened:
            secret = _secret_sent_to(event.target)
            self._on_target(event, f"{key}.1", ReadInvitation, InvitationSecretInput(secret_hash=secret), before=48)
            accepted = AcceptInvitationInput(
                secret_hash=secret,
                password=PASSWORD,
                time_zone=event.data["time_zone"],
                language=event.data["language"],
            )
            self._on_target(event, f"{key}.2", AcceptInvitation, accepted)
        self._on_target(event, f"{key}.3", StartSession, StartSessionInput())

    def _sign_in(self, event: Event, key: str) -> None:
        """The person signed in; after a reset, with the password that was chosen by the link in the mail."""
        account = self._accounts[event.target]
        if account.is_locked:
            self._on_target(event, f"{key}.1", EditPassword, EditPasswordInput(password=PASSWORD), before=9)
            account.is_locked = False
            run_errands(event.at - dt.timedelta(seconds=5))
        self._on_target(event, key, StartSession, StartSessionInput())

    def _reset_password(self, event: Event, key: str) -> None:
        if self._on_target(event, key, ResetPassword, ReasonInput()) is not None:
            self._accounts[event.target].is_locked = True

    def _edit(self, event: Event, key: str) -> None:
        """What the event names is changed, all else stays."""
        user = User.objects.select_related("organization").get(pk=self._accounts[event.target].key)
        first_name, last_name = _as_written(user)
        stored = _as_stored(event.data.get("first_name", first_name), event.data.get("last_name", last_name))
        (place,) = [name for name, pk in self.organizations.items() if pk == user.organization_id]
        edited = EditUserInput(
            first_name=stored[0],
            last_name=stored[1],
            phone=event.data.get("phone", user.phone),
            location_id=self._site(place, event.data["site"]) if "site" in event.data else user.location_id,
            time_zone=user.time_zone,
        )
        if self._on_target(event, key, EditUser, edited) is not None:
            self._accounts[event.target].label = _written(*stored)

    def _transfer(self, event: Event, key: str) -> None:
        data = TransferUserInput(
            admin_email=event.data["administrator"],
            role_id=self._roles[event.data["role"]],
            with_devices=event.data["devices"] == "yes",
        )
        self._on_target(event, key, TransferUser, data)

    def settle_first_admin(self, event: Event, site: str) -> None:
        """The very first, who came before there were job sites, has one now."""
        edit = replace(event, actor=event.target, kind=Kind.EDIT, data={"site": site})
        self._edit(edit, "places.self")


def _nothing(_event: Event) -> NoInput:
    return NoInput()


def _reason(event: Event) -> ReasonInput:
    return ReasonInput(reason=event.data.get("reason", ""))


def _is_locked(user: User) -> bool:
    """Whether the password was reset and no new one chosen."""
    return user.activated_at is not None and not user.has_usable_password()


def _as_stored(first: str, last: str) -> tuple[str, str]:
    """Given name and family name, of a name as its bearer writes it: East Asian ones begin with the family."""
    return (last, first) if _FAMILY_NAME_FIRST.search(first + last) else (first, last)


def _as_written(user: User) -> tuple[str, str]:
    """The two names in the order in which the story has them: the reverse of `_as_stored`, and the same swap."""
    return _as_stored(user.first_name, user.last_name)


def _written(first_name: str, last_name: str) -> str:
    """The whole name, as the database writes it."""
    names = (last_name, first_name) if _FAMILY_NAME_FIRST.search(last_name) else (first_name, last_name)
    return " ".join(name for name in names if name)


def _secret_sent_to(email: str) -> str:
    """The hash of the secret in the newest mail with an invitation to this address."""
    join = settings.FLEETFOLK_ORIGIN
    for text in Mail.objects.filter(to=email).order_by("-sent_at", "-id").values_list("text", flat=True):
        for link in _LINK.findall(text):
            match = resolve(urlsplit(link).path) if link.startswith(join) else None
            if match is not None and match.url_name == "join":
                return secret_hash(match.kwargs["secret"])
    raise LookupError(f"No invitation was sent to {email}.")
