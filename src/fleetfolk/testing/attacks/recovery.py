"""Ways to get an account by its recovery, and to learn who has one."""

from typing import Final

from fleetfolk.testing.attacks.attack import Attack, Guard

_SIGN_IN = "users/tests/test_sign_in.py::"

_LINKS = "users/tests/test_password_links.py::"
_FACTOR = "users/tests/test_second_factor.py::"
_OPENID = "users/tests/sso/test_openid_connect.py::"
_SAML = "users/tests/sso/test_saml.py::"

RECOVERY: Final = (
    Attack(
        number=35,
        title="Have the link of a mail lead to a server of one's own",
        against="Links are built from the one origin of the settings; nothing asks a request for its host.",
        guards=(
            Guard(
                where="users/web/joining.py:join",
                old=(
                    '    return HttpResponseRedirect(reverse("users:join-form"))\n\n\n'
                    "@login_not_required\n@private\n@sensitive"
                ),
                new=(
                    # In two, so that what looks for it does not find it here.
                    "    return HttpResponseRedirect(request.build_"
                    'absolute_uri(reverse("users:join-form")))\n\n\n'
                    "@login_not_required\n@private\n@sensitive"
                ),
                tests=("config/tests/test_links_ignore_host.py::test_nothing_asks_a_request_for_its_host",),
            ),
            Guard(
                where="config/settings.py:ALLOWED_HOSTS",
                old='ALLOWED_HOSTS = [_ORIGIN.hostname or "", ',
                new='ALLOWED_HOSTS = ["*", ',
                tests=("config/tests/test_hostile_requests.py::test_a_request_for_another_host_is_refused",),
            ),
        ),
    ),
    Attack(
        number=36,
        title="Skip a step: the link of a forgotten password, the second factor, by an empty form or another page",
        against="Each step is open to the session alone that took the one before; an empty form is a wrong one.",
        guards=(
            Guard(
                where="users/second_factors.py:step_of",
                old=(
                    "        if step > after and compare_user_code("
                    "actual=code, expected=format_hotp_value(hotp_value(secret, step))):\n"
                ),
                new="        if step > after:\n",
                tests=(f"{_FACTOR}TestTheStage::test_an_empty_or_wrong_form_does_not_skip_it",),
            ),
            Guard(
                where="users/secret.py:PasswordLinks._make_hash_value",
                old='        return f"{super()._make_hash_value(user, timestamp)}:{user.session_epoch}"\n',
                new="        return str(super()._make_hash_value(user, timestamp))\n",
                tests=(f"{_LINKS}test_a_link_is_void_once_somebody_took_the_account_in_hand",),
            ),
            Guard(
                where="users/actions/start_session.py:require_way",
                old="    required = required_provider(target)\n",
                new="    required = None\n",
                tests=(f"{_OPENID}test_where_everybody_must_a_password_opens_nothing_but_for_the_spare",),
            ),
            Guard(
                where="users/sso/oidc.py:returned",
                old=(
                    '        if state["process"] == "prove" and not int(words["auth_time"])'
                    ' >= state["data"]["since"] - APART:\n'
                ),
                new="        if False:\n",
                tests=(f"{_OPENID}test_the_provider_can_be_asked_once_more_who_it_is",),
            ),
        ),
    ),
    Attack(
        number=37,
        title="Have the mail of somebody's account sent to a second address, or to one that looks like theirs",
        against="One field, one address, compared letter by letter; the mail goes to the address that is stored.",
        guards=(
            Guard(
                where="users/tasks.py:send_forgotten_link",
                old=(
                    "filter(email=email, is_active=True).first()\n"
                    "    if user is not None and required_provider(user) is not None:\n"
                    '        _send_link(user, "password_by_provider",'
                    ' link=settings.FLEETFOLK_ORIGIN + reverse("sso-find"))\n'
                    "    elif user is not None:\n"
                    '        _send_link(user, "password_forgotten")\n'
                ),
                new=(
                    'filter(email=__import__("unicodedata").normalize("NFKC", email).casefold()).first()\n'
                    "    if user is not None:\n"
                    "        user.email = email\n"
                    '        _send_link(user, "password_forgotten")\n'
                ),
                tests=(f"{_LINKS}test_a_look_alike_never_gets_the_mail_of_another",),
            ),
        ),
    ),
    Attack(
        number=38,
        title="Learn who has an account from words, status, or the time that an answer takes",
        against=(
            "The same page and the same work for every address: a password is hashed where there is nobody, and whom "
            "mails are for is looked up by the worker."
        ),
        guards=(
            Guard(
                where="users/signin.py:EmailBackend.authenticate",
                old="            User().set_password(password)\n",
                new="",
                tests=(f"{_SIGN_IN}test_a_wrong_password_gets_the_same_answer_after_the_same_work_whoever_is_meant",),
            ),
        ),
    ),
    Attack(
        number=39,
        title="Be believed an address that another service did not prove",
        against=(
            "A provider speaks for verified addresses of domains that its organization has proved, and for accounts "
            "that are at home there; afterwards it is the subject that counts. What it signs is for us, answers what "
            "was asked in this browser, and is taken once."
        ),
        guards=(
            Guard(
                where="users/sso/oidc.py:_claim",
                old='        verified=verified is True or verified == "true",\n',
                new="        verified=True,\n",
                tests=(f"{_OPENID}test_an_address_that_is_not_verified_is_nobodys",),
            ),
            Guard(
                where="users/sso/oidc.py:_verified",
                old='    if not constant_time_compare(str(words.get("nonce", "")), nonce):\n',
                new="    if False:\n",
                tests=(f"{_OPENID}test_a_token_that_is_not_for_us_shows_nothing",),
            ),
            Guard(
                where="users/sso/oidc.py:_verified",
                old=(
                    '    if words.get("azp", adapter.sso.client_id) != adapter.sso.client_id'
                    ' or (len(audience) > 1 and "azp" not in words):\n'
                ),
                new="    if False:\n",
                tests=(f"{_OPENID}test_a_token_that_is_not_for_us_shows_nothing",),
            ),
            Guard(
                where="users/sso/oidc.py:returned",
                old='    if request.GET.get("iss", sso.issuer) != sso.issuer:\n',
                new="    if False:\n",
                tests=(f"{_OPENID}test_an_answer_of_one_provider_is_none_of_another",),
            ),
            Guard(
                where="users/sso/oidc.py:returned",
                old='            if more["sub"] != words["sub"]:\n',
                new="            if False:\n",
                tests=(f"{_OPENID}test_details_of_somebody_else_are_not_believed",),
            ),
            Guard(
                where="users/sso/lookup.py:provider_for",
                old=".filter(domain=domain_of(email), proved_at__isnull=False, sso__is_on=True)\n",
                new=".filter(domain=domain_of(email), sso__is_on=True)\n",
                tests=(f"{_OPENID}test_a_domain_that_is_not_proved_binds_nobody",),
            ),
            Guard(
                where="users/sso/lookup.py:serves",
                old=(
                    "    return SsoDomain.objects.filter(sso=sso, domain=domain_of(email),"
                    " proved_at__isnull=False).exists()\n"
                ),
                new="    return True\n",
                tests=(
                    f"{_OPENID}test_an_address_of_another_domain_is_refused",
                    f"{_OPENID}test_a_domain_that_is_not_proved_serves_nobody",
                ),
            ),
            Guard(
                where="users/sso/lookup.py:is_home",
                old="    return same and organization.path.startswith(sso.organization.path)\n",
                new="    return same\n",
                tests=(f"{_OPENID}test_whoever_has_left_the_organization_is_known_no_more",),
            ),
            Guard(
                where="users/sso/saml.py:returned",
                old="        _require_ours(response, sso, question)\n",
                new="",
                tests=(f"{_SAML}test_an_assertion_that_answers_nothing_is_refused",),
            ),
        ),
    ),
    Attack(
        number=40,
        title="Sign with a key that everybody knows",
        against="Production does not start with the key of the demo, with a short one, or with a former one like it.",
        guards=(
            Guard(
                where="config/settings.py:SECRET_KEY",
                old="    if SECRET_KEY == environment.DEMO_SECRET or len(SECRET_KEY) < 50:\n",
                new="    if False:\n",
                tests=(
                    "config/tests/test_production_refuses.py::test_production_refuses_to_start_and_says_which_setting_is_wrong",
                ),
            ),
        ),
    ),
    Attack(
        number=41,
        title="Sign up where that is only hidden; lock somebody out by guessing wrong",
        against=(
            "The Action asks what the organization says at each step. Guesses of strangers are counted apart from "
            "those in a browser that the account knows."
        ),
        guards=(
            Guard(
                where="users/actions/sign_up_terms.py:require_terms",
                old="    if terms.mode is SignUpMode.OFF or organization.archived_at is not None:\n",
                new="    if False:\n",
                tests=("users/tests/test_sign_up.py::test_neither_archive_nor_plan_leave_a_door_open",),
            ),
            Guard(
                where="users/signin.py:_is_known_browser",
                old="    return held is not None and hmac.compare_digest(held, _account_key(email))\n",
                new="    return False\n",
                tests=(
                    "users/tests/test_sign_in.py::test_strangers_guesses_at_an_account_end_but_do_not_lock_its_owner_out",
                ),
            ),
        ),
    ),
)
