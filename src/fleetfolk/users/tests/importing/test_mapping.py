import io

import pytest

from fleetfolk.users.importing.fields import Field
from fleetfolk.users.importing.mapping import ColumnMapping, guess_mapping
from fleetfolk.users.importing.reading import CsvFile


def guessed(text: str) -> dict[str, str]:
    file = CsvFile.open(io.BytesIO(text.encode()))
    mapping = guess_mapping(file.columns, file.sample())
    return {field.value: file.columns[index].name for field, index in mapping.columns.items()}


HEADERS = {
    "English": "First name,Last name,E-mail address,Mobile phone,User role,Site,Company,Tags",
    "German": "Vorname,Nachname,E-Mail-Adresse,Mobilnummer,Benutzerrolle,Standort,Firma,Schlagwörter",
    "French": "Prénom,Nom de famille,Adresse e-mail,Téléphone portable,Rôle,Emplacement,Société,Étiquettes",
    "Spanish": "Nombre,Apellidos,Correo electrónico,Teléfono móvil,Rol,Ubicación,Empresa,Etiquetas",
    "Italian": "Nome,Cognome,Indirizzo e-mail,Cellulare,Ruolo,Sede,Azienda,Etichette",
    "Portuguese": "Nome,Sobrenome,Endereço de e-mail,Telemóvel,Função,Localização,Empresa,Etiquetas",
    "Dutch": "Voornaam,Achternaam,E-mailadres,Mobiel nummer,Rol,Locatie,Bedrijf,Trefwoorden",
    "Polish": "Imię,Nazwisko,Adres e-mail,Telefon komórkowy,Rola,Lokalizacja,Firma,Etykiety",
    "Japanese": "名,姓,メールアドレス,携帯電話,役割,所在地,会社名,タグ",
    "snake case": "first_name,last_name,email_address,mobile_phone,role_name,location_name,org_name,tags",
    "camel case": "firstName,lastName,emailAddress,phoneNumber,userRole,siteName,companyName,userTags",
    "capitals": "FIRST NAME,LAST NAME,EMAIL,PHONE NO.,ROLE,FACILITY,ORGANISATION,TAG",
    "a system's prefix": (
        "User First Name,User Last Name,User Email,User Phone,User Role,User Location,Person: Company,User Tags"
    ),
}


@pytest.mark.parametrize("header", HEADERS.values(), ids=HEADERS)
def test_the_columns_of_a_language_are_found(header: str) -> None:
    row = "Ana,Silva,ana@silva.example,+351 912 345 678,User,Porto,Calor,VIP"
    found = guessed(f"{header}\n{row}\n")
    names = header.split(",")
    fields = ["first_name", "last_name", "email", "phone", "role", "location", "organization", "tags"]
    assert found == dict(zip(fields, names, strict=True))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Vorname,Name,E-Mail\nUta,Krämer,u@x.org\n", {"first_name": "Vorname", "last_name": "Name"}),
        ("Vorname,Name,E-Mail\nUta,Uta Krämer,u@x.org\n", {"name": "Name"}),
        ("Prénom,Nom,Courriel\nAnne,Petit,a@x.org\n", {"first_name": "Prénom", "last_name": "Nom"}),
        ("Nombre,Apellidos,Correo\nAna,Ruiz Gil,a@x.org\n", {"first_name": "Nombre", "last_name": "Apellidos"}),
        ("Nombre,Correo\nAna Ruiz,a@x.org\n", {"name": "Nombre"}),
        (
            "Name,First name,Last name,Email\nAda L,Ada,L,a@x.org\n",
            {"first_name": "First name", "last_name": "Last name"},
        ),
        ("Name,Given Name,Family Name,Email\nAda L,,,a@x.org\n", {"name": "Name"}),
        ("Nickname,First name,Email\nady,Ada,a@x.org\n", {"first_name": "First name"}),
        ("Full name,Email\nAda,a@x.org\n", {"name": "Full name"}),
        ("Username,Email\nada,a@x.org\n", {"name": "Username"}),
    ],
)
def test_a_column_called_name_is_what_its_neighbours_leave(text: str, found: dict[str, str]) -> None:
    names = {field: name for field, name in guessed(text).items() if field in {"first_name", "last_name", "name"}}
    assert names == found


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("Name,Kontakt\nAda,ada@x.org\nBob,bob@x.org\n", "Kontakt"),
        ("Name,E-mail sent,E-mail\nAda,yes,ada@x.org\n", "E-mail"),
        ("Name,Email,Login\nAda,yes,ada@x.org\n", "Login"),
        ("Name,Email status,Email 2 - Value,Email 1 - Value\nAda,ok,b@x.org,ada@x.org\n", "Email 1 - Value"),
        ("Name,Email,Work email\nAda,,ada@x.org\nBob,,bob@x.org\n", "Work email"),
        ("Name,Contact owner,User email\nAda,sales@x.org,ada@x.org\n", "User email"),
        ("Username,Email verified,Name\nada@x.org,true,Ada\n", "Username"),
    ],
)
def test_the_address_column_is_the_one_that_holds_addresses(text: str, column: str) -> None:
    assert guessed(text)["email"] == column


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("Name,Email,Home phone,Mobile\nAda,a@x.org,030 1234567,0171 1234567\n", "Mobile"),
        ("Name,Email,Mobile,Home phone\nAda,a@x.org,,030 1234567\n", "Home phone"),
        ("Name,Email,Phone 1 - Type,Phone 1 - Value\nAda,a@x.org,Mobile,0171 1234567\n", "Phone 1 - Value"),
        ("Name,Email,Reachable at\nAda,a@x.org,+49 171 1234567\n", "Reachable at"),
        ("Name,Email,Fax,Customer number\nAda,a@x.org,030 1234567,20250101\n", None),
    ],
)
def test_the_phone_column_is_the_one_that_reaches_the_person(text: str, column: str | None) -> None:
    assert guessed(text).get("phone") == column


def test_nothing_is_guessed_where_nothing_speaks() -> None:
    assert guessed("Id,Status,Last login,Created at\n1,Active,2025-01-01,2024-01-01\n") == {}


def test_a_column_is_given_to_one_field_only() -> None:
    mapping = ColumnMapping({Field.EMAIL: 0, Field.NAME: 1})
    moved = mapping.with_column(Field.ROLE, 1)
    assert dict(moved.columns) == {Field.EMAIL: 0, Field.ROLE: 1}
    assert moved.missing() == (Field.NAME,)
    assert moved.with_column(Field.ROLE, None).as_json() == {"email": 0}
    with pytest.raises(ValueError, match="one field"):
        ColumnMapping({Field.EMAIL: 0, Field.NAME: 0})


def test_a_mapping_survives_being_kept_by_a_job() -> None:
    mapping = ColumnMapping({Field.EMAIL: 2, Field.FIRST_NAME: 0})
    assert ColumnMapping.from_json(mapping.as_json(), columns=3) == mapping
    with pytest.raises(ValueError, match="no such column"):
        ColumnMapping.from_json({"email": 3}, columns=3)
    with pytest.raises(ValueError, match="password"):
        ColumnMapping.from_json({"password": 0}, columns=3)


def test_a_mapping_says_what_it_lacks() -> None:
    assert ColumnMapping({}).missing() == (Field.EMAIL, Field.NAME)
    assert ColumnMapping({Field.EMAIL: 0, Field.LAST_NAME: 1}).missing() == ()
