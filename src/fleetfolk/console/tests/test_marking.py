"""Hits are marked where a person would point at them, whatever they typed, and nothing of the text becomes HTML."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleetfolk.console.marking import marked, words_of


@pytest.mark.parametrize(
    ("text", "query", "shown"),
    [
        ("Annegret Weißenberg", "weis", "Annegret <mark>Weiß</mark>enberg"),
        ("Annegret Weißenberg", "BERG ann", "<mark>Ann</mark>egret Weißen<mark>berg</mark>"),
        ("Ingrid Bergström", "strom", "Ingrid Berg<mark>ström</mark>"),
        ("Ingrid Bergstro\u0308m", "strom", "Ingrid Berg<mark>ström</mark>"),
        ("Wojciech Łukaszewski", "lukasz", "Wojciech <mark>Łukasz</mark>ewski"),
        ("Søren Ægir Þór", "soren aegir thor", "<mark>Søren</mark> <mark>Ægir</mark> <mark>Þór</mark>"),
        ("Trần Thị Thu Lan", "tran", "<mark>Trần</mark> Thị Thu Lan"),
        ("Κωνσταντίνος", "κωνσταντινοσ", "<mark>Κωνσταντίνος</mark>"),
        ("佐藤美咲", "美咲", "佐藤<mark>美咲</mark>"),
        ("佐藤 美咲", "佐", "<mark>佐</mark>藤 美咲"),
        ("Seán O'Neil", "o'neil", "Seán <mark>O&#x27;Neil</mark>"),
        ("anna.b@x.example", "anna.b@x", "<mark>anna.b@x</mark>.example"),
        ("Ann Hannah Nan", "an", "<mark>An</mark>n Hannah Nan"),
        ("banana", "ana nan", "b<mark>anana</mark>"),
        ("+4915112345", "0151", "+49<mark>151</mark>12345"),
        ("+49 151 12345", "49151", "+<mark>49 151</mark> 12345"),
        ("Nobody", "somebody", "Nobody"),
        ("Nobody", "", "Nobody"),
        ("Nobody", "--- '", "Nobody"),
        ("<b>Bold</b> & co", "bold", "&lt;b&gt;<mark>Bold</mark>&lt;/b&gt; &amp; co"),
        ("<mark>", "mark", "&lt;<mark>mark</mark>&gt;"),
    ],
)
def test_hits_are_marked(text: str, query: str, shown: str) -> None:
    assert marked(text, words_of(query)) == shown


@given(text=st.text(max_size=40), query=st.text(max_size=20))
def test_a_mark_adds_nothing_and_loses_nothing(text: str, query: str) -> None:
    shown = marked(text, words_of(query)).replace("<mark>", "").replace("</mark>", "")
    assert shown == marked(text, ())


@given(
    text=st.text(alphabet=st.characters(categories=["Ll", "Lu", "Nd"], max_codepoint=0x24F), min_size=3, max_size=12)
)
def test_a_text_is_found_by_itself(text: str) -> None:
    assert "<mark>" in marked(text, words_of(text))


def test_only_the_first_eight_words_count() -> None:
    assert words_of("a b c d e f g h i j") == tuple("abcdefgh")
