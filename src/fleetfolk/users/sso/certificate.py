"""A provider's certificate, as it is pasted."""

import base64
import binascii
import re

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

_FRAME = re.compile(r"-----(BEGIN|END) CERTIFICATE-----")


def certificate_in(text: str) -> str | None:
    """The certificate in PEM, from that or from its bare base64; None where the text is none."""
    bare = "".join(_FRAME.sub("", text).split())
    if not bare or len(bare) > 20_000:
        return None
    try:
        made = x509.load_der_x509_certificate(base64.b64decode(bare, validate=True))
    except (ValueError, binascii.Error):
        return None
    return made.public_bytes(Encoding.PEM).decode()
