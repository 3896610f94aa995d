"""`fleetfolk import_users`: the same as the page, from the shell."""

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from fleetfolk.actionlog.models import Entry
from fleetfolk.jobs.models import Job
from fleetfolk.testing.cast import Cast
from fleetfolk.users.models import User

TEXT = "Nachname;Vorname;E-Mail-Adresse;Zweitadresse;Fon\nGroß;Jürgen;jg@example.org;alt@example.org;0171 1234567\n"


@pytest.fixture(autouse=True)
def data_folder(settings: Any, tmp_path: Path) -> None:
    settings.FLEETFOLK_DATA = tmp_path / "data"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "people.csv"
    path.write_bytes(TEXT.encode("cp1252"))
    return path


def command(*arguments: Any, **options: Any) -> str:
    said = io.StringIO()
    call_command("import_users", *arguments, stdout=said, **options)
    return said.getvalue()


def test_people_go_in_as_finn_with_the_shell_as_client(cast: Cast, file: Path) -> None:
    said = command(
        file, "--as", cast.finn.email, "--organization", "familie berg", "--default-country", "de", "--map", "phone=Fon"
    )
    person = User.objects.get(email="jg@example.org")
    assert (person.name, person.phone, person.organization_id) == ("Jürgen Groß", "+491711234567", cast.berg.pk)
    assert "1 of 1 rows" in said
    entry = Entry.objects.get(code="user.import")
    assert (entry.client, entry.actor_label) == ("shell", "Finn North")


def test_another_column_can_be_named(cast: Cast, file: Path) -> None:
    command(file, "--as", cast.finn.email, "--map", "email=Zweitadresse")
    assert User.objects.filter(email="alt@example.org", organization=cast.north).exists()


def test_a_dry_run_changes_nobody(cast: Cast, file: Path) -> None:
    command(file, "--as", cast.finn.email, "--dry-run")
    assert not User.objects.filter(email="jg@example.org").exists()


def test_wrong_rows_end_in_a_file_and_in_exit_code_1(cast: Cast, file: Path) -> None:
    file.write_bytes((TEXT + "Ohne;Adresse;;;\n").encode())
    with pytest.raises(SystemExit) as ended:
        command(file, "--as", cast.finn.email)
    assert ended.value.code == 1
    report = file.with_name("people.csv.problems.csv").read_text(encoding="utf-8-sig")
    assert "3,E-mail: The e-mail address is missing.,Ohne,Adresse" in report
    assert User.objects.filter(email="jg@example.org").exists()


@pytest.mark.parametrize(
    ("who", "more", "sentence"),
    [
        ("eve", ("--organization", "North"), "no organization"),
        ("sam", ("--organization", "North"), "no organization"),
        ("dana", (), "no role"),
        ("cleo", ("--role", "Admin"), "no role"),
        ("finn", ("--default-country", "XX"), "country code"),
        ("finn", ("--map", "email=Nowhere"), "no column"),
        ("finn", ("--map", "shoe=Fon"), "Fields:"),
    ],
)
def test_what_the_person_may_not_or_cannot_is_one_sentence(
    cast: Cast, file: Path, who: str, more: tuple[str, ...], sentence: str
) -> None:
    with pytest.raises(CommandError, match=sentence):
        command(file, "--as", getattr(cast, who).email, *more)
    assert not Job.objects.exists()


def test_somebody_who_cannot_sign_in_imports_nothing(cast: Cast, file: Path) -> None:
    with pytest.raises(CommandError, match="can sign in"):
        command(file, "--as", "nobody@example.org")
