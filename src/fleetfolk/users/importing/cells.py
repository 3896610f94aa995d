"""A value of a file, freed of what its exporter did to protect it and of what copying left on it."""

import re

# Exporters put an apostrophe before what a spreadsheet would run as a formula; ours does, too. Others write ="…".
_PROTECTED = re.compile(r"'(?=\s*[=+\-@\t\r\n＝＋－＠])")
_GUARDS = frozenset("'=")
_QUOTED_FORMULA = re.compile(r'="([^"]*)"')
# Blank to the eye: the zero-width space and joiner, the soft hyphen, and the byte order mark.
_INVISIBLE = "\u200b\u2060\u00ad\ufeff"
_EDGES = " \t\r\n\f\v\u00a0\u3000\u2028\u2029" + _INVISIBLE


def plain_cell(cell: str) -> str:
    """The value without blank edges, the apostrophe of a formula-safe export, or an `="…"` around it."""
    text = cell.strip(_EDGES)
    if text[:1] not in _GUARDS:
        return text
    if text.startswith("'") and _PROTECTED.match(text):
        return text[1:].strip(_EDGES)
    if text.startswith('="') and (match := _QUOTED_FORMULA.fullmatch(text)):
        return match[1].strip(_EDGES)
    return text


def without_invisible(text: str) -> str:
    """The text without characters that show nothing and mean nothing in a name."""
    return text if text.isascii() else text.translate(_NOTHING)


_EMAIL_SHAPE = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>]+")


def looks_like_email(text: str) -> bool:
    """Whether a value has the shape of an e-mail address; good enough to tell a column by, not to accept one."""
    # The limit keeps the pattern, which is quadratic, from being fed a page of dots.
    return "@" in text and len(text) <= 320 and _EMAIL_SHAPE.fullmatch(text) is not None


_NOTHING = dict.fromkeys(map(ord, _INVISIBLE))
