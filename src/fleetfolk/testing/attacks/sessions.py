"""Ways to go on after one was switched off, and to be somebody by a forged or a used piece of proof."""

from typing import Final

from fleetfolk.testing.attacks.attack import TABLE_OF_ACTIONS, Attack, Guard

_DISABLED_AT_ONCE = "users/tests/test_disabled_at_once.py::"

SESSIONS: Final = (
    Attack(
        number=31,
        title="Get in by another way though one is disabled",
        against="Who is signed in, what they hold and whose key it is is read anew by every request, while active.",
        guards=(
            Guard(
                where="users/signed_in.py:_statement",
                old='        " WHERE person.id = %s AND person.is_active"\n',
                new='        " WHERE person.id = %s"\n',
                tests=(
                    "users/tests/test_sign_in.py::test_a_session_that_outlived_a_disabling_is_refused_all_the_same",
                ),
            ),
            Guard(
                where="access/grants.py:_HELD_ANYWHERE",
                old="    WHERE id = %s AND tenant_id = %s AND is_active\n",
                new="    WHERE id = %s AND tenant_id = %s\n",
                tests=(
                    f"{_DISABLED_AT_ONCE}test_nothing_is_held_by_who_is_disabled_also_for_work_already_under_way",
                    f"{TABLE_OF_ACTIONS}[user.edit]",
                ),
            ),
        ),
    ),
    Attack(
        number=32,
        title="Go on with a key, a role or an organization that was taken away",
        against="Nothing is kept between two requests: what is revoked, over or put away opens nothing any more.",
        guards=(
            Guard(
                where="api/bearer.py:_of_person",
                old="    if person is None or person.session_epoch != epoch:\n",
                new="    if person is None:\n",
                tests=("api/tests/test_keys.py::test_what_ends_a_key_ends_it_at_the_next_request",),
            ),
        ),
    ),
    Attack(
        number=33,
        title="Use once what is good once, twice: again later, after a restart, or at the same moment",
        against="What is used up is used up in the database, with the row locked; nothing of it is in memory.",
        guards=(
            Guard(
                where="api/issuing.py:SPEND",
                old=" AND token.refreshed_at IS NULL",
                new="",
                tests=("api/tests/test_programs.py::test_a_refresh_token_is_good_once_and_for_its_own_program",),
            ),
            Guard(
                where="users/actions/edit_password.py:EditPassword.check",
                old="        if data.link and not PasswordLinks().check_token(target, data.link):\n",
                new="        if False:\n",
                tests=(
                    "users/tests/test_races.py::test_a_link_that_is_posted_twice_at_the_same_moment_sets_one_password",
                ),
            ),
            Guard(
                where="users/second_factors.py:step_of",
                old="        if step > after and compare_user_code(",
                new="        if compare_user_code(",
                tests=("users/tests/test_second_factor.py::TestCodes::test_a_code_works_once_also_in_another_browser",),
            ),
        ),
    ),
    Attack(
        number=34,
        title="Forge a cookie, or get the session of whoever sat at the browser before",
        against=(
            "A session is a random key to a row, signed with what the account was like; a sign-in makes a new one. The "
            "cookie of a known browser is signed and names its account."
        ),
        guards=(
            Guard(
                where="users/models.py:User._get_session_auth_hash",
                old='f"{self.password}:{self.session_epoch}"',
                new='f"{self.password}"',
                tests=("users/tests/test_sign_in.py::test_after_a_forced_log_out_no_browser_of_his_works",),
            ),
            Guard(
                where="users/signin.py:_is_known_browser",
                old="    return held is not None and hmac.compare_digest(held, _account_key(email))\n",
                new="    return held is not None\n",
                tests=("users/tests/test_sign_in.py::test_a_browser_known_to_one_account_is_a_stranger_to_another",),
            ),
        ),
    ),
)
