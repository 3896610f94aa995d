"""The real password hasher, with so little work that tests do not wait for it."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class QuickArgon2(Argon2PasswordHasher):
    """Argon2 with the least cost it allows."""

    time_cost = 1
    memory_cost = 8
    parallelism = 1
