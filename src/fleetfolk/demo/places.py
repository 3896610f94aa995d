"""The demo world's organizations: one operator, its branches, its installers, its customers, and their job sites.

``ORGANIZATIONS``       every organization, parents first; the very first is the operator, root of the tenant.
``TAGS``                the operator's tags, which everybody below may carry.
``organization(key)``   the one with this key; ``KeyError`` when there is none.
``ancestors(key)``      itself first, then upwards to the operator.
``contains(a, b)``      whether ``b`` is ``a`` or lies below it.
``site(key, site)``     one job site of an organization.

Nothing here knows the database: the builder turns them into Actions. Every name, address and domain is invented.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, cast

type Kind = Literal["operator", "branch", "installer", "client"]
type Sector = Literal["company", "family", "hotel", "housing", "municipality"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Site:
    """A location of an organization: an office, a depot or a building with heating in it."""

    key: str
    name: str
    address: str
    country: str
    time_zone: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Tag:
    """A label that the operator puts on people; the colour is a number from 1 to 6."""

    key: str
    name: str
    colour: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Organization:
    """A node of the tree. ``admins``, ``staff`` and ``users`` say how many people of each role end up in it."""

    key: str
    name: str
    kind: Kind
    sector: Sector
    parent: str | None
    country: str
    time_zone: str
    domain: str
    sites: tuple[Site, ...]
    admins: int
    staff: int
    users: int


_TIME_ZONES = {
    "BR": "America/Sao_Paulo",
    "CN": "Asia/Shanghai",
    "DE": "Europe/Berlin",
    "DK": "Europe/Copenhagen",
    "ES": "Europe/Madrid",
    "FR": "Europe/Paris",
    "GB": "Europe/London",
    "GR": "Europe/Athens",
    "IL": "Asia/Jerusalem",
    "IN": "Asia/Kolkata",
    "IS": "Atlantic/Reykjavik",
    "IT": "Europe/Rome",
    "JP": "Asia/Tokyo",
    "KR": "Asia/Seoul",
    "NG": "Africa/Lagos",
    "NL": "Europe/Amsterdam",
    "NO": "Europe/Oslo",
    "PL": "Europe/Warsaw",
    "PT": "Europe/Lisbon",
    "SE": "Europe/Stockholm",
    "TR": "Europe/Istanbul",
    "UA": "Europe/Kyiv",
    "US": "America/New_York",
    "VN": "Asia/Ho_Chi_Minh",
}
_COUNTRIES = {time_zone: country for country, time_zone in _TIME_ZONES.items()} | {"America/Denver": "US"}

# An organization a line: key, parent, name, kind, sector, country, domain, and how many admins, staff and users it has.
# Indented below it, its sites: key, name, address and, where it lies elsewhere, the time zone.
_TREE = """
lumen | - | Lumen Home | operator | company | SE | lumenhome.example | 3 9 0
    malmo | Malmö office | Ljusgatan 4, 211 00 Malmö, Sweden
    gothenburg | Göteborg support | Värmevägen 18, 411 00 Göteborg, Sweden
nord | lumen | Lumen Home Nord | branch | company | DE | lumenhome.example | 2 6 8
    hamburg | Hamburg | Lampenkai 11, 20000 Hamburg, Germany
    bremen | Bremen depot | Am Heizwerk 3, 28000 Bremen, Germany
    rostock | Rostock | Ostseeallee 52, 18000 Rostock, Germany
sued | lumen | Lumen Home Süd | branch | company | DE | lumenhome.example | 2 7 9
    nuernberg | Nürnberg | Kupferweg 27, 90000 Nürnberg, Germany
    muenchen | München | Föhnstraße 8, 80000 München, Germany
    augsburg | Augsburg depot | Wärmegasse 1, 86000 Augsburg, Germany
west | lumen | Lumen Home West | branch | company | DE | lumenhome.example | 2 5 9
    koeln | Köln | Leuchtenstraße 40, 50000 Köln, Germany
    bergheim | Bergheim | Erftufer 9, 50100 Bergheim, Germany
    utrecht | Utrecht | Warmtekade 6, 3500 AA Utrecht, Netherlands | Europe/Amsterdam
    leeds | Leeds | 14 Ember Row, Leeds LS1 0XX, United Kingdom | Europe/London
norden | lumen | Lumen Home Norden | branch | company | DK | lumenhome.example | 2 5 9
    koebenhavn | København | Lysstræde 22, 1000 København, Denmark
    bergen | Bergen | Varmeveien 5, 5000 Bergen, Norway | Europe/Oslo
    bergstadastraeti | Bergstaðastræti 12 | Bergstaðastræti 12, 101 Reykjavík, Iceland | Atlantic/Reykjavik
    umea | Umeå | Norrskensgatan 3, 903 00 Umeå, Sweden | Europe/Stockholm
iberia | lumen | Lumen Home Iberia | branch | company | PT | lumenhome.example | 2 4 8
    lisboa | Lisboa | Rua da Luz Morna 31, 1000-000 Lisboa, Portugal
    porto | Porto | Travessa do Calor 7, 4000-000 Porto, Portugal
    madrid | Madrid | Calle del Brasero 12, 28000 Madrid, Spain | Europe/Madrid
polska | lumen | Lumen Home Polska | branch | company | PL | lumenhome.example | 1 5 8
    poznan | Poznań | ul. Ciepła 19, 60-000 Poznań, Poland
    wroclaw | Wrocław | ul. Żarowa 2, 50-000 Wrocław, Poland
france | lumen | Lumen Home France | branch | company | FR | lumenhome.example | 2 4 8
    lyon | Lyon | 18 rue des Réverbères, 69000 Lyon, France
    bordeaux | Bordeaux dépôt | 5 quai de la Chaudière, 33000 Bordeaux, France
nihon | lumen | Lumen Home Nihon | branch | company | JP | lumenhome.example | 2 4 7
    sapporo | 札幌オフィス | 〒060-0000 北海道札幌市中央区北灯1-2
    tokyo | 東京オフィス | 〒100-0000 東京都千代田区暖町3-4-5
    osaka | 大阪倉庫 | 〒530-0000 大阪府大阪市北区灯台6-7
americas | lumen | Lumen Home Americas | branch | company | US | lumenhome.example | 2 4 8
    boston | Boston | 200 Lantern Street, Boston, MA 02100, USA
    denver | Denver depot | 88 Boiler Avenue, Denver, CO 80200, USA | America/Denver
    curitiba | Curitiba | Rua do Aquecedor 45, Curitiba, PR, Brazil | America/Sao_Paulo
brandstaetter | sued | Wärmetechnik Brandstätter GmbH | installer | company | DE | brandstaetter.example | 1 6 0
    hof | Betriebshof Nürnberg | Rohrstraße 14, 90000 Nürnberg, Germany
werkstatt | brandstaetter | Brandstätter Werkstatt Fürth | installer | company | DE | brandstaetter.example | 1 4 0
    fuerth | Werkstatt Fürth | Ventilgasse 2, 90700 Fürth, Germany
heidelberg | sued | Heidelberg Wärme | installer | company | DE | heidelberg-waerme.example | 1 5 0
    depot | Heidelberg depot | Kesselweg 30, 69100 Heidelberg, Germany
nordlys | norden | Nordlys VVS ApS | installer | company | DK | nordlys-vvs.example | 1 5 0
    aarhus | Værksted Aarhus | Kedelvej 16, 8000 Aarhus, Denmark
    odense | Lager Odense | Rørgade 3, 5000 Odense, Denmark
cieplo | polska | Ciepło Wielkopolska Sp. z o.o. | installer | company | PL | cieplo-wlkp.example | 1 5 0
    baza | Baza Poznań | ul. Kotłowa 44, 60-100 Poznań, Poland
delacroix | france | Chauffage Delacroix & Fils | installer | company | FR | chauffage-delacroix.example | 1 5 0
    atelier | Atelier Villeurbanne | 9 rue du Radiateur, 69100 Villeurbanne, France
hokkaido | nihon | 北海道ヒートポンプ工業 | installer | company | JP | hokkaido-hp.example | 1 4 0
    kojo | 札幌工場 | 〒003-0000 北海道札幌市白石区暖房8-9
hanse | nord | Hanse Wohnen eG | client | housing | DE | hanse-wohnen.example | 2 3 5
    speicher | Speicherhof | Fleetweg 1–9, 20100 Hamburg, Germany
    elbhang | Elbhang | Am Elbhang 70, 22500 Hamburg, Germany
    wandse | Wandsegärten | Wandsebogen 12, 22000 Hamburg, Germany
hanse-altona | hanse | Hanse Wohnen Altona | client | housing | DE | hanse-wohnen.example | 1 1 4
    altona | Altonaer Höfe | Fischerplatz 5, 22700 Hamburg, Germany
deich | nord | Gemeinde Sankt Peter am Deich | client | municipality | DE | sankt-peter-am-deich.example | 1 2 3
    rathaus | Rathaus | Deichstraße 1, 25800 Sankt Peter am Deich, Germany
    schule | Grundschule am Leuchtturm | Leuchtturmweg 6, 25800 Sankt Peter am Deich, Germany
petersen | nord | Familie Petersen | client | family | DE | petersen-haus.example | 1 0 2
    haus | Haus Petersen | Kiefernweg 8, 24900 Flensburg, Germany
weissenberg | sued | Familie Weißenberg | client | family | DE | weissenberg.example | 1 0 3
    haus | Haus Weißenberg | Am Weißen Berg 3, 91200 Lauf, Germany
    alcudia | Ferienhaus Alcúdia | Camí del Far 21, 07400 Alcúdia, Spain | Europe/Madrid
reuss | sued | Reuß Immobilien | client | housing | DE | bergblick-verwaltung.example | 1 3 5
    torweg | Nürnberg, Torweg 4 | Torweg 4, 90000 Nürnberg, Germany
    lindenau | Schloss Lindenau | Schlossallee 1, 91300 Lindenau, Germany
    bergblick | Bergblick | Bergblickstraße 17–23, 90400 Nürnberg, Germany
    regnitz | Regnitzaue | Uferweg 2, 91000 Erlangen, Germany
rosengarten | sued | Hotel Rosengarten Bozen | client | hotel | IT | hotel-rosengarten.example | 1 2 3
    bozen | Hotel Rosengarten | Via delle Rose 10, 39100 Bolzano, Italy
thermaikos | sued | Ξενοδοχείο Θερμαϊκός | client | hotel | GR | thermaikos-hotel.example | 1 2 3
    paralia | Παραλία | Λεωφόρος Φάρου 15, 546 00 Θεσσαλονίκη, Greece
    poli | Άνω Πόλη | Οδός Λυχνίας 4, 546 30 Θεσσαλονίκη, Greece
korfez | sued | İzmir Körfez Konutları | client | housing | TR | korfez-konutlari.example | 1 2 4
    karsiyaka | Karşıyaka A Blok | Işık Sokağı 9, 35500 İzmir, Türkiye
    bostanli | Bostanlı B Blok | Kandil Caddesi 28, 35590 İzmir, Türkiye
carmel | sued | מלון אור הכרמל | client | hotel | IL | or-hacarmel.example | 1 1 3
    haifa | אור הכרמל חיפה | שדרות האור 12, חיפה, Israel
oosterdijk | west | Gemeente Oosterdijk | client | municipality | NL | oosterdijk.example | 1 2 3
    stadhuis | Stadhuis | Lantaarnplein 1, 3700 AA Oosterdijk, Netherlands
    zwembad | Zwembad De Golf | Badlaan 20, 3700 AB Oosterdijk, Netherlands
devries | west | Familie de Vries | client | family | NL | familiedevries.example | 1 0 2
    boerderij | Boerderij Zonneland | Polderweg 88, 3800 AC Amersveld, Netherlands
thornbury | west | Thornbury Leisure Ltd | client | hotel | GB | thornbury-leisure.example | 1 2 3
    grange | Thornbury Grange | Grange Lane, Thornbury YO0 1AA, United Kingdom
    spa | Hollin Spa | 2 Hollin Bank, Harrogate HG0 2BB, United Kingdom
lekki | west | Lekki Harmattan Estate | client | housing | NG | harmattan-estate.example | 1 2 4
    phase1 | Phase 1 | 12 Lamplight Crescent, Lekki, Lagos, Nigeria
    phase2 | Phase 2 | 40 Breeze Close, Lekki, Lagos, Nigeria
kronberget | norden | Bostads AB Kronberget | client | housing | SE | kronberget.example | 1 3 5
    kronan | Kvarteret Kronan | Kronstigen 2, 903 20 Umeå, Sweden
    berget | Kvarteret Berget | Bergstigen 11, 903 21 Umeå, Sweden
    alven | Kvarteret Älven | Älvgatan 40, 903 22 Umeå, Sweden
sonderholm | norden | Sønderholm Kommune | client | municipality | DK | sonderholm.example | 1 2 3
    raadhus | Rådhuset | Rådhustorvet 1, 6400 Sønderholm, Denmark
    hallen | Sønderholmhallen | Stadionvej 14, 6400 Sønderholm, Denmark
orkuhus | norden | Orkuhús Reykjavík ehf. | client | housing | IS | orkuhus.example | 1 1 3
    hus | Orkuhúsið | Hlýgata 7, 105 Reykjavík, Iceland
casadomar | iberia | Casa do Mar | client | hotel | PT | casadomar.example | 1 2 4
    cascais | Cascais | Avenida do Farol 3, 2750-000 Cascais, Portugal
    ericeira | Ericeira | Largo das Ondas 8, 2655-000 Ericeira, Portugal
sierraalta | iberia | Comunidad Sierra Alta | client | housing | ES | sierra-alta.example | 1 1 5
    portal1 | Portal 1 | Calle de la Lumbre 1, 28400 Sierra Alta, Spain
    portal2 | Portal 2 | Calle de la Lumbre 3, 28400 Sierra Alta, Spain
podlipami | polska | Spółdzielnia Mieszkaniowa Pod Lipami | client | housing | PL | sm-podlipami.example | 1 2 5
    blok1 | Blok 1 | os. Pod Lipami 1, 61-600 Poznań, Poland
    blok2 | Blok 2 | os. Pod Lipami 2, 61-600 Poznań, Poland
    blok7 | Blok 7 | os. Pod Lipami 7, 61-600 Poznań, Poland
jasne | polska | Gmina Jasne Wzgórze | client | municipality | PL | jasnewzgorze.example | 1 1 2
    urzad | Urząd Gminy | Rynek 1, 62-000 Jasne Wzgórze, Poland
lviv | polska | ОСББ «Сонячний берег» | client | housing | UA | sonyachnyi-bereh.example | 1 1 5
    budynok1 | Будинок 1 | вул. Тепла 1, 79000 Львів, Ukraine
    budynok2 | Будинок 2 | вул. Тепла 3, 79000 Львів, Ukraine
bergerac | france | Bergerac Habitat | client | housing | FR | bergerac-hlm.example | 2 3 4
    bergerac | Bergerac | 1 place de l’Âtre, 24100 Bergerac, France
    tilleuls | Résidence des Tilleuls | 6 allée des Tilleuls, 24100 Bergerac, France
    rivedroite | Rive Droite | 33 quai de la Dordogne, 24100 Bergerac, France
lacbleu | france | Hôtel du Lac Bleu | client | hotel | FR | lac-bleu.example | 1 1 3
    lac | Hôtel du Lac Bleu | 2 chemin du Phare, 74000 Annecy, France
aubrac | france | Mairie de Saint-Aubrac | client | municipality | FR | saint-aubrac.example | 1 1 2
    mairie | Mairie | Place de la Mairie, 12000 Saint-Aubrac, France
seeberg | nihon | Hotel Seeberg | client | hotel | JP | hotel-seeberg.example | 1 2 2
    honsha | 東京本社 | 〒105-0000 東京都港区湖山1-1-1
seeberg-sapporo | seeberg | Hotel Seeberg Sapporo | client | hotel | JP | hotel-seeberg.example | 1 2 4
    hotel | ホテル・ゼーベルク札幌 | 〒064-0000 北海道札幌市中央区湖畔2-3
    onsen | ゼーベルク定山渓温泉 | 〒061-2300 北海道札幌市南区湯町4-5
hangang | nihon | 한강빛 레지던스 | client | housing | KR | hangang-residence.example | 1 2 3
    tower | 한강빛 타워 | 서울특별시 용산구 등불로 25, Republic of Korea
haitang | nihon | 海棠苑物业 | client | housing | CN | haitangyuan.example | 1 2 4
    east | 海棠苑东区 | 上海市浦东新区暖阳路66号
    west | 海棠苑西区 | 上海市浦东新区暖阳路88号
hotay | nihon | Chung cư Hồ Tây | client | housing | VN | chungcu-hotay.example | 1 1 4
    hotay | Tòa nhà Hồ Tây | Phố Đèn Lồng 18, Tây Hồ, Hà Nội, Việt Nam
kaveri | nihon | Kaveri Residency | client | hotel | IN | kaveri-residency.example | 1 2 4
    bengaluru | Kaveri Residency Bengaluru | 7 Deepa Road, Bengaluru 560000, India
    mysuru | Kaveri Residency Mysuru | 21 Lantern Circle, Mysuru 570000, India
capeharbor | americas | Cape Harbor Inns, Inc. | client | hotel | US | capeharbor.example | 1 3 3
    harbor | Harbor House | 15 Lighthouse Lane, Cape Harbor, MA 02600, USA
    bluff | Bluff Inn | 3 Bluff Road, Cape Harbor, MA 02600, USA
    rockies | Ember Lodge | 90 Timberline Drive, Silver Pass, CO 80400, USA | America/Denver
maple | americas | Town of Maple Hollow | client | municipality | US | maplehollow.example | 1 2 2
    hall | Town Hall | 1 Main Street, Maple Hollow, VT 05000, USA
serraverde | americas | Residencial Serra Verde | client | housing | BR | serraverde.example | 1 1 5
    torrea | Torre A | Rua das Brasas 100, Curitiba, PR, Brazil
    torreb | Torre B | Rua das Brasas 120, Curitiba, PR, Brazil
"""


def _site(line: str, time_zone: str) -> Site:
    """The job site that an indented line of the tree describes."""
    key, name, address, *zone = (part.strip() for part in line.split(" | "))
    own = zone[0] if zone else time_zone
    return Site(key=key, name=name, address=address, country=_COUNTRIES[own], time_zone=own)


def _organization(line: str, site_lines: list[str]) -> Organization:
    """The organization that a line of the tree and the indented ones below it describe."""
    key, parent, name, kind, sector, country, domain, people = line.split(" | ")
    admins, staff, users = (int(part) for part in people.split())
    time_zone = _TIME_ZONES[country]
    return Organization(
        key=key,
        name=name,
        kind=cast("Kind", kind),
        sector=cast("Sector", sector),
        parent=None if parent == "-" else parent,
        country=country,
        time_zone=time_zone,
        domain=domain,
        sites=tuple(_site(each, time_zone) for each in site_lines),
        admins=admins,
        staff=staff,
        users=users,
    )


def _read(tree: str) -> tuple[Organization, ...]:
    """Every organization of the tree, in its order."""
    blocks: list[tuple[str, list[str]]] = []
    for line in tree.strip().splitlines():
        if line.startswith(" "):
            blocks[-1][1].append(line)
        else:
            blocks.append((line, []))
    return tuple(_organization(line, site_lines) for line, site_lines in blocks)


ORGANIZATIONS: tuple[Organization, ...] = _read(_TREE)

TAGS: tuple[Tag, ...] = (
    Tag(key="heat-pump", name="Heat pump", colour=1),
    Tag(key="vip", name="VIP", colour=2),
    Tag(key="winter-check", name="Winter check", colour=3),
    Tag(key="support", name="Support", colour=4),
    Tag(key="night-shift", name="Night shift", colour=5),
    Tag(key="certified", name="Certified", colour=6),
    Tag(key="chargeback", name="Chargeback", colour=2),
    Tag(key="newsletter", name="Newsletter", colour=4),
)

_BY_KEY = {each.key: each for each in ORGANIZATIONS}


def organization(key: str) -> Organization:
    """The organization with this key."""
    return _BY_KEY[key]


def ancestors(key: str) -> Iterator[Organization]:
    """The organization itself, then each one above it, up to the operator."""
    at: str | None = key
    while at is not None:
        yield _BY_KEY[at]
        at = _BY_KEY[at].parent


def contains(upper: str, lower: str) -> bool:
    """Whether the second organization is the first or lies somewhere below it."""
    return any(each.key == upper for each in ancestors(lower))


def site(organization_key: str, site_key: str) -> Site:
    """That job site of that organization."""
    for each in _BY_KEY[organization_key].sites:
        if each.key == site_key:
            return each
    raise KeyError(f"{organization_key} has no site {site_key}")
