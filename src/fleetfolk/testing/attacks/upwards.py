"""Ways to hold more than one was given."""

from typing import Final

from fleetfolk.testing.attacks.attack import Attack, Guard

_GUESTS = "users/tests/test_guests.py::"
_WEBHOOKS = "webhooks/tests/test_guards.py::"
_PROGRAMS = "api/tests/test_programs.py::"

UPWARDS: Final = (
    Attack(
        number=1,
        title="Take or hand out a bundle of rights that holds more than one's own",
        against=(
            "Whoever gives a role must hold all of it at the place where it is given. Every door asks the gate, one by "
            "one and for many at once, also for guests."
        ),
        guards=(
            Guard(
                where="access/gate.py:Gate.giveable_roles",
                old='            Q(HoldsOnly(HeldAt(F("pk"), Value(organization.path)), grant.permissions))\n',
                new="            Q(pk__isnull=False)\n",
                tests=(
                    "config/tests/test_attacks.py::test_staff_cannot_give_a_role_that_holds_more_than_theirs",
                    f"{_GUESTS}test_nobody_gives_a_guest_more_than_they_hold_nor_changes_a_stronger_one",
                ),
            ),
        ),
    ),
    Attack(
        number=2,
        title="Make a person who has a stronger role from the beginning",
        against="Inviting and importing ask the same question about the role as changing it does.",
        guards=(
            Guard(
                where="users/actions/invite_user.py:InviteUser.check",
                old="GATE.require_giveable(actor, INVITE_USERS, target, data.role_id)",
                new="Role.objects.get(pk=data.role_id)",
                tests=("config/tests/test_attacks.py::test_staff_cannot_invite_somebody_stronger",),
            ),
            Guard(
                where="users/import_plan.py:_may_give",
                old="any(self._held[key] <= grant.permissions for grant in self._able(permission, path))",
                new="True",
                tests=(
                    "users/tests/test_import_users.py::test_nobody_stronger_is_changed_and_no_stronger_role_is_given",
                ),
            ),
        ),
    ),
    Attack(
        number=3,
        title="Move somebody stronger, or an organization with somebody stronger, below oneself",
        against=(
            "An organization in which somebody may do more than the mover stays where it is; after every move the gate "
            "is asked again at the new place."
        ),
        guards=(
            Guard(
                where="tree/actions/transfer_organization.py:TransferOrganization.check",
                old="        require_no_stronger(actor, target, TRANSFER_ORGANIZATIONS)\n",
                new="",
                tests=(
                    "tree/tests/test_actions.py::test_whoever_is_weaker_than_somebody_in_it_moves_and_archives_nothing",
                ),
            ),
            Guard(
                where="kernel/perform.py:perform_together",
                old="                    if action.moves_target:\n",
                new="                    if False:\n",
                tests=("kernel/tests/test_moves.py::test_nobody_is_moved_out_of_the_movers_reach",),
            ),
        ),
    ),
    Attack(
        number=4,
        title="Gain a right by way of a third thing: a program, a receiver, an open door, a switch of a place",
        against=(
            "Programs, webhooks, sign-up and the switches of a place are given no more than whoever gives it holds "
            "there."
        ),
        guards=(
            Guard(
                where="api/actions/create_program.py:require_giveable_rights",
                old="    if missing:\n",
                new="    if False:\n",
                tests=(f"{_PROGRAMS}test_nobody_gives_a_program_more_than_they_hold_nor_a_secret_to_a_stronger_one",),
            ),
            Guard(
                where="webhooks/rules.py:require_giveable",
                old="    missing = missing_at(actor, organization, complete(permissions) or [])\n",
                new="    missing: list[str] = []\n",
                tests=("webhooks/tests/test_delivering.py::test_nobody_tells_a_program_more_than_they_see",),
            ),
            Guard(
                where="webhooks/web/delivery_pages.py:delivery",
                old="    missing = missing_at(request.actor, webhook.organization, webhook.permissions)\n",
                new="    missing: list[str] = []\n",
                tests=(f"{_WEBHOOKS}test_who_may_not_see_it_is_not_shown_what_is_told",),
            ),
            Guard(
                where="users/actions/edit_sign_up.py:EditSignUp.check",
                old="GATE.require_giveable(actor, INVITE_USERS, target, data.role_id or _plain(target))",
                new="Role.objects.get(pk=data.role_id or _plain(target))",
                tests=(
                    "users/tests/test_sign_up_rules.py::test_nobody_opens_a_door_wider_than_they_could_invite_through",
                ),
            ),
        ),
    ),
    Attack(
        number=5,
        title="Slip the role, the home or the owner into an ordinary change",
        against=(
            "Each Action has a typed input of its own fields. The REST interface refuses what it does not know, and "
            "the edit form gives roles through the Action for roles alone, which asks for the right to."
        ),
        guards=(
            Guard(
                where="api/fields.py:Given",
                old='    model_config = ConfigDict(extra="forbid")\n',
                new='    model_config = ConfigDict(extra="ignore")\n',
                tests=("api/tests/test_actions.py::test_fields_that_an_action_does_not_have_are_refused",),
            ),
            Guard(
                where="users/actions/assign_role.py:AssignRole.check",
                old="GATE.require_giveable(actor, EDIT_USERS, target.organization, data.role_id)",
                new="__import__('fleetfolk.access.models').access.models.Role.objects.get(pk=data.role_id)",
                tests=("config/tests/test_attacks.py::test_staff_cannot_give_a_role_that_holds_more_than_theirs",),
            ),
        ),
    ),
    Attack(
        number=6,
        title="Name somebody else as the owner of a key, a link or a way to sign in",
        against="A key, a factor and a wished address are looked for among those of their own person alone.",
        guards=(
            Guard(
                where="api/actions/cancel_token.py:token_of",
                old="PersonalToken.objects.filter(user=person, pk=token_id)",
                new="PersonalToken.objects.filter(pk=token_id)",
                tests=("api/tests/test_keys.py::test_the_actions_look_for_a_key_among_those_of_its_person_alone",),
            ),
        ),
    ),
    Attack(
        number=7,
        title="Reset the password or take the second factor of somebody stronger, and become them",
        against="What touches the account of somebody who may do more than oneself is denied, whichever door asks.",
        guards=(
            Guard(
                where="access/gate.py:_decide_here",
                old="        weaker = [grant for grant in able if strength <= grant.permissions]\n",
                new="        weaker = able\n",
                tests=(
                    "users/tests/test_account_dialogs.py::test_staff_cannot_touch_the_account_of_an_admin",
                    "users/tests/test_second_factor.py::TestOwnFactors::test_nobody_removes_the_factor_of_who_holds_more",
                    "users/tests/test_email_change.py::TestWhoMay::test_staff_cannot_take_over_somebody_stronger",
                    "users/tests/test_sessions.py::TestEnding::test_the_session_of_who_holds_more_is_not_ended",
                ),
            ),
        ),
    ),
    Attack(
        number=8,
        title="Edit a role, also one's own, until it holds everything",
        against=(
            "Only whoever holds all that is on a role, and all that will be, changes it; and only at the top, for a "
            "role is the whole tenant's."
        ),
        guards=(
            Guard(
                where="access/roles.py:require_over",
                old="    if not any(wanted <= grant.permissions for grant in held):\n",
                new="    if False:\n",
                tests=("access/tests/test_roles.py::test_nobody_switches_on_what_they_do_not_hold",),
            ),
            Guard(
                where="access/roles.py:grants_over_roles",
                old="if grant.path == top and permission.code in grant.permissions]",
                new="if permission.code in grant.permissions]",
                tests=("access/tests/test_roles.py::test_an_admin_below_the_top_changes_no_role_of_the_whole_tenant",),
            ),
        ),
    ),
    Attack(
        number=9,
        title="Let a key or a program do what its holder may not, or may not any more",
        against=(
            "A key does what its holder may do at that moment, within the rights it was made with; it touches nobody's "
            "own account and makes no further keys."
        ),
        guards=(
            Guard(
                where="access/grants.py:grants_of",
                old="permissions=grant.permissions & actor.scopes)",
                new="permissions=grant.permissions | actor.scopes)",
                tests=("api/tests/test_keys.py::test_a_key_goes_no_further_than_its_holder",),
            ),
            Guard(
                where="api/scopes.py:require_hands",
                old="    if actor.scopes is not None or actor.kind is ActorKind.API_CLIENT:\n",
                new="    if False:\n",
                tests=("api/tests/test_actions.py::test_a_key_makes_no_keys_at_any_door",),
            ),
        ),
    ),
)
