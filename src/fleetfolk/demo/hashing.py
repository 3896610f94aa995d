"""The password hasher while the demo world is built."""

from functools import cache

from django.contrib.auth.hashers import Argon2PasswordHasher
from django.utils.crypto import RANDOM_STRING_CHARS, get_random_string


class HashedOnce(Argon2PasswordHasher):
    """Argon2 at its full cost, paid once for each password and not once for each person.

    All of the demo's people have the same password, and the start page shows it: a salt for each would hide nothing,
    and make the first start half a minute longer.
    """

    def encode(self, password: str, salt: str) -> str:
        """The one hash of this password, with a salt of its own."""
        return _hash(password)


@cache
def _hash(password: str) -> str:
    salt = get_random_string(22, allowed_chars=RANDOM_STRING_CHARS)
    return Argon2PasswordHasher().encode(password, salt)
