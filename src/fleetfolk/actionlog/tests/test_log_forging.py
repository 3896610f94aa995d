"""No name, reason or address makes a line of the log, of the stream or of a download look like another line."""

import csv
import io
import re

import pytest

from fleetfolk.actionlog.models import Entry
from fleetfolk.actionlog.web.rows import key_of
from fleetfolk.kernel.actor import Client
from fleetfolk.kernel.perform import perform
from fleetfolk.testing.cast import Cast, actor
from fleetfolk.testing.plugin import SignedIn
from fleetfolk.users.actions.disable_user import DisableUser
from fleetfolk.users.actions.edit_user import EditUser, EditUserInput
from fleetfolk.users.actions.no_input import ReasonInput

FORGED = {
    "lines": "Bob\r\n2026-01-01,Ada Lindqvist,user.erase,done",
    "markup": '</td></tr><tr data-row="9"><td>Ada Lindqvist</td></tr><script>alert(1)</script>',
    "formula": '=HYPERLINK("https://evil.example","Ada")',
    "bidi": "Bob \u202egro.live\u202c\u2066Ada\u2069",
    "nothing to see": "\u200b\u200d",
}
TURNED = re.compile("[\u202a-\u202e\u2066-\u2069]")


@pytest.mark.parametrize("text", FORGED.values(), ids=list(FORGED))
def test_a_forged_name_or_reason_stays_within_its_own_line(cast: Cast, signed_in: SignedIn, text: str) -> None:
    bob, ada = cast.bob.pk, actor(cast.ada)
    name = text.replace("\r\n", " ")[:60]
    data = EditUserInput(first_name=name, last_name="Berg", phone="", location_id=None, time_zone="")
    perform(EditUser, actor=ada, target_id=bob, data=data)
    perform(DisableUser, actor=ada, target_id=bob, data=ReasonInput(reason=text))
    browser = signed_in(cast.ada)
    for address in (f"/users/{bob}/action-log/", f"/users/{bob}/activity/", "/action-log/", f"/lookup/{bob}/"):
        page = browser.get(address).content.decode()
        lines = page.count('class="line"') or page.count("<li")
        assert lines
        assert 'data-row="9"' not in page
        assert "<script>alert" not in page
        assert not TURNED.search(page.partition("<main")[2].partition('id="log"')[2] or "")
    disabled = Entry.objects.get(code="user.disable", target_id=bob)
    opened = browser.get(f"/action-log/{key_of(disabled)}/", headers={"HX-Request": "true"}).content.decode()
    assert "<script>alert" not in opened
    assert not TURNED.search(opened)
    assert 'data-row="9"' not in opened


@pytest.mark.parametrize("text", FORGED.values(), ids=list(FORGED))
def test_a_download_has_one_line_for_each_entry(cast: Cast, signed_in: SignedIn, text: str) -> None:
    for number in range(3):
        Entry.objects.create(
            tenant_id=cast.lumen.pk,
            code="user.erase",
            result="done",
            client=Client.ALEXA,
            actor_kind="user",
            actor_id=str(number),
            actor_label=text[:140],
            target_type="users.User",
            target_label=text[:140],
            path=cast.lumen.path,
            facts={"reason": text},
        )
    answer = signed_in(cast.ada).get("/action-log/export/?client=alexa")
    body = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    assert len(body.splitlines()) == 4
    assert not TURNED.search(body)
    header, *lines = csv.reader(io.StringIO(body))
    assert len(lines) == 3
    assert {len(line) for line in lines} == {len(header)}
    for line in lines:
        assert line[header.index("code")] == "user.erase"
        assert not any(cell.startswith(("=", "+", "-", "@")) for cell in line)
