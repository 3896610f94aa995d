"""The words with which exporters name the columns of people, in nine languages, and how sure each of them is.

Words are compared without case, accents, blanks and punctuation, so `E-Mail-Adresse` is `emailadresse` here.
"""

import re
import unicodedata

from fleetfolk.users.importing.fields import Field

_BRACKETS = re.compile(r"[\[(（【].*?[\])）】]")
_LONGEST_HEADER = 200  # Characters that are looked at; a longer one is no name of a column.
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")

_LISTS: tuple[tuple[Field, int, str], ...] = (
    (
        Field.FIRST_NAME,
        100,
        """
        firstname givenname forename givennames vorname prenom primernombre nombredepila primeironome
        voornaam roepnaam imie 名 fname firstnames
        """,
    ),
    (
        Field.LAST_NAME,
        100,
        """
        lastname familyname surname nachname familienname zuname nomdefamille apellido apellidos
        primerapellido cognome sobrenome apelido ultimonome achternaam familienaam nazwisko 姓 苗字 名字
        lname lastnames
        """,
    ),
    (
        Field.NAME,
        100,
        """
        fullname displayname completename nameofuser personname vollstandigername anzeigename
        vorundnachname vornamenachname nachnamevorname namevorname nomcomplet nometprenom nomprenom
        prenomnom nombrecompleto nombreyapellidos nombreyapellido nomecompleto nomeecognome nomecognome
        cognomenome nomeesobrenome volledigenaam imieinazwisko nazwiskoiimie 氏名 お名前 姓名 フルネーム 表示名
        """,
    ),
    (
        Field.NAME,
        80,
        """
        name nom nombre nome naam nazwa 名前
        """,
    ),
    (
        Field.NAME,
        40,
        """
        username nickname fileas login userlogin utilisateur usuario utente gebruiker uzytkownik ユーザー名
        ユーザー
        """,
    ),
    (
        Field.EMAIL,
        100,
        """
        email emailaddress mail mailaddress emailid emailadresse mailadresse primaryemail
        primaryemailaddress emailprimary email1value email1address emailaddress1 email1 workemail
        loginemail businessemail adressemail adresseemail adressemel courriel correo correoelectronico
        direcciondecorreo direcciondecorreoelectronico direccionemail mailprincipal indirizzoemail
        postaelettronica indirizzodipostaelettronica enderecodeemail enderecoeletronico
        correioeletronico emailadres adresemail adrespocztyelektronicznej pocztaelektroniczna メール
        メールアドレス 電子メール 電子メールアドレス eメール
        """,
    ),
    (
        Field.EMAIL,
        70,
        """
        personalemail homeemail privateemail email2value email2address emailsecondary secondaryemail
        """,
    ),
    (
        Field.EMAIL,
        45,
        """
        username login userlogin userprincipalname upn benutzername identifiant usuario accountname
        """,
    ),
    (
        Field.PHONE,
        100,
        """
        mobilephone mobile mobilenumber mobilephonenumber cellphone cell cellnumber mobiltelefon
        mobilnummer handynummer handy mobil telephonemobile telephoneportable mobiletelephone telmobile
        portable telefonomovil movil celular telefonocelulare cellulare telemovel telefonecelular
        mobielnummer mobieletelefoon mobiel gsm telefonkomorkowy komorka 携帯電話 携帯電話番号 携帯 携帯番号 スマホ
        """,
    ),
    (
        Field.PHONE,
        90,
        """
        phone phonenumber telephone telephonenumber tel telno phoneno contactnumber primaryphone
        phone1value phone1 phoneprimary telefon telefonnummer rufnummer telefonnr numerodetelephone
        telefono numerodetelefono numeroditelefono telefone numerodetelefone telefoonnummer telefoon
        numertelefonu nrtelefonu whatsapp 電話 電話番号 連絡先電話番号
        """,
    ),
    (
        Field.PHONE,
        60,
        """
        workphone businessphone homephone phone2value homephonenumber telefongeschaftlich telefonprivat
        """,
    ),
    (
        Field.ROLE,
        100,
        """
        role roles userrole rolename roletitle permissionlevel accesslevel userroles rolle rollen
        benutzerrolle roledelutilisateur rol roldeusuario ruolo ruoli ruoloutente funcao papel perfil
        perfildeacesso gebruikersrol rola rolauzytkownika uprawnienia 役割 ロール 権限
        """,
    ),
    (
        Field.ROLE,
        55,
        """
        usertype accounttype authority berechtigung profil profile permissions
        """,
    ),
    (
        Field.LOCATION,
        100,
        """
        location locationname site sitename facility jobsite standort standortname emplacement lieu
        ubicacion localizacion sede sedelocale localizacao localidade locatie vestiging lokalizacja
        placowka 場所 所在地 拠点 ロケーション 設置場所
        """,
    ),
    (
        Field.LOCATION,
        55,
        """
        officelocation office branch niederlassung filiale building organization1location
        """,
    ),
    (
        Field.ORGANIZATION,
        100,
        """
        organization organisation organizationname organisationname org orgname organization1name
        suborganization organisationsname organizacion nombredelaorganizacion organizzazione organizacao
        organisatie organizacja 組織 組織名 団体
        """,
    ),
    (
        Field.ORGANIZATION,
        85,
        """
        company companyname associatedcompany primaryassociatedcompany customertitle customername firma
        firmenname unternehmen entreprise societe nomdelentreprise empresa nombredelaempresa compania
        azienda societa ditta nomedaempresa bedrijf bedrijfsnaam nazwafirmy 会社 会社名 企業名 勤務先
        """,
    ),
    (
        Field.ORGANIZATION,
        50,
        """
        account tenant tenantname customer client clientname orgunitpath group mandant kunde
        """,
    ),
    (
        Field.TAGS,
        100,
        """
        tags tag usertags schlagworte schlagworter stichworte etiquettes motscles etiquetas etiqueta
        etichette etichetta trefwoorden tagi etykiety タグ
        """,
    ),
)

# What exporters put before the word itself: `user_email`, `Person - Name`, `profile.phone`.
PREFIXES = (
    "user",
    "users",
    "contact",
    "person",
    "persons",
    "member",
    "profile",
    "attributes",
    "traits",
    "customer",
    "kunden",
    "primary",
)

# A header with one of these is about an e-mail address or a phone, and none itself.
NOT_A_VALUE = frozenset(
    {
        "type",
        "label",
        "display",
        "verified",
        "status",
        "sent",
        "opt",
        "opted",
        "optin",
        "date",
        "count",
        "id",
        "consent",
        "domain",
        "marketing",
        "fax",
        "pager",
        "bounced",
        "time",
        "owner",
        "assistant",
        "confirmed",
        "subscription",
        "yomi",
        "phonetic",
        "extension",
        "ext",
        "invited",
        "last",
        "created",
        "typ",
        "verifiziert",
        "etikett",
        "art",
        "template",
        "token",
        "hash",
        "callback",
        "manager",
        "supervisor",
        "angezeigter",
    }
)
EMAIL_WORDS = frozenset({"email", "mail", "emails", "correo", "courriel", "メール"})
PHONE_WORDS = frozenset(
    {
        "phone",
        "mobile",
        "cell",
        "telephone",
        "telefon",
        "mobil",
        "handy",
        "telefono",
        "telefone",
        "telefoon",
        "movil",
        "celular",
        "tel",
        "gsm",
        "電話",
    }
)


def _table() -> dict[str, dict[Field, int]]:
    table: dict[str, dict[Field, int]] = {}
    for field, score, words in _LISTS:
        for word in words.split():
            table.setdefault(word_of(word), {}).setdefault(field, score)
    return table


def tokens_of(header: str) -> list[str]:
    """The words of a header in lower case, without accents, remarks in brackets and punctuation."""
    text = _CAMEL.sub(" ", _BRACKETS.sub(" ", header[:_LONGEST_HEADER]))
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    kept = "".join(
        character if character.isalnum() else "" if unicodedata.combining(character) else " "
        for character in decomposed
    )
    words = kept.replace("ł", "l").replace("ø", "o").split()
    # `E-mail` falls into two.
    joined: list[str] = []
    for word in words:
        if joined and joined[-1] == "e" and word.startswith("mail"):
            joined[-1] = "e" + word
        else:
            joined.append(word)
    return joined


def word_of(header: str) -> str:
    """The header's words in one, as they stand in the table."""
    return "".join(tokens_of(header))


WORDS = _table()
