"""Asks gravatar.com for a picture: from this server, at one fixed address, and trusting nothing that comes back."""

import urllib.error
import urllib.request
from typing import Any, Final

from fleetfolk.users.picture_files import hash_of, suffix_of

GRAVATAR: Final = "https://www.gravatar.com/avatar/"
PATIENCE: Final = 3
LARGEST: Final = 200_000


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """Where else somebody would send this server, it does not go."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


_OPENER = urllib.request.build_opener(_NoRedirects)


def fetch_picture(email: str, *, source: str = GRAVATAR) -> bytes | None:
    """The address' picture, or None where there is none that fits. Raises `OSError` where nobody answered."""
    request = urllib.request.Request(  # noqa: S310 - the address is a constant and a hash
        f"{source}{hash_of(email)}?d=404&s=160", headers={"User-Agent": "Fleetfolk"}
    )
    try:
        with _OPENER.open(request, timeout=PATIENCE) as answer:
            picture: bytes = answer.read(LARGEST + 1)
    except urllib.error.HTTPError as error:
        error.close()
        if error.code >= 500 or error.code == 429:
            raise
        return None
    return picture if len(picture) <= LARGEST and suffix_of(picture) else None
