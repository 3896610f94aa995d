"""Names of the benchmark's people: 14 languages, 250 first and 1,560 last names, in their own scripts."""

import itertools
import unicodedata
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Language:
    """Names as (written, as in an e-mail address), the calling code, and how many of 100 people it names."""

    first: tuple[tuple[str, str], ...]
    last: tuple[tuple[str, str], ...]
    calling_code: str
    share: int


_FIRST = {
    "de": "Maria Anna Thomas Michael Jürgen Andreas Sabine Petra Wolfgang Ursula Günter Klaus Stefan Katrin Jörg Björn "
    "Käthe Heike Uwe Lena Leon Finn Mia Emma Paul Jonas Friederike Jörn Ute Sören",
    "en": "James Mary John Patricia Robert Jennifer Michael Linda William Elizabeth David Barbara Richard Susan Joseph "
    "Jessica Thomas Sarah Charles Karen Anna Daniel Nancy Mark Lisa Xavier Siobhan Owen Gwen Zachary",
    "fr": "Marie Jean Pierre Michel André Philippe René Louis Alain Jacques Françoise Hélène Zoé Chloé Léa Jérôme "
    "Benoît Élodie Noémie Céline Lucas Hugo Jean-Luc Anne Anaïs",
    "es": "Maria José Antonio Juan Manuel Francisco Carmen Ana Isabel Dolores Ángel Jesús Begoña Íñigo Nuria Lucía "
    "Sofía Pablo Diego Raúl Ximena Elena Marta",
    "it": "Giuseppe Maria Giovanni Anna Antonio Rosa Mario Luigi Francesca Angela Niccolò Chiara Alessandro Matteo "
    "Giulia Sofia Lorenzo Martina",
    "pl": "Anna Piotr Krzysztof Andrzej Katarzyna Małgorzata Agnieszka Łukasz Michał Paweł Stanisław Zofia Wojciech "
    "Grażyna Jakub Maria",
    "tr": "Mehmet Mustafa Ahmet Ali Ayşe Fatma Emine Hatice İbrahim Gökhan Çağla Şule Özgür Ömer Zeynep Elif Burak",
    "ru": "Александр Елена Сергей Ольга Татьяна Андрей Наталья Алексей Ирина Дмитрий Анна Мария Жанна Юрий Екатерина",
    "ar": "محمد أحمد فاطمة علي حسن مريم خالد عمر ليلى يوسف إبراهيم سارة نور عبدالله",
    "ja": "翔太 美咲 陽菜 大輔 健太 さくら 葵 蓮 結衣 拓也 直樹 恵子 由美子 太郎 花子",
    "zh": "伟 芳 娜 秀英 敏 静 丽 强 磊 洋 艳 勇",
    "hi": "Aarav Vivaan Aditya Priya Ananya Rahul Sunita Deepak Lakshmi Arjun Rohan Kavita Sanjay Anjali",
    "sv": "Erik Lars Karin Anders Åsa Björn Göran Ulla Nils Märta Sven Östen Anna Johan",
    "vi": "Nguyệt Hùng Dũng Thảo Phương Quỳnh Minh Đức Linh Tuấn",
}
_LAST = {
    "de": "Müller Schmidt Schneider Fischer Weber Meyer Wagner Becker Schulz Hoffmann Schäfer Koch Bauer Richter Klein "
    "Wolf Schröder Neumann Schwarz Zimmermann Braun Krüger Hofmann Hartmann Groß Weiß Köhler",
    "en": "Smith Johnson Williams Brown Jones Garcia Miller Davis Rodriguez Wilson Anderson Taylor Thomas Moore Martin "
    "Lee O'Neil Thompson White Harris Clark Lewis Young King Berlin",
    "fr": "Martin Bernard Dubois Thomas Robert Richard Petit Durand Leroy Moreau Lefèvre Girard Mercier Dupont "
    "François Lambert Rousseau Blanchard Noël",
    "es": "García Fernández González Rodríguez López Martínez Sánchez Pérez Gómez Martín Jiménez Ruiz Hernández Díaz "
    "Muñoz Núñez Álvarez Peña",
    "it": "Rossi Russo Ferrari Esposito Bianchi Romano Colombo Ricci Marino Greco Bruno Gallo Conti Costa Giordano "
    "Mancini D'Angelo",
    "pl": "Nowak Kowalski Wiśniewski Wójcik Kowalczyk Kamiński Lewandowski Zieliński Szymański Woźniak Dąbrowski "
    "Kozłowski",
    "tr": "Yılmaz Kaya Demir Şahin Çelik Yıldız Yıldırım Öztürk Aydın Özdemir Arslan Doğan",
    "ru": "Иванов Смирнов Кузнецов Попов Васильев Петров Соколов Михайлов Новиков Фёдоров Морозов Жуков",
    "ar": "العلي الحسن حداد منصور الشامي عباس صالح ناصر خليل سليمان",
    "ja": "佐藤 鈴木 高橋 田中 伊藤 渡辺 山本 中村 小林 加藤 吉田 山田 佐々木 松本 井上",
    "zh": "王 李 张 刘 陈 杨 黄 赵 吴 周 徐 孙 马",
    "hi": "Sharma Verma Gupta Singh Kumar Patel Reddy Iyer Nair Mehta Das Chopra",
    "sv": "Andersson Johansson Karlsson Nilsson Eriksson Larsson Olsson Persson Svensson Gustafsson Sjöberg Åkesson",
    "vi": "Nguyễn Trần Lê Phạm Hoàng Phan Vũ Đặng Bùi Đỗ",
}
# Rarer last names, put together as languages do it: a head and a tail.
_PARTS = {
    "de": (
        "Alten Berg Brand Eichen Felden Grün Hasel Hohen Kalten Linden Mittel Nieder Ober Rosen Sauer Stein Tannen",
        "mann meier hof bauer feld stein thal burger hauser bach städter wirth",
    ),
    "en": (
        "Ash Black Bran Carl Dal East Fair Green Hart Kings Lang Mar North Pem Ridge Strat Thorn Under Wake Wood",
        "ton ley ford field brook worth well man by wood bridge more",
    ),
    "fr": (
        "Beau Bel Char Cour De Font Grand La Mont Rous Saint Val Ville",
        "mont bert court champs vallier lange det pierre selle nier main",
    ),
    "es": (
        "Al Bar Cas Fer Gal Her Mor Nav Ort Sal Val Zam",
        "varez ez arro illo eras ega ales ano orano uero",
    ),
    "it": (
        "Bel Cap Dal Fer Gas Lom Mor Pel Ros Sal Ven",
        "lini pelli monte rero parri bardi etti legrini sini vatore turi",
    ),
    "pl": ("Bor Czar Dob Gór Jab Kam Lip Mal Ost Wró Zaj", "kowski necki owski ski łoński iński czyk blewski ak"),
    "ru": ("Бел Вол Гор Дав Ерм Зай Кор Лаз Мир Ник Орл Сид Тих", "ов ин ков енко ский цев ичев"),
    "hi": ("Ag Ban Chat Desh Gan Jos Kul Mal Pil Raj", "arwal erjee mukh guly hi karni hotra lai an"),
    "sv": ("Berg Dahl Ek Lind Norr Sand Sjö Sten Söder Väster", "qvist ström lund gren man dal mark holm"),
    "tr": ("Ak Bal Can Demir Er Gül Kara Kök Taş Yal", "soy man türk er bulut gün han lı çın"),
}
_SHARES = {
    "de": 24,
    "en": 20,
    "fr": 8,
    "es": 8,
    "it": 6,
    "pl": 6,
    "tr": 5,
    "ru": 5,
    "ar": 4,
    "ja": 4,
    "zh": 2,
    "hi": 4,
    "sv": 3,
    "vi": 1,
}
_CODES = {
    "de": "49",
    "en": "1",
    "fr": "33",
    "es": "34",
    "it": "39",
    "pl": "48",
    "tr": "90",
    "ru": "7",
    "ar": "966",
    "ja": "81",
    "zh": "86",
    "hi": "91",
    "sv": "46",
    "vi": "84",
}
_LETTERS = str.maketrans({"ß": "ss", "ł": "l", "ø": "o", "ı": "i", "đ": "d", "'": None, "’": None})


def languages() -> list[Language]:
    """Every language, in a fixed order."""
    return [
        Language(
            first=_with_addresses(code, _FIRST[code].split()),
            last=_with_addresses(code, [*_LAST[code].split(), *_built(code)]),
            calling_code=_CODES[code],
            share=_SHARES[code],
        )
        for code in _FIRST
    ]


def _built(code: str) -> list[str]:
    if code not in _PARTS:
        return []
    heads, tails = (parts.split() for parts in _PARTS[code])
    built = [head + tail for head, tail in itertools.product(heads, tails)]
    # Strided, so that the first of them, which are the more frequent, do not share a beginning.
    return [name for start in range(7) for name in built[start::7]]


def _with_addresses(code: str, names: list[str]) -> tuple[tuple[str, str], ...]:
    return tuple((name, _in_address(name) or f"{code}{index}") for index, name in enumerate(names))


def _in_address(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.casefold().translate(_LETTERS))
    return "".join(
        character for character in plain if character.isascii() and (character.isalnum() or character == "-")
    )
