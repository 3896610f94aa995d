"""How the URLs of sessions, second factors and addresses are attacked."""

from typing import Any

from fleetfolk.config.tests.rows import Row, cleo
from fleetfolk.testing.cast import Cast
from fleetfolk.testing.samples_security import app_of, session_of


def session(cast: Cast) -> list[Any]:
    return [cast.cleo.pk, session_of(cast.cleo)]


def factor(cast: Cast) -> list[Any]:
    return [cast.cleo.pk, app_of(cast.cleo)]


ROWS: list[Row] = [
    Row(name="users:end-session", target=session, data={}, ada=(302,)),
    Row(name="users:revoke-factor", target=factor, data={}, ada=(302,)),
    Row(name="users:edit-email", target=cleo, data={"email": "cleo.new@new.example"}, ada=(302,)),
    # One's own: nobody's key is in the address.
    Row(name="security:add-app", dana=200, bob=200),
    Row(name="security:add-passkey", dana=200, bob=200),
    Row(name="security:new-passkey-options", dana=200, bob=200),
    Row(name="security:passkey-options", dana=200, bob=200),
    Row(name="security:required", ada=(302,), dana=302, bob=302),
    Row(name="security:codes", ada=(404,), dana=404, bob=404),
    Row(name="security:codes-file", ada=(404,), dana=404, bob=404),
    Row(name="security:edit-email", dana=200, bob=200),
    Row(name="security:end-others", data={}, ada=(302,), dana=302, bob=302),
    Row(name="security:rotate-codes", data={}, ada=(409,), dana=409, bob=409),
    Row(name="security:cancel-email", data={}, ada=(409,), dana=409, bob=409),
    Row(name="account_reauthenticate", ada=(302,), dana=302, bob=302),
]
PUBLIC: dict[str, str] = {
    **{
        f"mfa_{name}": "the second half of a sign-in, tested in users/tests/test_second_factor"
        for name in ("authenticate", "passkey_options", "login_webauthn")
    },
    **{
        f"security:{name}": "a link from a mail, tested in users/tests/test_email_change"
        for name in ("email", "email-form")
    },
}
ELSEWHERE: dict[str, str] = {
    "security:end-session": "users/tests/test_sessions: a session of somebody else",
    "security:delete-factor": "users/tests/test_second_factor: a factor of somebody else",
}
