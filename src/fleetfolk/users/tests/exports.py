"""An export of the tests: made, its link, and what is in the file."""

import io
import json
import re
import zipfile
from typing import Any
from urllib.parse import urlsplit

from django.core import mail
from django.test import Client

from fleetfolk.kernel.perform import perform
from fleetfolk.testing.cast import Cast, actor
from fleetfolk.users import tasks
from fleetfolk.users.actions.export_data import ExportData
from fleetfolk.users.actions.export_user import ExportUser
from fleetfolk.users.actions.no_input import NoInput
from fleetfolk.users.models import User
from fleetfolk.users.models_privacy import Export
from fleetfolk.users.runs_export import run_export

READY = "/exports/"


def made(cast: Cast, *, by: User, of: User | None = None) -> Export:
    """The export is made, and its mail sent."""
    person = of or cast.bob
    perform(
        ExportData if by.pk == person.pk else ExportUser,
        actor=actor(by),
        target_id=person.pk,
        data=NoInput(),
    )
    export = Export.objects.get(user=person, requested_by_id=by.pk, ready_at=None)
    run_export(export.job_id)
    tasks.send_export_link(export_id=export.pk, tenant_id=export.tenant_id)
    return Export.objects.get(pk=export.pk)


def link() -> str:
    """The path of the link in the mail that was sent last."""
    found = re.search(r"https?://\S+/exports/\S+", str(mail.outbox[-1].body))
    assert found, mail.outbox[-1].body
    return urlsplit(found[0]).path


def download(browser: Client, path: str) -> Any:
    """The link opened, and the button pressed."""
    browser.get(path)
    return browser.post(READY)


def opened(answer: Any) -> zipfile.ZipFile:
    assert answer.status_code == 200, answer.content
    return zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))


def lines(archive: zipfile.ZipFile, name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in archive.read(name).decode().splitlines()]
