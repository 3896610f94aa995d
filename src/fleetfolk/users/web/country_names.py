"""What countries are called, from the library of phone numbers."""

from functools import cache
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path

import phonenumbers

# For these the library has no more than their code, or a name that was changed since.
_OURS = {
    "": {"AC": "Ascension", "TA": "Tristan da Cunha", "XK": "Kosovo"},
    "en": {"CD": "Congo (Democratic Republic)", "MK": "North Macedonia", "SZ": "Eswatini"},
}


@cache
def country_names(language: str) -> dict[str, str]:
    """The names of countries in a language (``en``), by ISO 3166 code; countries without one are left out.

    The one file that holds them is loaded alone: its package brings the places of all the world's numbers along,
    200 MB and seconds of every start.
    """
    file = Path(phonenumbers.__file__).parent / "geodata" / "locale.py"
    loader = SourceFileLoader("phonenumbers.geodata.locale", str(file))
    spec = spec_from_loader(loader.name, loader)
    assert spec is not None  # noqa: S101 - narrows the type; a loader was given
    module = module_from_spec(spec)
    loader.exec_module(module)
    names = {}
    for code, by_language in module.LOCALE_DATA.items():
        name = by_language.get(language, "")
        if name.startswith("*"):
            name = by_language.get(name[1:], "")  # "The same as in that language."
        if name:
            names[code] = name
    return {**names, **_OURS[""], **_OURS.get(language, {})}
