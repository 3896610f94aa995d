"""Ways to misuse an invitation, and the links of mails altogether."""

from typing import Final

from fleetfolk.testing.attacks.attack import TABLE_OF_URLS, Attack, Guard

_INVITATIONS_BY_ANOTHER_WAY = "users/tests/test_invitations_by_another_way.py::"

_JOINING = "users/tests/test_accept_invitation.py::"

INVITATIONS: Final = (
    Attack(
        number=20,
        title="Change what a link says: its organization, its address, its person",
        against="A link says nothing but 256 random bits; whom it is about stands in the database beside their hash.",
        guards=(
            Guard(
                where="users/actions/read_invitation.py:invitation_for",
                old="filter(user=target, secret_hash=secret_hash)",
                new="filter(user=target)",
                tests=(
                    f"{_JOINING}test_a_secret_opens_only_its_own_persons_account",
                    f"{_JOINING}test_without_its_own_secret_an_invitation_is_not_opened",
                ),
            ),
            Guard(
                where="users/actions/accept_email.py:AcceptEmail.check",
                old="        if not constant_time_compare(wish.secret_hash, data.secret_hash):\n",
                new="        if False:\n",
                tests=(
                    "users/tests/test_email_change.py::TestLinks::test_a_wish_is_confirmed_by_its_own_secret_alone",
                ),
            ),
        ),
    ),
    Attack(
        number=21,
        title="Use an invitation for another address, role or organization than it was made for",
        against="An invitation is bound to address, role and organization; once one of them is another, it is over.",
        guards=(
            Guard(
                where="users/models.py:Invitation.is_bound_to",
                old="        return (self.email, self.organization_id_bound, self.role_id_bound) == (\n",
                new="        return True or (self.email, self.organization_id_bound, self.role_id_bound) == (\n",
                tests=(f"{_JOINING}test_the_action_itself_accepts_no_invitation_that_is_over",),
            ),
        ),
    ),
    Attack(
        number=22,
        title="Use a link twice, or at another door than its own",
        against=(
            "Every kind of link is looked for among its own kind, belongs to one person and is used up by what it does."
        ),
        guards=(
            Guard(
                where="users/web/email_change.py:email",
                old="    if EmailChange.by_secret_hash(presented) is None:\n",
                new="    if False:\n",
                tests=("config/tests/test_links_of_other_doors.py::test_a_link_opens_no_door_but_its_own",),
            ),
            Guard(
                where="users/actions/accept_invitation.py:AcceptInvitation.apply",
                old='        target.invitation.secret_hash = ""\n',
                new="",
                tests=(f"{_JOINING}test_a_link_works_once",),
            ),
            Guard(
                where="users/actions/restore_account.py:RestoreAccount.check",
                old="Deletion.objects.filter(user=target, secret_hash=data.secret_hash)",
                new="Deletion.objects.filter(secret_hash=data.secret_hash)",
                tests=("users/tests/test_delete_account.py::test_the_link_of_one_person_is_nothing_to_another",),
            ),
        ),
    ),
    Attack(
        number=23,
        title="Use a link some minutes after its end, or one of an organization that is put away",
        against="The end is compared with the clock to the moment, each time a link is shown and each time it is used.",
        guards=(
            Guard(
                where="users/models.py:Invitation.state",
                old="        if clock.now() >= self.expires_at:\n",
                new="        if clock.now() >= self.expires_at + dt.timedelta(minutes=5):\n",
                tests=(
                    f"{_JOINING}test_a_link_that_is_over_says_so_and_makes_no_account",
                    f"{_JOINING}test_the_action_itself_accepts_no_invitation_that_is_over",
                ),
            ),
            Guard(
                where="users/models.py:EmailChange.is_open",
                old="clock.now() < self.expires_at and self.session_epoch",
                new="clock.now() < self.expires_at + dt.timedelta(minutes=5) and self.session_epoch",
                tests=("users/tests/test_email_change.py::TestLinks::test_it_is_over_after_three_days_to_the_second",),
            ),
        ),
    ),
    Attack(
        number=24,
        title="Invite into more than one holds, or where one may not invite",
        against="Sending, correcting and importing invitations asks for as much as inviting anew.",
        guards=(
            Guard(
                where="users/actions/send_invitation.py:require_invitable",
                old="    GATE.require_giveable(actor, INVITE_USERS, target.organization, target.role_id)\n",
                new="",
                tests=("users/tests/test_invite_user.py::test_staff_cannot_take_over_the_invitation_of_an_admin",),
            ),
            Guard(
                where="users/import_plan.py:_require_change",
                old="if planned.invite and not self._may_give(INVITE_USERS, present.path, role or present.role):",
                new="if False:",
                tests=(
                    f"{_INVITATIONS_BY_ANOTHER_WAY}test_an_import_invites_nobody_anew_to_a_role_that_its_importer_could_not_give",
                ),
            ),
        ),
    ),
    Attack(
        number=25,
        title="Read the secret link of somebody whom one has invited, and finish in their place",
        against="The mail job makes the secret when it writes the mail; what is kept is its hash.",
        guards=(
            Guard(
                where="users/secret.py:secret_hash",
                old="    return hashlib.sha256(secret.encode()).hexdigest()\n",
                new="    return secret\n",
                tests=(f"{_JOINING}test_neither_inviter_nor_database_nor_log_ever_holds_the_secret",),
            ),
        ),
    ),
    Attack(
        number=26,
        title="Let the page of another site send an Admin's invitation",
        against="Every form carries a token of this browser, and comes from our own pages.",
        guards=(
            Guard(
                where="config/settings.py:MIDDLEWARE",
                old='    "django.middleware.csrf.CsrfViewMiddleware",\n',
                new="",
                tests=(
                    "users/tests/test_invite_user.py::test_another_site_cannot_make_an_admin_invite_somebody",
                    f"{TABLE_OF_URLS}[users:disable]",
                ),
            ),
        ),
    ),
)
