"""How the URLs of single sign-on are attacked."""

from typing import Any

from fleetfolk.config.tests.rows import Row
from fleetfolk.testing.cast import Cast
from fleetfolk.testing.samples_sso import linked, set_up


def north(cast: Cast) -> list[Any]:
    set_up(cast, cast.north)
    return [cast.north.pk]


def open_domain(cast: Cast) -> list[Any]:
    return [set_up(cast, cast.north, proved=False).domains.get().pk]


def link(cast: Cast) -> list[Any]:
    return [cast.cleo.pk, linked(cast, cast.cleo).pk]


SAID = {
    "kind": "oidc",
    "issuer": "https://id.lumenhome.example",
    "client_id": "fleetfolk",
    "secret": "a client's secret",
    "domains": "lumenhome.example",
    "must": "nobody",
}

ROWS: list[Row] = [
    Row(name="settings:sso"),
    Row(name="settings:sso-delete", data={}, ada=(409,), dana=403),
    Row(name="settings:sso-test", data={}, ada=(409,), dana=403),
    Row(name="settings:sso-of", target=north, data=SAID, ada=(302,)),
    Row(name="settings:sso-delete-of", target=north, data={}, ada=(302,)),
    Row(name="settings:sso-test-of", target=north, data={}),
    # Its domain has no record: the door refuses even Ada, with a sentence.
    Row(name="settings:sso-prove", target=open_domain, data={}, ada=(409,)),
    Row(name="users:revoke-identity", target=link, data={}, ada=(302,)),
]
PUBLIC: dict[str, str] = dict.fromkeys(
    ("sso-find", "sso-start", "openid_connect_callback", "saml_metadata", "saml_acs", "saml_finish"),
    "for strangers, tested in users/tests/sso",
)
ELSEWHERE: dict[str, str] = {}
