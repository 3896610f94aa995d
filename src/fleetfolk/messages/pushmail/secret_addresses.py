"""The secret part of a Push Mail address: 128 random bits that say whose it is and nothing else."""

import base64
import hashlib
import re
import secrets

SECRET = re.compile(r"p-[a-z2-7]{26}", re.IGNORECASE)
"""What a secret looks like, wherever it is written."""
_LOCAL = re.compile(r"(p-[a-z2-7]{26})(?:\+(?P<qualifier>[^@]{0,64}))?", re.IGNORECASE)


def new_secret() -> str:
    """A fresh secret of 128 bits that survives mail systems: lower case letters and digits, no case to lose."""
    return "p-" + base64.b32encode(secrets.token_bytes(16)).decode().rstrip("=").lower()


def secret_hash(secret: str) -> str:
    """What is stored of a secret. It has 128 random bits, so one round of SHA-256 keeps it."""
    return hashlib.sha256(secret.lower().encode()).hexdigest()


def split_address(address: str) -> tuple[str, str]:
    """Local part and domain, the domain in lower case and ASCII. Without a domain that is empty."""
    local, _, domain = address.strip().strip("<>").rpartition("@")
    if not local:
        return domain, ""
    return local, ascii_domain(domain)


def ascii_domain(domain: str) -> str:
    """A domain as DNS knows it: lower case, no dot at the end, letters beyond ASCII encoded. Empty where it is none."""
    domain = domain.strip().rstrip(".").lower()
    if domain.isascii():
        return domain
    try:
        return domain.encode("idna").decode("ascii")
    except UnicodeError:
        return ""


def secret_in(local: str) -> str | None:
    """The secret of a local part, with or without a ``+qualifier``; None where it is not of that shape."""
    found = _LOCAL.fullmatch(local)
    return found.group(1).lower() if found else None


def without_secrets(text: str) -> str:
    """The text with every secret address in it replaced by an ellipsis."""
    return SECRET.sub("p-…", text)
