"""The reference pages, made from the catalogue, the permissions, the settings and the measures themselves."""

import json
from collections.abc import Iterable, Mapping, Sequence

from django.utils.module_loading import autodiscover_modules
from prometheus_client import REGISTRY

from fleetfolk.access.defaults import default_permissions
from fleetfolk.access.models import BuiltinRole
from fleetfolk.api.platform.doors import ROUTES, Route
from fleetfolk.api.urls import document
from fleetfolk.config.environment import VARIABLES
from fleetfolk.kernel.action import CATALOGUE
from fleetfolk.kernel.permissions import PERMISSIONS, Permission
from fleetfolk.kernel.reasons import REASONS
from fleetfolk.testing.attacks import PARTS, Attack, Proved, proved

MADE = "<!-- Made by `make reference`. Do not edit. -->\n\n"


def pages() -> dict[str, str]:
    """Each page's file name in `docs/reference/`, and its text."""
    return {
        "actions.md": _actions(),
        "permissions.md": _permissions(),
        "settings.md": _settings(),
        "reasons.md": _reasons(),
        "metrics.md": _metrics(),
        "platform-api.md": _platform(),
        "attacks.md": _attacks(),
        "openapi.json": json.dumps(document(), indent=1, ensure_ascii=False, sort_keys=True) + "\n",
    }


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(cell.replace('|', '&#124;') for cell in line)} |\n" for line in lines)


def _actions() -> str:
    rows = [
        (
            f"`{code}`",
            str(action.label),
            f"`{action.permission.code}`",
            action.target_model.rpartition(".")[2],
            action.risk.value,
            (action.__doc__ or "").strip().splitlines()[0],
        )
        for code, action in sorted(CATALOGUE.items())
    ]
    head = ("code", "name", "permission", "target", "risk", "afterwards")
    return f"{MADE}# Actions\n\nEvery change there is. Codes are never renamed or used again.\n\n{_table(head, rows)}"


def _permissions() -> str:
    roles = (BuiltinRole.ADMIN, BuiltinRole.STAFF, BuiltinRole.SUPPORT, BuiltinRole.USER)
    held = {role: set(default_permissions(role)) for role in roles}
    parts = [f"{MADE}# Permissions\n\nWhat a role can hold, and what the default roles of a new tenant hold.\n"]
    groups: dict[str, list[Permission]] = {}
    for permission in PERMISSIONS.values():
        groups.setdefault(str(permission.group), []).append(permission)
    for group, members in groups.items():
        rows = [
            (
                f"`{permission.code}`",
                str(permission.label),
                str(permission.sentence),
                ", ".join(f"`{need.code}`" for need in permission.requires),
                *(
                    "everybody" if permission.inherent else "yes" if permission.code in held[role] else ""
                    for role in roles
                ),
                f"`{permission.blynk}`" if permission.blynk else "",
            )
            for permission in members
        ]
        head = ("code", "name", "allows to", "needs", "Admin", "Staff", "User", "Blynk's name")
        parts.append(f"## {group}\n\n{_table(head, rows)}")
    return "\n".join(parts)


def _settings() -> str:
    rows = [(f"`{v.name}`", f"`{v.default}`" if v.default else "", v.meaning) for v in VARIABLES]
    head = ("variable", "unset", "meaning")
    return f"{MADE}# Settings\n\nAll settings come from the environment.\n\n{_table(head, rows)}"


def _reasons() -> str:
    rows = [(f"`{reason}`", str(sentence)) for reason, sentence in sorted(REASONS.items())]
    intro = "Why an Action was refused, as the log keeps it and as people read it."
    return f"{MADE}# Reasons\n\n{intro}\n\n{_table(('reason', 'sentence'), rows)}"


PLATFORM = """\
# Blynk-compatible Platform API

Scripts written for Blynk's Platform API work by changing the host. Base: `/api/v1/organization`. Fields marked \\* are
required; all may stand in the address or in a JSON body. Errors are `{"error":{"message":"…"}}`. Lists take `page`
(from 0) and `size` (50, at most 1000) and answer `{"content":[…],"totalElements":n}`. Moments are milliseconds since
1970. Nothing of anybody else is shown: 404. Naming an organization other than the key's own takes `organizations.view`.

**A token** comes from `POST /oauth2/token?grant_type=client_credentials`, with the program's ID and secret as Basic or
as `client_id` and `client_secret`; it works for a day, and `grant_type=refresh_token` exchanges it once for the next.
Make the program under *Settings → Programs*. A person's own key works, too, and sees what the person sees.

**Not here:** paths for webhooks, shipments, resolving events, claiming static tokens and one's own profile, which are
nowhere documented. Our [REST interface](../howto/use-the-api.md) has webhooks, events and `/api/v1/me`.

"""


def _platform() -> str:
    rows = [
        (
            f"{one.method} `/{one.path}`" if one.path else f"{one.method} the base itself",
            ", ".join(_fields(one)),
            one.said,
            one.right,
            one.differs,
        )
        for one in ROUTES.all()
    ]
    head = ("request", "fields", "what it does", "takes the right", "differs from Blynk's")
    return f"{MADE}{PLATFORM}{_table(head, rows)}"


def _fields(route: Route) -> Iterable[str]:
    for field in route.given.model_fields.values():
        yield f"`{field.alias}`" + ("\\*" if field.is_required() else "")


def _metrics() -> str:
    # Those of processes that are not this one, too.
    autodiscover_modules("measures")
    rows = [
        (f"`{metric.name}`", metric.type, metric.documentation)
        for metric in sorted(REGISTRY.collect(), key=lambda metric: metric.name)
        if metric.name.startswith("fleetfolk_")
    ]
    return f"{MADE}# Metrics\n\nWhat `/metrics` tells Prometheus.\n\n{_table(('name', 'type', 'meaning'), rows)}"


ATTACKS = """\
# Attacks

What has worked on systems like this one, what we do against it, and what shows that it helps. Each guard was taken away
once (`python tools/mutate.py NUMBER`), on the day that stands beside it, and every test that is named failed then.
Beside these, every URL and every Action is walked as everybody who must not (`config/tests/test_attack_table_*.py`).

"""


def _attacks() -> str:
    tried = proved()
    parts = [
        f"## {title}\n\n{_table(('', 'attack', 'against it', 'guards, and the tests that fail without them'), rows)}"
        for title, attacks in PARTS.items()
        for rows in [[_attack(attack, tried) for attack in attacks]]
    ]
    return f"{MADE}{ATTACKS}" + "\n".join(parts)


def _attack(attack: Attack, tried: Mapping[str, Proved]) -> tuple[str, str, str, str]:
    guards = [
        f"`{guard.where}`{_when(tried.get(guard.digest))}: " + ", ".join(f"`{test}`" for test in guard.tests)
        for guard in attack.guards
    ]
    return str(attack.number), attack.title, attack.against, "<br>".join(guards) or attack.missing


def _when(found: Proved | None) -> str:
    return " (not tried)" if found is None else f" ({found.on}, {found.failed} failed)"
