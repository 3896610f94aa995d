"""Files as other systems write them go in, without a word from the person who brings them."""

from pathlib import Path

import pytest

from fleetfolk.users.importing.fields import Field
from fleetfolk.users.importing.mapping import guess_mapping
from fleetfolk.users.importing.reading import CsvFile
from fleetfolk.users.importing.rows import ImportRow, check_rows

EXPORTS = Path(__file__).parent / "exports"

# Each: the file, the country of its national numbers, the columns that are found, the people, the refused lines.
CASES: dict[str, tuple[str, str, dict[str, str], list[tuple[str, ...]], dict[int, str]]] = {
    "Google Contacts of 2025 (First Name,Middle Name,Last Name,…,E-mail 1 - Label,E-mail 1 - Value), UTF-8": (
        "google-contacts.csv",
        "US",
        {
            "first_name": "First Name",
            "last_name": "Last Name",
            "email": "E-mail 1 - Value",
            "phone": "Phone 1 - Value",
            "organization": "Organization Name",
        },
        [
            ("Zoë", "Lindqvist", "zoe.lindqvist@nordlys.example", "+46701234567"),
            ("Priya", "", "priya@nair.example", "+919820011111"),
        ],
        {4: "email_several"},
    ),
    "Google Contacts of 2016 (Name,Given Name,Additional Name,Family Name,…,E-mail 1 - Type), UTF-16 with a mark": (
        "google-contacts-2016-utf-16.csv",
        "DE",
        {
            "first_name": "Given Name",
            "last_name": "Family Name",
            "email": "E-mail 1 - Value",
            "phone": "Phone 1 - Value",
            "location": "Location",
            "organization": "Organization 1 - Name",
        },
        [
            ("Łukasz", "Wiśniewski", "lukasz@wisniewski.example", "+48512345678"),
            ("太郎", "山田", "taro@yamada.example", "+819012345678"),
        ],
        {},
    ),
    "Outlook (First Name,Middle Name,Last Name,Title,Suffix,…,E-mail Address,…,Mobile Phone), Windows-1252": (
        "outlook.csv",
        "FR",
        {
            "first_name": "First Name",
            "last_name": "Last Name",
            "email": "E-mail Address",
            "phone": "Mobile Phone",
            "location": "Location",
            "organization": "Company",
        },
        [
            ("Françoise", "Lefèvre", "francoise.lefevre@chauffage.example", "+33612345678"),
            ("José", "Núñez", "jose@nunez.example", "+34612345678"),
        ],
        {5: "email_several"},
    ),
    "German Outlook (Anrede,Vorname,…,Nachname,…,Mobiltelefon,…,E-Mail-Adresse,E-Mail-Typ), Windows-1252": (
        "outlook-german-windows-1252.csv",
        "DE",
        {
            "first_name": "Vorname",
            "last_name": "Nachname",
            "email": "E-Mail-Adresse",
            "phone": "Mobiltelefon",
            "organization": "Firma",
        },
        [
            ("Jürgen", "Größe", "juergen@waerme.example", "+491711234567"),
            ("Änne", "Weiß", "aenne@waerme.example", "+4915123456789"),
        ],
        {},
    ),
    "HubSpot (Record ID,First Name,Last Name,Email,Phone Number,Contact owner,…), UTF-8 with a mark": (
        "hubspot.csv",
        "IE",
        {
            "first_name": "First Name",
            "last_name": "Last Name",
            "email": "Email",
            "phone": "Phone Number",
            "organization": "Associated Company",
        },
        [
            ("Niamh", "O’Connor", "niamh@oconnor.example", "+353851234567"),
            ("Seán", "Byrne", "sean@byrne.example", "+353857654321"),
        ],
        {3: "name_missing"},
    ),
    "Auth0 (Id,Given Name,Family Name,Nickname,Name,Email,Connection,Created At,Updated At), UTF-8": (
        "auth0-user-import-export.csv",
        "DE",
        {"first_name": "Given Name", "last_name": "Family Name", "email": "Email"},
        [("Ada", "Lovelace", "ada@lovelace.example", ""), ("Grace", "Hopper", "grace@hopper.example", "")],
        {4: "name_missing"},
    ),
    "ThingsBoard (Created time;First name;Last name;Email;Authority;Customer title), UTF-8": (
        "thingsboard-users-widget.csv",
        "UA",
        {
            "first_name": "First name",
            "last_name": "Last name",
            "email": "Email",
            "role": "Authority",
            "organization": "Customer title",
        },
        [("Олена", "Шевченко", "olena@teplo.example", ""), ("Иван", "Петров", "ivan@teplo.example", "")],
        {},
    ),
    "Blynk.Console 'Export users' (Name,Email,Role,Location,Status,Last login), UTF-8": (
        "blynk-console-users.csv",
        "DE",
        {"name": "Name", "email": "Email", "role": "Role", "location": "Location"},
        [
            ("Ludwig", "van Beethoven", "ludwig@bonn.example", ""),
            ("Clara", "Schumann", "clara@zwickau.example", ""),
        ],
        {4: "repeated"},
    ),
    "Keycloak's user_entity copied by psql (id,email,email_constraint,…,first_name,last_name,…), UTF-8": (
        "keycloak-user-entity-psql-copy.csv",
        "DE",
        {"first_name": "first_name", "last_name": "last_name", "email": "email"},
        [("Rosa", "Parks", "rosa@parks.example", "")],
        {3: "email_missing"},
    ),
    "Google Workspace (First Name [Required],Last Name [Required],Email Address [Required],…), UTF-8": (
        "google-workspace-users.csv",
        "NG",
        {
            "first_name": "First Name [Required]",
            "last_name": "Last Name [Required]",
            "email": "Email Address [Required]",
            "phone": "Mobile Phone",
            "organization": "Org Unit Path [Required]",
        },
        [("Ngozi", "Okafor", "ngozi@lumen.example", "+2348031234567")],
        {},
    ),
    "WordPress by WP-CLI (user_login,user_email,display_name,role), UTF-8": (
        "wordpress-wp-cli.csv",
        "DE",
        {"name": "display_name", "email": "user_email", "role": "role"},
        [("Bob", "Jones", "bobjones@domain.example", ""), ("New", "User", "newuser1@domain.example", "")],
        {},
    ),
    "German Excel (sep=; before Vorname;Name;E-Mail;Handy;Standort;Schlagwörter), Windows-1252": (
        "excel-german-sep-line.csv",
        "DE",
        {
            "first_name": "Vorname",
            "last_name": "Name",
            "email": "E-Mail",
            "phone": "Handy",
            "location": "Standort",
            "tags": "Schlagwörter",
        },
        [("Jörg", "Weber", "joerg@weber.example", "+4915123456789")],
        {4: "phone_damaged"},
    ),
    "Japanese Excel 'Unicode Text' (氏名 メールアドレス 携帯電話番号 役割 拠点 会社名), UTF-16 with tabs": (
        "excel-japanese-unicode-text.csv",
        "JP",
        {
            "name": "氏名",
            "email": "メールアドレス",
            "phone": "携帯電話番号",
            "role": "役割",
            "location": "拠点",
            "organization": "会社名",
        },
        [
            ("花子", "佐藤", "hanako@sato.example", "+819012345678"),
            ("ジョン", "スミス", "john@smith.example", "+818098765432"),
        ],
        {},
    ),
    "French Numbers (Prénom;Nom;Courriel;Téléphone;Rôle), UTF-8 with lone carriage returns": (
        "numbers-french-mac.csv",
        "FR",
        {"first_name": "Prénom", "last_name": "Nom", "email": "Courriel", "phone": "Téléphone", "role": "Rôle"},
        [("Hélène", "DE LA TOUR", "helene@latour.example", "+33123456789")],
        {},
    ),
    "Dynamics (Full Name,Email,Mobile Phone,Company Name), UTF-16 big-endian without a mark": (
        "dynamics-utf-16-be-without-mark.csv",
        "TR",
        {"name": "Full Name", "email": "Email", "phone": "Mobile Phone", "organization": "Company Name"},
        [("Çağla", "Yıldız", "cagla@yildiz.example", "+905321234567")],
        {},
    ),
}


@pytest.mark.parametrize(("name", "country", "found", "people", "refused"), CASES.values(), ids=CASES)
def test_an_export_goes_in(
    name: str, country: str, found: dict[str, str], people: list[tuple[str, ...]], refused: dict[int, str]
) -> None:
    file = CsvFile.open(EXPORTS / name)
    mapping = guess_mapping(file.columns, file.sample())
    results = list(check_rows(file.records(), mapping, columns=len(file.columns), default_country=country))

    assert {field.value: file.columns[index].name for field, index in mapping.columns.items()} == found
    rows = [row for row in results if isinstance(row, ImportRow)]
    assert [(row.first_name, row.last_name, row.email, row.phone) for row in rows] == people
    problems = [problem for problem in results if not isinstance(problem, ImportRow)]
    assert {problem.line: problem.reason.value for problem in problems} == refused
    assert all("%" not in problem.sentence for problem in problems)


def test_every_export_here_has_its_case() -> None:
    assert {path.name for path in EXPORTS.iterdir()} == {case[0] for case in CASES.values()}


def test_a_line_break_inside_quotation_marks_is_counted_but_ends_no_row() -> None:
    file = CsvFile.open(EXPORTS / "google-contacts.csv")
    assert [record.line for record in file.records()] == [2, 4, 5]


def test_what_a_blynk_row_says_beside_the_name_is_kept() -> None:
    file = CsvFile.open(EXPORTS / "blynk-console-users.csv")
    mapping = guess_mapping(file.columns, file.sample())
    row = next(check_rows(file.records(), mapping, columns=len(file.columns)))
    assert isinstance(row, ImportRow)
    assert (row.role, row.location, row.line) == ("Admin", "Bonn, Beethovenhaus", 2)
    assert Field.TAGS not in mapping.columns
