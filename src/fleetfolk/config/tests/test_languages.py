"""What the pages say in other languages is whole: nothing left out, nothing left standing that is filled in."""

import re
from pathlib import Path

import polib
import pytest
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext, ngettext

SOURCES = sorted(Path(settings.LOCALE_PATHS[0]).glob("*/LC_MESSAGES/django.po"))
PLACEHOLDERS = re.compile(r"%\(\w+\)[sd]|%%|\{\w+\}")


def test_every_language_that_can_be_chosen_has_its_sentences() -> None:
    assert {source.parent.parent.name for source in SOURCES} == {code for code, _name in settings.LANGUAGES} - {"en"}


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.parent.parent.name)
def test_every_sentence_is_translated_with_its_placeholders(source: Path) -> None:
    wrong = []
    for entry in polib.pofile(str(source)):
        said = list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]
        wanted = set(PLACEHOLDERS.findall(entry.msgid_plural or entry.msgid))
        if entry.obsolete or entry.fuzzy or not all(said):
            wrong.append(f"not translated: {entry.msgid}")
        # One thing may go without its number; many cannot.
        elif set(PLACEHOLDERS.findall(said[-1])) != wanted or not set(PLACEHOLDERS.findall(said[0])) <= wanted:
            wrong.append(f"other placeholders: {entry.msgid}")
    assert not wrong, "\n".join(wrong)


def test_a_page_is_read_in_the_language_that_was_chosen() -> None:
    with translation.override("de"):
        assert gettext("Users") == "Benutzer"
        assert ngettext("%(number)s device", "%(number)s devices", 2) % {"number": 2} == "2 Geräte"
