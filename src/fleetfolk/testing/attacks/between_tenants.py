"""Ways to reach what is of another tenant, of a branch beside one's own, or above it."""

from typing import Final

from fleetfolk.testing.attacks.attack import TABLE_OF_ACTIONS, TABLE_OF_URLS, Attack, Guard

_DEVICE_ATTACKS = "devices/tests/test_device_attacks.py::"
_SHARING = "devices/tests/test_sharing.py::"
_SCIM = "scim/tests/test_attacks.py::"
_SCIM_GUARDS = "scim/tests/test_guards.py::"
_PLATFORM = "api/tests/test_platform_attacks.py::"


BETWEEN_TENANTS: Final = (
    Attack(
        number=10,
        title="Say in a header whose data is meant, and name the target in the path",
        against=(
            "The tenant is that of whoever is signed in or of the key, and no part of a request says another. Every "
            "query of the gate begins with it."
        ),
        guards=(
            Guard(
                where="users/web/actors.py:actor_of",
                old="        address=address_of(request),\n        assisted_by",
                new=(
                    "        address=address_of(request),\n"
                    '        tenant_id=int(request.headers.get("X-Tenant-Id") or user.tenant_id),\n'
                    "        assisted_by"
                ),
                tests=("config/tests/test_attacks.py::test_no_header_says_whose_data_it_is",),
            ),
            Guard(
                where="access/gate.py:Gate.within_reach",
                old="        query = query.filter(tenant_id=actor.tenant_id)\n",
                new="",
                tests=("devices/tests/test_device_attacks.py::test_a_list_of_many_holds_what_each_alone_would_show",),
            ),
        ),
    ),
    Attack(
        number=11,
        title="Have one thing checked and another one changed",
        against="What the path names is locked, asked about and changed; other keys in the request mean nothing.",
        guards=(
            Guard(
                where="users/web/account.py:disable",
                old="[(DisableUser, person.pk, form.to_input())]",
                new='[(DisableUser, int(request.POST.get("id", person.pk)), form.to_input())]',
                tests=("config/tests/test_attacks.py::test_what_is_asked_about_is_what_is_changed",),
            ),
        ),
    ),
    Attack(
        number=12,
        title="List or change people of another organization as the Admin of one's own",
        against="A grant reaches its own place and what lies below it, never up or beside; lists ask the same places.",
        guards=(
            Guard(
                where="access/grants.py:Grant.reaches",
                old="        return path.startswith(self.path)\n",
                new="        return True\n",
                tests=(f"{TABLE_OF_ACTIONS}[user.edit]",),
            ),
            Guard(
                where="users/listing.py:reach_of",
                old="    paths = tuple(grant.path for grant in grants)\n",
                new='    paths = (f"{actor.tenant_id}.",)\n',
                tests=(f"{TABLE_OF_URLS}[users:list]",),
            ),
            Guard(
                where="api/platform/people.py:people_in",
                old="    return GATE.within_reach(people, actor=actor, permission=VIEW_USERS)\n",
                new="    return people\n",
                tests=(f"{_PLATFORM}test_who_is_elsewhere_gets_nothing_of_north",),
            ),
            Guard(
                where="api/platform/devices.py:seen",
                old="    return devices_in(actor).select_related(",
                new="    return Device.objects.select_related(",
                tests=(f"{_PLATFORM}test_who_is_elsewhere_gets_nothing_of_north",),
            ),
            Guard(
                where="api/platform/lists.py:place_of",
                old="        return organization_seen(actor_of(request), organization_id)\n",
                new="        return Organization.objects.get(pk=organization_id)\n",
                tests=(f"{_PLATFORM}test_who_is_elsewhere_gets_nothing_of_north",),
            ),
        ),
    ),
    Attack(
        number=13,
        title="Reach somebody else's part through a parent of one's own",
        against="A part is looked for among those of the parent that the path names and the gate has been asked about.",
        guards=(
            Guard(
                where="devices/sharing.py:require_share",
                old="filter(device=device, pk=share_id).first()\n    if share is None",
                new="filter(pk=share_id).first()\n    if share is None",
                tests=(
                    "devices/tests/test_sharing.py::test_a_share_of_another_device_is_not_reached_through_ones_own",
                ),
            ),
            Guard(
                where="webhooks/actions/cancel_delivery.py:delivery_of",
                old="Delivery.objects.filter(webhook=webhook, pk=delivery_id)",
                new="Delivery.objects.filter(pk=delivery_id)",
                tests=("webhooks/tests/test_guards.py::test_a_delivery_of_another_webhook_is_none",),
            ),
        ),
    ),
    Attack(
        number=14,
        title="Act on many at once, with keys of others among them",
        against="Acting on many asks the gate about every single one, and tells nobody apart who is not to be seen.",
        guards=(
            Guard(
                where="users/listing.py:users_with",
                old=(
                    "    seen = set(GATE.within_reach(shown, actor=actor, permission=VIEW_USERS)"
                    '.values_list("pk", flat=True))\n'
                ),
                new='    seen = set(shown.values_list("pk", flat=True))\n',
                tests=("users/tests/test_bulk.py::test_who_is_not_to_be_seen_is_never_told_apart",),
            ),
        ),
    ),
    Attack(
        number=15,
        title="Provision people of another tenant, take over a person by a number or an address that is theirs",
        against=(
            "A directory is its token's: people of other organizations do not exist for it, an id is never taken from "
            "it, what it calls people counts for itself alone, and an address that somebody signs in with stays."
        ),
        guards=(
            Guard(
                where="scim/storage.py:Storage.people",
                old=(
                    "home = User.objects.filter(tenant_id=self.client.tenant_id,"
                    " organization=self.client.organization_id)"
                ),
                new="home = User.objects.filter(tenant_id=self.client.tenant_id)",
                tests=(f"{_SCIM}test_people_of_other_organizations_do_not_exist",),
            ),
            Guard(
                where="scim/actions/assign_identity.py:AssignIdentity.check",
                old="if (renamed or data.email != target.email) and not client.changes_addresses:",
                new="if False:",
                tests=(f"{_SCIM}test_an_address_is_not_rewritten",),
            ),
            Guard(
                where="scim/actions/create_group.py:role_called",
                old="    return client.roles.filter(name__iexact=name)",
                new="    return Role.objects.filter(tenant=client.tenant_id, name__iexact=name)",
                tests=(f"{_SCIM}test_a_group_gives_no_role_that_the_directory_may_not_give",),
            ),
            Guard(
                where="scim/bearer.py:_client",
                old=", organization__archived_at=None)",
                new=")",
                tests=(f"{_SCIM}test_an_archived_organization_lets_nobody_in",),
            ),
            Guard(
                where="scim/storage.py:Directory.groups",
                old="Group.objects.filter(tenant_id=self.client.tenant_id, client=self.client)",
                new="Group.objects.filter(tenant_id=self.client.tenant_id)",
                tests=(f"{_SCIM}test_a_directory_forgets_nothing_of_another_one",),
            ),
            Guard(
                where="scim/storage.py:Directory._change",
                old="            if wanted.active is False and is_active(person):\n",
                new="            if False:\n",
                tests=(f"{_SCIM}test_whoever_is_shut_out_is_out_at_once",),
            ),
            Guard(
                where="scim/rights.py:require_hands",
                old="    if actor.kind is not ActorKind.USER or actor.scopes is not None:\n",
                new="    if False:\n",
                tests=(f"{_SCIM_GUARDS}test_a_key_lets_no_directory_in_and_gives_its_groups_no_role",),
            ),
            Guard(
                where="scim/rights.py:require_directory",
                old=" or (client_id is not None and actor.id != str(client_id)):\n",
                new=":\n",
                tests=(f"{_SCIM_GUARDS}test_the_groups_of_a_directory_are_no_other_directorys",),
            ),
            Guard(
                where="scim/rights.py:require_giveable",
                old="    if missing:\n",
                new="    if False:\n",
                tests=(f"{_SCIM}test_nobody_gives_a_directory_more_than_they_hold",),
            ),
            Guard(
                where="scim/actions/assign_group.py:AssignGroup.check",
                old="        if not target.client.roles.filter(pk=role.pk).exists():\n",
                new="        if False:\n",
                tests=(f"{_SCIM_GUARDS}test_a_role_that_a_directory_may_not_give_is_not_given_to_its_groups",),
            ),
            Guard(
                where="scim/actions/edit_group.py:EditGroup.check",
                old="        if here.count() != len(set(data.come)):\n",
                new="        if False:\n",
                tests=(f"{_SCIM_GUARDS}test_nobody_of_another_organization_comes_into_a_group",),
            ),
            Guard(
                where="scim/actions/assign_address.py:AssignAddress.check",
                old=" or target.activated_at is not None:\n",
                new=":\n",
                tests=(
                    f"{_SCIM_GUARDS}test_the_address_of_an_account_is_not_taken_over_by_a_directory_that_may_rewrite",
                ),
            ),
            Guard(
                where="scim/filters.py:PeopleFilter._groups",
                old=", group__client=self.client)\n        return",
                new=")\n        return",
                tests=(f"{_SCIM_GUARDS}test_a_filter_does_not_tell_who_is_in_the_group_of_another_directory",),
            ),
            Guard(
                where="scim/bearer.py:directory_of",
                old="    left = spend(client.organization_id)\n",
                new="    left: dict[str, str] = {}\n",
                tests=(f"{_SCIM}test_requests_are_counted",),
            ),
        ),
    ),
    Attack(
        number=16,
        title="Reach everything with the key of a program of one organization",
        against="A program holds what it was given at its own organization and below.",
        guards=(
            Guard(
                where="access/grants.py:_HELD_BY_PROGRAM",
                old="SELECT home.path, program.permissions",
                new="SELECT home.tenant_id || '.', program.permissions",
                tests=("api/tests/test_programs.py::test_a_program_reaches_its_organization_and_below_alone",),
            ),
        ),
    ),
    Attack(
        number=17,
        title="Delete something, make it anew, and find what the old one had",
        against=(
            "Numbers are never given out twice. What is remembered of somebody who is gone names the moment at which "
            "they came, too; a device that changes hands leaves behind with whom it was shared."
        ),
        guards=(
            Guard(
                where="devices/actions/changing_hands.py:give",
                old="    ended = 0 if stays else Share.objects.filter(device=device).delete()[0]\n",
                new="    ended = 0\n",
                tests=(f"{_SHARING}test_a_new_owner_does_not_inherit_those_with_whom_the_old_one_shared",),
            ),
            Guard(
                where="users/suppression.py:subject_keys",
                old='f"{tenant_id}:{user_id}:{created_at.astimezone(dt.UTC).isoformat()}"',
                new='f"{tenant_id}:{user_id}"',
                tests=("users/tests/test_erase.py::test_somebody_else_who_got_the_number_of_an_erased_person_stays",),
            ),
        ),
    ),
    Attack(
        number=18,
        title="Count up the numbers of devices and take them, or write another owner into them",
        against=(
            "A device out of reach does not exist. What claims it is a random code of the same tenant, good once, and "
            "refused in the same words whatever is wrong with it."
        ),
        guards=(
            Guard(
                where="devices/actions/claim_device.py:ClaimDevice.apply",
                old=".filter(tenant_id=actor.tenant_id, code_hash=data.code_hash, claimed_at__isnull=True)",
                new=".filter(code_hash=data.code_hash, claimed_at__isnull=True)",
                tests=("devices/tests/test_claiming.py::test_used_unknown_and_foreign_codes_are_answered_alike",),
            ),
            Guard(
                where="access/grants.py:Grant.reaches",
                old="        return path.startswith(self.path)\n",
                new="        return True\n",
                tests=(
                    "devices/tests/test_device_attacks.py::test_who_counts_keys_up_finds_nothing_and_takes_nothing",
                ),
            ),
        ),
    ),
    Attack(
        number=19,
        title="See what is hidden in a list beside it: shares, sessions, memberships, explanations",
        against="What stands beside a thing is asked about by itself: who may see the device need not see its people.",
        guards=(
            Guard(
                where="devices/sharing.py:shares_of",
                old='            name=str(share.user) if share.user_id in seen else "",\n',
                new="            name=str(share.user),\n",
                tests=(f"{_DEVICE_ATTACKS}test_whoever_sees_a_device_does_not_see_who_is_behind_its_shares",),
            ),
            Guard(
                where="users/web/security.py:security",
                old='"sessions": [_shown(row, request, own=own) for row in rows[:SHOWN]] if ends else [],',
                new='"sessions": [_shown(row, request, own=own) for row in rows[:SHOWN]],',
                tests=(
                    "users/tests/test_sessions.py::TestWhoSees::test_who_may_not_end_sessions_does_not_see_from_where",
                ),
            ),
            Guard(
                where="users/queries.py:user_detail",
                old="    if person is None or not GATE.decide(actor, VIEW_USERS, person, grants=grants).allowed:\n",
                new="    if person is None:\n",
                tests=("users/tests/test_why_page.py::test_only_who_sees_both_is_told",),
            ),
        ),
    ),
)
