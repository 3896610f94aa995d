"""What must work: a row for each feature, with the journeys that walk it and the picture that shows it.

A journey names the rows it walks by `@pytest.mark.feature("U1")`. Of the rows and the journeys the page
`docs/reference/features.md` is made; a test asks that no row is without a journey and no journey without a row.
"""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
MADE = "<!-- Made by `make reference`. Do not edit. -->"


@dataclass(frozen=True, kw_only=True, slots=True)
class Feature:
    """One row. `actions` are the codes that its changes leave in the action log; a row without any only looks.

    `sees` are the permissions that looking needs. `picture` is the scene of `make pictures`.
    """

    what: str
    picture: str
    actions: tuple[str, ...] = ()
    sees: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Journey:
    """A test in a browser, and the rows it walks."""

    file: str
    name: str
    line: int
    rows: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """What the journey's name says."""
        return self.name.removeprefix("test_").replace("_", " ").capitalize()


GROUPS: Mapping[str, str] = {
    "U": "Users",
    "P": "A person’s profile",
    "C": "Roles, plans, organizations, devices’ owners",
    "N": "A person’s messages, segments and data",
    "I": "Customer lookup",
    "B": "What only Fleetfolk does",
}

FEATURES: Mapping[str, Feature] = {
    "U1": Feature(
        what="People are found while one types, by a part of their name, address, phone, role or location",
        picture="users-searched",
        sees=("users.view",),
    ),
    "U2": Feature(
        what="The list is of one organization, of it and all below, or of chosen ones",
        picture="users",
        sees=("users.view",),
    ),
    "U3": Feature(
        what="A table of name, role, location, status and last sign-in; each column sorts both ways",
        picture="users",
        sees=("users.view",),
    ),
    "U4": Feature(
        what="Filters take several choices at once, apply by OK and are emptied by Reset",
        picture="users-filter-open",
        sees=("users.view",),
    ),
    "U5": Feature(
        what="A click copies the address, opens the profile, or shows what the role may do beside the list",
        picture="drawer-role",
        sees=("users.view", "roles.view"),
    ),
    "U6": Feature(
        what="Statuses pending, active and inactive come about by themselves; a month without a sign-in is inactive",
        picture="users-filter-open",
        sees=("users.view",),
    ),
    "U7": Feature(
        what="Somebody is invited, gets a mail, chooses a password and is pending until then",
        picture="dialog-invite",
        actions=("user.invite", "user.invitation.accept"),
    ),
    "U8": Feature(
        what="Name, phone, role, location and time zone are edited; the address has a way of its own",
        picture="dialog-edit",
        actions=("user.edit", "user.role.assign"),
    ),
    "U9": Feature(
        what="A new password is set for somebody and ends their sessions",
        picture="dialog-password",
        actions=("user.password.assign",),
    ),
    "U10": Feature(
        what="What somebody’s devices reported comes as a table by mail to whoever asks for it",
        picture="person-with-devices",
        actions=("device.log.send",),
    ),
    "U11": Feature(
        what="Somebody is signed out of every browser at once",
        picture="person-menu-open",
        actions=("user.sessions.end",),
    ),
    "U12": Feature(
        what="Somebody moves to another organization, named by the address of an Admin there",
        picture="dialog-transfer",
        actions=("user.transfer",),
    ),
    "U13": Feature(
        what="An account is deleted by typing DELETE",
        picture="dialog-delete",
        actions=("user.delete",),
    ),
    "U14": Feature(
        what="Many are chosen, one by one or all that match: tagged, downloaded as CSV, disabled, deleted by the word",
        picture="bulk-preview",
        actions=("job.bulk.create", "job.bulk.start", "user.tag.assign", "user.list.export"),
    ),
    "U15": Feature(
        what="A stranger signs up by a link, where organization and plan let them",
        picture="sign-up",
        actions=("organization.signup.edit", "user.registration.accept"),
    ),
    "U16": Feature(
        what="Whoever has an account elsewhere is invited as a guest, and keeps it",
        picture="guests",
        actions=("guest.invite", "guest.accept", "guest.end"),
    ),
    "P1": Feature(
        what="The head of a profile: name, organization, country, tags, status, role, when last seen",
        picture="person",
        actions=("user.tag.assign", "user.tag.revoke"),
        sees=("users.view",),
    ),
    "P2": Feature(
        what="Address, nickname, phone of any country, role, time zone and fields of one’s own, edited in place",
        picture="profile-record",
        actions=("user.edit", "field.create"),
    ),
    "P3": Feature(
        what="Somebody’s action log, by them and on them, in any period, with client, action and code",
        picture="person-action-log",
        sees=("actionlog.view",),
        actions=("user.log.export",),
    ),
    "P4": Feature(
        what="Somebody’s devices with state, model and last report; the owner’s name in the fleet opens the profile",
        picture="person-with-devices",
        sees=("users.view", "devices.view"),
    ),
    "C1": Feature(
        what="Roles Admin, Staff and User; with another role somebody may do other things at once",
        picture="roles",
        actions=("user.role.assign",),
    ),
    "C2": Feature(
        what="What a role may do is switched, everywhere or in one organization, unless the plan has it locked",
        picture="roles-editing",
        actions=("role.edit", "role.switches.edit"),
    ),
    "C3": Feature(
        what="Plans limit people, developers, organizations and what can be done with roles",
        picture="settings-usage",
        actions=("plan.create", "tenant.plan.assign", "plan.edit"),
    ),
    "C4": Feature(
        what="A tree of organizations that group customers and devices; one works inside another and comes back",
        picture="organizations",
        actions=("organization.create", "user.work.start", "user.work.end"),
    ),
    "C5": Feature(
        what="A device gets its owner by its code, with a token of its own, or as a gift",
        picture="portal-claim",
        actions=("device.create", "device.claim", "device.gift.create", "device.gift.accept"),
    ),
    "C6": Feature(
        what="A password is reset by oneself or for somebody; an account is deleted by oneself or for somebody",
        picture="dialog-reset-link",
        actions=("user.password.edit", "user.password.reset", "user.account.delete"),
    ),
    "C7": Feature(
        what="Developers, clients, partners and guests are told apart, and filtered by",
        picture="users-types-open",
        actions=("user.developer.disable", "user.developer.enable"),
    ),
    "C8": Feature(
        what="A device is shared with other people, who may look or control, and taken back",
        picture="portal-device-people",
        actions=("device.share", "device.share.revoke"),
    ),
    "N1": Feature(
        what="A profile has a picture from Gravatar where the rules switch it on, and a number of its own",
        picture="person",
        actions=("organization.rules.edit",),
    ),
    "N2": Feature(
        what="A secret mail address is generated; a mail to it is a private message",
        picture="person-pushmail",
        actions=("pushmail.address.create", "pushmail.address.revoke"),
    ),
    "N3": Feature(
        what="Somebody’s segments are seen, searched, added, created while searching, and removed",
        picture="profile-segments",
        actions=("user.segment.assign", "segment.create", "user.segment.revoke"),
    ),
    "N4": Feature(
        what="Somebody’s devices on a map and in a list that leads to each",
        picture="person-with-devices",
        sees=("users.view", "devices.view"),
    ),
    "N5": Feature(
        what="The last hour of somebody, and everything that happened in any period",
        picture="person-activity",
        sees=("actionlog.view",),
    ),
    "N6": Feature(
        what="Every message to somebody; a new one begins on their profile",
        picture="person-messages",
        actions=("message.create", "message.send"),
    ),
    "N7": Feature(
        what="All data of somebody in one file, behind a link that works once",
        picture="portal-data",
        actions=("user.export",),
    ),
    "N8": Feature(
        what="Somebody is deactivated: not in lists, not signed in, and brought back",
        picture="dialog-deactivate",
        actions=("user.deactivate", "user.activate"),
    ),
    "N9": Feature(
        what="After the grace period an account is erased for ever; a certificate without a name stays",
        picture="erasures",
        actions=("user.delete", "user.erase"),
    ),
    "I1": Feature(
        what="A customer is found while they speak, by name, address, phone or a device’s serial number",
        picture="lookup-hits",
        sees=("users.view",),
    ),
    "I2": Feature(
        what="A password is reset from the lookup, and the old one is useless at once",
        picture="lookup-person",
        actions=("user.password.reset",),
    ),
    "I3": Feature(
        what="Somebody is disabled and enabled: asked first, everywhere at once, told at the sign-in",
        picture="lookup-person",
        actions=("user.disable", "user.enable"),
    ),
    "I4": Feature(
        what="An agent sees a customer’s own pages in their browser, and acts in them where that was granted",
        picture="assist-acting",
        actions=("assistance.request.send", "assistance.start", "assistance.end"),
    ),
    "B1": Feature(
        what="Every change is in a log that shows if it was tampered with; the person concerned reads it, too",
        picture="action-log-entry",
        sees=("actionlog.view",),
    ),
    "B2": Feature(
        what="Assistance begins by consent, for a reason and a time, only looking; both can stop it",
        picture="portal-support-live",
        actions=("assistance.consent.grant", "assistance.start", "assistance.revoke", "assistance.end"),
    ),
    "B3": Feature(
        what="One person in several organizations; one device shared with several, each at a level and until a day",
        picture="device-access",
        actions=("guest.accept", "device.share", "device.share.edit", "partner.grant"),
    ),
    "B4": Feature(
        what="What is dangerous is shown before and can be taken back after",
        picture="toast-undo",
        actions=("job.bulk.restore", "user.restore"),
    ),
    "B5": Feature(
        what="Why somebody can or cannot do something is answered in steps",
        picture="profile-why",
        sees=("roles.view",),
    ),
    "B6": Feature(
        what="A list of very many people is there before it is counted; any field, any order, page by page",
        picture="users",
        sees=("users.view",),
    ),
    "B7": Feature(
        what="Segments by rules, with the number in sight while one writes them",
        picture="segment-rules",
        actions=("segment.create", "segment.edit"),
    ),
    "B8": Feature(
        what="One gets everything about oneself in a file, and can have oneself erased",
        picture="portal-data-making",
        actions=("user.data.export", "user.account.delete"),
    ),
    "B9": Feature(
        what="Keys, programs and a shell do all of it; the paths and devices of Blynk work after changing the host",
        picture="account-keys",
        actions=("user.token.create", "user.token.revoke"),
    ),
    "B10": Feature(
        what="Passkeys and codes of an app as second factors; SCIM, OpenID Connect and SAML, each organization its own",
        picture="account-security",
        actions=("user.factor.create", "user.factor.delete", "scim.client.create", "organization.sso.edit"),
    ),
}


@cache
def journeys() -> list[Journey]:
    """Every journey that names rows, as it stands in its file. Read once, for all rows ask it."""
    return [
        Journey(file=file.name, name=node.name, line=node.lineno, rows=rows)
        for file in sorted(FOLDER.glob("test_*.py"))
        for node in ast.parse(file.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef) and (rows := tuple(_rows_of(node)))
    ]


def journeys_of(row: str) -> list[Journey]:
    """The journeys that walk this row."""
    return [journey for journey in journeys() if row in journey.rows]


def _rows_of(function: ast.FunctionDef) -> Iterator[str]:
    for mark in function.decorator_list:
        if isinstance(mark, ast.Call) and ast.unparse(mark.func) == "pytest.mark.feature":
            yield from (ast.literal_eval(row) for row in mark.args)


def page() -> str:
    """`docs/reference/features.md`."""
    about = (
        "Each row is walked in a browser by the journeys it names (`make e2e`). What it changes is in the action log "
        "under these codes; the attack tables try each of them signed out, from another tenant and without the "
        "permission. `make pictures` takes the picture, in both themes and widths."
    )
    parts = [f"{MADE}\n\n# Features\n\n{about}\n"]
    for letter, title in GROUPS.items():
        lines = ["| row | feature | in the log | journeys | picture |", "| --- | --- | --- | --- | --- |"]
        for row, feature in FEATURES.items():
            if row[0] != letter:
                continue
            log = " ".join(f"`{code}`" for code in feature.actions) or "only looks"
            walks = "<br>".join(f"[{one.sentence}](../../e2e/{one.file})" for one in journeys_of(row))
            lines.append(f"| {row} | {feature.what} | {log} | {walks} | `{feature.picture}` |")
        parts.append(f"## {title}\n\n" + "\n".join(lines) + "\n")
    return "\n".join(parts)
