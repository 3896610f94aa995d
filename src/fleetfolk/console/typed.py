"""What a person typed into a search."""

from typing import Final

from django.http import QueryDict

LONGEST: Final = 120


def typed(parameters: QueryDict, name: str = "q", *, longest: int = LONGEST) -> str:
    """The words that an address holds there, in one line with single spaces; what is longer is cut."""
    return " ".join(parameters.get(name, "")[:longest].replace("\0", "").split())
