import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleetfolk.users.importing.names import clean_name, split_name
from fleetfolk.users.importing.problems import RowReason, UnfitValue


@pytest.mark.parametrize(
    ("whole", "first", "last"),
    [
        ("Ada Lovelace", "Ada", "Lovelace"),
        ("Lovelace, Ada", "Ada", "Lovelace"),
        ("Garcia Marquez, Gabriel Jose", "Gabriel Jose", "Garcia Marquez"),
        ("Anna Maria Schmidt", "Anna Maria", "Schmidt"),
        ("Ludwig van Beethoven", "Ludwig", "van Beethoven"),
        ("Vincent Van Der Berg", "Vincent", "Van Der Berg"),
        ("María de la Cruz", "María", "de la Cruz"),
        ("Van Morrison", "Van", "Morrison"),
        ("عمر بن الخطاب", "عمر", "بن الخطاب"),
        ("Martin Luther King Jr.", "Martin Luther", "King Jr."),
        ("King, Jr.", "King", "Jr."),
        ("Grace Hopper, PhD", "Grace", "Hopper PhD"),
        ("DE LA TOUR Anne", "Anne", "DE LA TOUR"),
        ("JOHN SMITH", "JOHN", "SMITH"),
        ("J. R. R. Tolkien", "J. R. R.", "Tolkien"),
        ("山田 太郎", "太郎", "山田"),
        ("ジョン・スミス", "ジョン", "スミス"),
        ("毛泽东", "毛泽东", ""),
        ("홍길동", "길동", "홍"),
        ("남궁민수", "민수", "남궁"),
        ("Олена Шевченко", "Олена", "Шевченко"),
        ("Сухарто", "Сухарто", ""),
        ("Madonna,", "Madonna", ""),
        (", Ada", "Ada", ""),
        (",", "", ""),
        ("", "", ""),
    ],
)
def test_a_whole_name_is_split(whole: str, first: str, last: str) -> None:
    assert split_name(whole) == (first, last)


@given(st.text(alphabet="AdaÉ山ジ홍ب -.'", max_size=40))
def test_splitting_a_name_loses_no_letter(text: str) -> None:
    name = clean_name(text, limit=60)
    first, last = split_name(name)
    assert sorted((first + last).replace(" ", "")) == sorted(name.replace(" ", ""))


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("  Ada \t King  ", "Ada King"),
        ("Anna\r\nMaria", "Anna Maria"),
        ("Zoe\u0308", "Zoë"),
        ("Ada\u00a0King\u3000", "Ada King"),
        ("Ada\u200b\ufeff", "Ada"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("क्\u200dष", "क्\u200dष"),
        ("O’Connor-Müller", "O’Connor-Müller"),
        ("-", ""),
        (" … ", ""),
        ("👩‍🚀", "👩‍🚀"),
        ("Å" * 60, "Å" * 60),
        ("A\u030a" * 60, "Å" * 60),
    ],
)
def test_a_name_of_any_script_is_cleaned(text: str, stored: str) -> None:
    assert clean_name(text, limit=60) == stored


@pytest.mark.parametrize(
    "text",
    [
        "Ada\x00",
        "Ada\x1b[31m",
        "Ada\x7f",
        "Ada\x81",
        "eve\u202eada",
        "\u2066Ada\u2069",
        "Ada\u200e",
        "Ada\U000e0041",
        "\ue000",
    ],
)
def test_a_name_that_hides_something_is_refused(text: str) -> None:
    with pytest.raises(UnfitValue) as caught:
        clean_name(text, limit=60)
    assert caught.value.reason is RowReason.CONTROL_CHARACTER


def test_a_name_of_61_characters_is_refused() -> None:
    with pytest.raises(UnfitValue) as caught:
        clean_name("x" * 61, limit=60)
    assert caught.value.reason is RowReason.TOO_LONG
    assert "61" in caught.value.sentence
    assert "60" in caught.value.sentence
