"""The one door: nothing changes without an Action, and the guard that says so works."""

import ast
from pathlib import Path

import pytest
from django.db import connection

import fleetfolk
from fleetfolk.organizations.models import Tag
from fleetfolk.testing.cast import Cast
from fleetfolk.testing.door import ChangedOutside, guarded
from fleetfolk.users.models import User

WRITES = frozenset(
    {
        *("save", "create", "bulk_create", "bulk_update", "update_or_create", "get_or_create", "delete", "update"),
        *("acreate", "asave", "adelete", "aupdate", "add", "set", "remove", "clear"),
    }
)
QUERYSET_WRITES = WRITES - {"add", "set", "remove", "clear", "update", "delete", "create"}
PACKAGE = Path(fleetfolk.__file__).parent

MAY_WRITE = ("/actions/", "/migrations/", "/tests/", "/testing/")
WRITERS = {
    "actionlog/writer.py": "writes the entries themselves, in the caller's transaction",
    "access/defaults.py": "called by the Action that creates a tenant",
    "demo/mail.py": "stands in for a mail server",
    "demo/build.py": "notes how far the story is told",
    "assistance/ending.py": "called by the Actions with which an assistance ends",
    "jobs/bulk_run.py": "marks the targets of a job within the Action that is done to them",
    "messages/incoming.py": "called by the Action that delivers a mail from outside",
    "messages/mails.py": "notes what became of mails that are sent, as the queue counts its jobs",
    "messages/export_parts.py": "called by the Action that erases somebody",
    "devices/event_mails.py": "counts mails that are sent, as the queue counts its jobs",
    "console/qr.py": "writes a picture, not a row",
    "organizations/logos.py": "writes a picture, not a row",
    "users/web/sso_saml.py": "forgets what a provider posted, in a session of its own",
    "users/second_factors.py": "notes that a code was used, in a table of allauth's, as it does",
}


def _writing_modules() -> dict[str, list[int]]:
    """Modules outside Actions that call something which only a model or queryset has, with the lines."""
    found: dict[str, list[int]] = {}
    for path in PACKAGE.rglob("*.py"):
        name = path.relative_to(PACKAGE).as_posix()
        if any(part in f"/{name}" for part in MAY_WRITE):
            continue
        lines = [
            node.lineno
            for node in ast.walk(ast.parse(path.read_text()))
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in QUERYSET_WRITES
        ]
        if lines:
            found[name] = lines
    return found


def test_only_actions_call_what_changes_rows() -> None:
    unexpected = {name: lines for name, lines in _writing_modules().items() if name not in WRITERS}
    assert not unexpected, f"make this an Action, and call it through perform(): {unexpected}"


def test_a_row_changed_outside_an_action_is_caught(cast: Cast) -> None:
    with guarded(), pytest.raises(ChangedOutside):
        User.objects.filter(pk=cast.bob.pk).update(first_name="Mallory")
    with guarded(), pytest.raises(ChangedOutside):
        Tag.objects.create(tenant=cast.lumen, organization=cast.lumen, name="x")
    with guarded(), pytest.raises(ChangedOutside), connection.cursor() as cursor:
        cursor.execute("DELETE FROM users_user WHERE id = %s", [cast.bob.pk])
