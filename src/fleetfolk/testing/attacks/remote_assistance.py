"""Ways to misuse that one person may act for another."""

from typing import Final

from fleetfolk.testing.attacks.attack import TABLE_OF_ACTIONS, Attack, Guard

_INSIDE = "assistance/tests/test_session_inside.py::"

REMOTE_ASSISTANCE: Final = (
    Attack(
        number=27,
        title="Assist somebody stronger, or by a second step that asks nothing",
        against="Customers alone are assisted, by who holds all that they hold; one answer is asked at every step.",
        guards=(
            Guard(
                where="assistance/rules.py:objection",
                old="    if STAFF & held_at_home(customer):\n",
                new="    if False:\n",
                tests=("assistance/tests/test_starting.py::test_rule_07_nobody_equal_higher_or_of_support",),
            ),
            Guard(
                where="assistance/web/admission.py:_cause_to_end",
                old="    return row.over or cause_by_rules(row, agent, customer)\n",
                new="    return row.over\n",
                tests=(f"{_INSIDE}test_rule_02_and_07_what_forbids_it_ends_it_at_the_next_request_of_an_open_page",),
            ),
        ),
    ),
    Attack(
        number=28,
        title="Leave an assistance into the assistant's own rights, or go on after its end",
        against=(
            "The assistant keeps a session of their own; the cookie counts in that browser alone, below one address, "
            "and for nothing once it has ended."
        ),
        guards=(
            Guard(
                where="assistance/web/admission.py:_is_same_browser",
                old="    return hmac.compare_digest(browser_of(request), row.browser_hash)\n",
                new="    return True\n",
                tests=(f"{_INSIDE}test_rule_09_another_browser_with_the_cookie_stays_out_and_ends_it",),
            ),
            Guard(
                where="assistance/web/admission.py:admit",
                old="    if not hmac.compare_digest(secret_hash(secret_in(request)), row.secret_hash):\n",
                new="    if False:\n",
                tests=(f"{_INSIDE}test_rule_09_without_the_cookie_nobody_comes_in_and_nobody_can_end_it",),
            ),
        ),
    ),
    Attack(
        number=29,
        title="Assist oneself or somebody who is out, assist from inside, or change what makes an account somebody's",
        against=(
            "An Action is closed to assistants unless it says otherwise, and none that is about password, address or "
            "factors does. Whoever cannot sign in is not assisted."
        ),
        guards=(
            Guard(
                where="access/gate.py:Gate.require",
                old='            raise Denied("assist_view_only" if action.assistable else "assist_never")\n',
                new="            pass\n",
                tests=(f"{TABLE_OF_ACTIONS}[user.password.edit]",),
            ),
            Guard(
                where="assistance/rules.py:objection",
                old="    if agent.user_id == customer.pk:\n",
                new="    if False:\n",
                tests=("assistance/tests/test_starting.py::test_rule_07_not_oneself",),
            ),
            Guard(
                where="assistance/rules.py:objection",
                old="    if customer.state != State.ACTIVE:\n",
                new="    if False:\n",
                tests=("assistance/tests/test_starting.py::test_rule_07_nobody_who_cannot_sign_in",),
            ),
        ),
    ),
    Attack(
        number=30,
        title="Act in somebody's name so that the log shows only them",
        against="An entry says who did it and for whom; each page that was looked at is noted under both names.",
        guards=(
            Guard(
                where="actionlog/writer.py:_entry",
                old="        actor_label=(actor.label if by is None else by.agent_label)[:140],\n",
                new="        actor_label=actor.label[:140],\n",
                tests=("assistance/tests/test_seen_and_written.py::test_rule_12_an_entry_says_both_names",),
            ),
        ),
    ),
)
