"""The names that the demo world's people bear, by the language they are written in.

``POOLS[language]``   pools of first and last names that go together (a Polish woman is not called Kowalski).
``LONG_NAMES``        whole names that test how much room a page leaves, by language.
``MIXES[country]``    which languages the names of a country's people come from, with weights.
``latin(text)``       how a name in Latin letters is spelled in an e-mail address: ASCII, lower case.

"First" and "last" name are the parts in the order in which their bearer writes them, so a Japanese, Chinese,
Korean or Vietnamese first name here is the family's.
"""

import re
import unicodedata
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Name:
    """A part of a name: as its bearer writes it, and in the ASCII letters of an e-mail address."""

    text: str
    latin: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Pool:
    """First and last names of one language that any pairing of makes a believable person."""

    first: tuple[Name, ...]
    last: tuple[Name, ...]


# A pool a paragraph: the language, lines of first names, lines of last names (with a dash). Names in other scripts say
# after "=" how they are transliterated.
_POOLS = """
de
Anna, Annika, Birgit, Christian, Dieter, Elke, Felix, Franziska, Friederike, Gerd, Gisela, Heike, Heinrich, Jonas
Jörg, Jürgen
Kerstin, Klaus, Lena, Lukas, Magdalena, Matthias, Moritz, Nadine, Petra, Ralf, Renate, Sabine, Sören, Stefan
Steffi, Theresa, Ulrike, Uwe, Xaver
- Albrecht, Bäcker, Baumgärtner, Bergmann, Brünjes, Dörfler, Ehrenberg, Engelhardt, Fährmann, Fröhlich, Gänßler
- Großmann, Günther, Hägele
- Heinemann, Hofstätter, Jäger, Kästner, Köhler, Krämer, Küppers, Lindenberg, Löffler, Müller, Nürnberger, Oßwald
- Pfeiffer, Röttger, Rühl, Schäfer
- Schönfeld, Schröder, Schulze-Berge, Steinbrück, Strauß, Thieß, Überall, Vögele, Weiß, Wöhrle, Zöller

tr
Ayşe, Burak, Cem, Defne, Elif, Emre, Fatma, Gökhan, Hatice, İbrahim, Mehmet, Özge, Şebnem, Tuğba, Ümit, Yağmur
Zeynep, Işıl
- Akgün, Aydın, Bozkurt, Çelik, Demirbaş, Doğan, Güneş, Işık, Kılıç, Koçoğlu, Öztürk, Şahin, Taşkın, Türkoğlu
- Uçar, Yıldırım, Yılmaz

it
Alessandra, Andrea, Benedetta, Chiara, Davide, Elisabetta, Francesco, Giuseppe, Lorenzo, Ludovica, Matteo, Niccolò
Silvia, Tommaso
- Bellomo, Colombo, D’Angelo, De Luca, Esposito, Ferrari, Gritti, Lo Presti, Mazzanti, Moretti, Pirovano, Rizzo
- Santoro, Dell’Acqua

fr
Adélaïde, Aurélien, Baptiste, Céline, Clémence, Étienne, François, Gaëlle, Hélène, Hugo, Inès, Jean-Baptiste, Joël
Léa, Loïc, Maëlys, Marie-Thérèse, Noémie, Océane, Théo
- Beaulieu, Bérenger, Chauvin, Lefèvre, de La Fontaine, Delaunay, Dubois, Faÿ, Garnier, Giraud, L’Hôpital
- Lemaître, Mérimée, Noël, Pélissier, Rousseau, Vasseur

es
Alejandra, Álvaro, Begoña, Carmen, Íñigo, Jesús, José Luis, Leire, Lucía, María del Carmen, Martín, Nuria, Óscar
Rocío, Sofía, Ximena
- Álvarez Cienfuegos, Castaño, Echeverría, Fernández Ibáñez, García de la Torre, Gómez, Muñoz, Núñez, Ortega Peña
- Peñalver, Quiñones, Rodríguez, Sáenz, Zúñiga

pt
Afonso, Antónia, Beatriz, Conceição, Duarte, Francisca, Gonçalo, Inês, João, Leonor, Luís, Mafalda, Margarida
Simão, Tomás, Zulmira
- Araújo, Boaventura, Carvalhão, da Conceição, de Assunção, dos Santos Leitão, Falcão, Gonçalves, Magalhães
- Mourão, Queirós, Simões, Vilhena

pt-br
Adriana, Caio, Cauã, Débora, Fabrício, Iara, Jussara, Luiz Otávio, Maria Eduarda, Raíssa, Thiago, Vinícius
- Albuquerque, Brandão, Cavalcanti, da Silva Pereira, do Nascimento, Figueiredo, Guimarães, Paixão, Sant’Anna
- Vasconcelos, Zanetti

pl
Agnieszka, Bożena, Dorota, Elżbieta, Grażyna, Joanna, Małgorzata, Oliwia, Wiesława, Zofia
- Błaszczyk, Dąbrowska, Jabłońska, Kaźmierczak, Kowalczyk, Łukasik, Nowak-Żółkiewska, Pietrzyk, Szczęsna
- Wiśniewska, Wójcik, Żurawska

pl
Bartłomiej, Grzegorz, Jędrzej, Krzysztof, Łukasz, Mieczysław, Paweł, Przemysław, Stanisław, Zbigniew
- Brzęczyszczykiewicz, Cieślak, Dąbrowski, Gołębiewski, Kwiatkowski, Łuczak, Piątek, Śliwiński, Wróblewski
- Zieliński, Źródlewski

sv
Agneta, Anders, Björn, Elsa, Göran, Gunnel, Håkan, Jonathan, Kerstin, Linnéa, Måns, Moa, Pär, Sigrid, Torbjörn
Åsa, Örjan
- Ahlström, Bergqvist, Blåberg, Ekelöf, Forsström, Grönlund, Hägglund, Lindqvist, Malmsjö, Nyström, Rönnberg
- Sjögren, Strömberg, Åkesson, Öhman

da
Anders, Birgitte, Freja, Henrik, Jørgen, Karen-Margrethe, Lærke, Mads, Niels, Pernille, Rasmus, Signe, Søren, Thøger
- Bjerregaard, Brøndum, Dalgård, Frøslev, Højgaard, Kjær, Kjærsgaard, Lindegård, Mølgaard, Nørgaard, Østergaard
- Overgaard, Skovgård, Åbenhus

nb
Arne, Bjørg, Eirik, Guro, Håvard, Ingvild, Kjersti, Øyvind, Ragnhild, Sølvi
- Aasberg, Bakkebø, Fjellheim, Haugsbø, Lindeberg, Nordbø, Ødegård, Solbakken, Tveitå

is
Björk, Dagný, Guðrún, Hrafnhildur, Ragnheiður, Sigríður, Þórdís
- Árnadóttir, Björnsdóttir, Guðmundsdóttir, Jökulsdóttir, Ólafsdóttir, Þorsteinsdóttir, Ævarsdóttir

is
Ásgeir, Einar, Guðmundur, Hörður, Kári, Sigurður, Þorvaldur
- Ásgeirsson, Björnsson, Eðvarðsson, Hallgrímsson, Jóhannesson, Sæmundsson, Þórarinsson

nl
Anneloes, Bram, Daniël, Femke, Gijs, Hendrik-Jan, Joost, Lieke, Maartje, Niek, Noortje, Pieter, Renée, Saskia
Sjoerd, Wouter
- Bakker, Brouwer, de Groot, Dijkstra, Hoekstra, IJzerman, Oosterhuis, ’t Hart, ten Brink, van den Berg
- van der Meulen, van ’t Hof, Visser, Zeeman

en
Abigail, Alistair, Beatrice, Callum, Charlotte, Eleanor, Fergus, Gemma, Harriet, Imogen, Niamh, Oliver, Rhys
Siobhán, Tamsin, Toby
- Ainsworth, Blackwood, Cholmondeley-Ward, Davies, Featherstonehaugh, Hollingsworth, McAllister, O’Donnell
- Okafor-Smith, Pemberton, St John, Thackeray, Whitby

en-us
Aaliyah, Brandon, Caitlin, DeShawn, Emily, Hannah, Jackson, Jamal, Kayla, Luis, Madison, Mary Jo, Tyler, Walter
- Anderson, Begay, Chen, Delgado, Fitzgerald, Goldberg, Hernandez, Kowalski, MacDonald, Nguyen, O’Brien, Reyes
- Stern-Whitfield, Washington, Weatherford, Zielinski

en-ng
Adaeze, Babatunde, Chidinma, Chinedu, Efe, Emeka, Folasade, Ifeoma, Ngozi, Olúwaṣeun, Tunde, Yetunde, Zainab
- Abiodun, Adéyẹmí, Adichie-Okoro, Balogun, Bello, Eze, Ibekwe, Nwachukwu, Obafemi, Ogundipe, Okafor, Onyekachi, Yusuf

en-in
Aarav, Aishwarya, Ananya, Arjun, Deepika, Gurpreet, Harish, Kavya, Lakshmi, Meenakshi, Nikhil, Padmavathi, Priya
Rohan, Venkatesh
- Agarwal, Bhattacharya, Chandrasekaran, Deshpande, Gowda, Iyer, Kulkarni, Mukherjee, Nair, Patel, Raghunathan
- Reddy, Singh, Subramanian

ja
佐々木=sasaki, 鈴木=suzuki, 高橋=takahashi, 田中=tanaka
伊藤=ito, 渡辺=watanabe, 山本=yamamoto, 中村=nakamura, 小林=kobayashi
加藤=kato, 吉田=yoshida, 松本=matsumoto, 長谷川=hasegawa, 五十嵐=igarashi
- 健一=kenichi, 由美子=yumiko, 翔太=shota, 陽菜=hina, 大輔=daisuke
- 恵=megumi, 直樹=naoki, さくら=sakura, 拓也=takuya, 真理子=mariko
- 蓮=ren, 千尋=chihiro, 浩二=koji, あゆみ=ayumi

zh-hans
王=wang, 李=li, 张=zhang, 刘=liu, 陈=chen, 杨=yang, 赵=zhao, 黄=huang, 周=zhou, 吴=wu, 欧阳=ouyang, 司马=sima
- 伟=wei, 芳=fang, 秀英=xiuying, 敏=min, 建国=jianguo
- 丽华=lihua, 子轩=zixuan, 雨桐=yutong, 志强=zhiqiang, 晓梅=xiaomei, 浩然=haoran
- 思源=siyuan

ko
김=kim, 이=lee, 박=park, 최=choi, 정=jung, 강=kang, 조=cho, 윤=yoon, 장=jang, 임=lim, 남궁=namgung
- 민준=minjun, 서연=seoyeon, 지훈=jihoon, 은지=eunji, 현우=hyunwoo
- 수빈=subin, 영숙=youngsook, 태호=taeho, 하은=haeun, 도윤=doyun

vi
Nguyễn Thị, Trần Thị, Phạm Ngọc, Lê Thị, Hoàng Thị, Vũ Thị, Đặng Thị
- Ánh Nguyệt, Bích Ngọc, Hồng Nhung, Hương, Mỹ Linh, Phương Thảo, Quỳnh Anh, Thùy Dương, Tuyết

vi
Nguyễn Văn, Trần Đình, Lê Hữu, Phạm Minh, Hoàng Đức, Đỗ Quang, Bùi Xuân
- Đạt, Dũng, Hiếu, Khánh, Long, Phúc, Thắng, Trường, Vượng

ar
أحمد=ahmad, فاطمة=fatima, محمد=mohammed, مريم=maryam, خالد=khaled, نور=nour, يوسف=youssef, سلمى=salma, عمر=omar
هدى=huda
- المصري=almasri, حداد=haddad, الخطيب=alkhatib, بن سعيد=bensaid, الأحمد=alahmad, قاسم=qasim, منصور=mansour
- الشامي=alshami

he
אביגיל=avigail, נועם=noam, יעל=yael, איתי=itai, שירה=shira, דוד=david, תמר=tamar, אורי=ori, מיכל=michal, עמית=amit
- כהן=cohen, לוי=levi, מזרחי=mizrahi, פרץ=peretz, בן דוד=bendavid, אברהמי=avrahami, שפירא=shapira
- רוזנברג=rosenberg, גולן=golan

el
Αικατερίνη=aikaterini, Βασιλική=vasiliki, Ελένη=eleni, Ευαγγελία=evangelia, Μαρία=maria, Χρυσούλα=chrysoula
- Αλεξίου=alexiou, Δημητρίου=dimitriou, Ιωαννίδου=ioannidou, Καραγιάννη=karagianni, Παπαδοπούλου=papadopoulou
- Οικονόμου=oikonomou

el
Αθανάσιος=athanasios, Γεώργιος=georgios, Δημήτρης=dimitris, Κωνσταντίνος=konstantinos, Νίκος=nikos, Σπύρος=spyros
- Αγγελόπουλος=angelopoulos, Βλάχος=vlachos, Κωνσταντινίδης=konstantinidis, Μαυρομιχάλης=mavromichalis
- Παπαδάκης=papadakis, Ξένος=xenos

uk
Ганна=hanna, Дмитро=dmytro, Євген=yevhen, Зоряна=zoriana, Ірина=iryna, Марічка=marichka, Олександр=oleksandr
Соломія=solomiia, Тарас=taras, Юрій=yurii, Ярослава=yaroslava
- Бондаренко=bondarenko, Гнатюк=hnatiuk, Дем’яненко=demianenko, Ковальчук=kovalchuk, Кравченко=kravchenko
- Лисенко=lysenko, Мельник=melnyk, Шевчук=shevchuk, Щербак=shcherbak, Яценко=yatsenko
"""

LONG_NAMES: dict[str, tuple[tuple[str, str], ...]] = {
    "de": (
        ("Karl-Theodor", "Freiherr von Weißenberg-Oberhuber"),
        ("Maximilian-Alexander", "Graf von und zu Hohenthal-Schwarzenberg"),
        ("Annemarie Elisabeth Friederike", "Müller-Lüdenscheidt-Großkreutz"),
        ("Wolfgang-Ferdinand", "Schmidt-Rottenburg-Wächtersbach"),
        ("Dr. Roswitha-Eleonore", "Edle von Krähenbühl-Süßenguth"),
        ("Ottilie Henriette", "Leuchtenberger-Schnurrbusch"),
    ),
    "pt": (("Maria da Conceição", "Vasconcelos de Albuquerque e Noronha"),),
    "es": (("María de los Ángeles", "Fernández de Córdoba y Villanueva-Echeverría"),),
    "nl": (("Johannes Wilhelmus", "van Oostenbroek genaamd Witte van Lichtendael"),),
    "en-in": (("Venkata Subrahmanya", "Lakshminarasimhan Ramachandran"),),
    "pt-br": (("Maria Aparecida", "do Espírito Santo Cavalcanti de Albuquerque"),),
}

MIXES: dict[str, dict[str, int]] = {
    "BR": {"pt-br": 1},
    "CN": {"zh-hans": 1},
    "DE": {"de": 74, "tr": 8, "it": 3, "ar": 4, "uk": 3, "vi": 2, "pl": 3, "el": 3},
    "DK": {"da": 70, "sv": 12, "nb": 8, "is": 5, "ar": 5},
    "ES": {"es": 92, "ar": 8},
    "FR": {"fr": 88, "ar": 6, "vi": 3, "pt": 3},
    "GB": {"en": 80, "en-in": 12, "en-ng": 8},
    "GR": {"el": 1},
    "IL": {"he": 4, "ar": 1},
    "IN": {"en-in": 1},
    "IS": {"is": 1},
    "IT": {"it": 4, "de": 1},
    "JP": {"ja": 1},
    "KR": {"ko": 1},
    "NG": {"en-ng": 1},
    "NL": {"nl": 85, "tr": 15},
    "NO": {"nb": 1},
    "PL": {"pl": 92, "uk": 8},
    "PT": {"pt": 85, "es": 10, "pt-br": 5},
    "SE": {"sv": 85, "da": 5, "ar": 5, "en": 5},
    "TR": {"tr": 1},
    "UA": {"uk": 1},
    "US": {"en-us": 88, "es": 8, "ko": 4},
    "VN": {"vi": 1},
}

# What Unicode does not take apart, spelled as its bearers do in an address.
_SPELLINGS = str.maketrans(
    {
        "ä": "ae",
        "ö": "oe",
        "ü": "ue",
        "ß": "ss",
        "æ": "ae",
        "ø": "o",
        "å": "a",
        "þ": "th",
        "ð": "d",
        "ł": "l",
        "ı": "i",
        "đ": "d",
    }
)
_UMLAUTS_DROPPED = str.maketrans({"ä": "a", "ö": "o", "ü": "u"})


def latin(text: str, *, language: str = "de") -> str:
    """A name in Latin letters as lower-case ASCII, words run together, hyphens kept; only German spells umlauts out."""
    lowered = unicodedata.normalize("NFC", text).replace("İ", "i").lower()
    spelled = (lowered if language == "de" else lowered.translate(_UMLAUTS_DROPPED)).translate(_SPELLINGS)
    bare = unicodedata.normalize("NFKD", spelled).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z-]", "", bare)


def _names(line: str, language: str) -> tuple[Name, ...]:
    """The names of a comma-separated line."""
    found = []
    for part in line.removeprefix("- ").split(", "):
        text, _, transliterated = part.partition("=")
        found.append(Name(text=text, latin=transliterated or latin(text, language=language)))
    return tuple(found)


def _read(table: str) -> dict[str, tuple[Pool, ...]]:
    """The pools of the table, by language."""
    pools: dict[str, tuple[Pool, ...]] = {}
    for paragraph in table.strip().split("\n\n"):
        language, *lines = paragraph.splitlines()
        first = tuple(name for line in lines if not line.startswith("- ") for name in _names(line, language))
        last = tuple(name for line in lines if line.startswith("- ") for name in _names(line, language))
        pools[language] = (*pools.get(language, ()), Pool(first=first, last=last))
    return pools


POOLS: dict[str, tuple[Pool, ...]] = _read(_POOLS)
