"""What is held: by a key within its scopes, by who helps nobody, by programs; and how places of guests are said."""

import datetime as dt
from dataclasses import replace

from fleetfolk.access.grants import develops, grants_of, helping_grants
from fleetfolk.access.models_guests import Membership, MembershipState, Partnership
from fleetfolk.access.models_switches import RoleSwitches
from fleetfolk.kernel import clock
from fleetfolk.kernel.actor import Actor, ActorKind, Client, system_actor
from fleetfolk.testing.cast import Cast, actor

DAY = dt.timedelta(days=1)


def test_a_key_holds_of_its_holders_rights_those_it_was_made_for(cast: Cast) -> None:
    own = grants_of(actor(cast.ada))
    narrow = grants_of(replace(actor(cast.ada), scopes=frozenset({"users.view", "no.such"})))
    assert [grant.path for grant in narrow] == [grant.path for grant in own]
    assert {code for grant in narrow for code in grant.permissions} == {"users.view"}


def test_nobody_helps_by_being_there(cast: Cast) -> None:
    assert helping_grants(actor(cast.ada)) == []


def test_programs_develop_as_they_were_made_and_the_installation_does_not(cast: Cast) -> None:
    program = Actor(kind=ActorKind.API_CLIENT, id="1", label="Sync", tenant_id=cast.lumen.pk, client=Client.HTTPS_API)
    assert develops(program)
    assert not develops(system_actor("worker", tenant_id=cast.lumen.pk))
    assert develops(actor(cast.ada))


def test_a_guest_is_invited_in_or_over(cast: Cast) -> None:
    now = clock.now()
    assert Membership().state == MembershipState.INVITED
    assert Membership(accepted_at=now - DAY).state == MembershipState.IN
    assert Membership(accepted_at=now - DAY, ends_at=now + DAY).state == MembershipState.IN
    assert Membership(accepted_at=now - DAY, ends_at=now - DAY).state == MembershipState.OVER


def test_a_partner_is_in_from_its_first_to_its_last_moment() -> None:
    now = clock.now()
    for starts, ends, live, over in ((-1, None, True, False), (1, None, False, False), (-2, -1, False, True)):
        let = Partnership(starts_at=now + starts * DAY, ends_at=None if ends is None else now + ends * DAY)
        assert (let.is_live, let.is_over) == (live, over)


def test_switches_say_whose_they_are_and_where(cast: Cast) -> None:
    row = RoleSwitches(tenant=cast.lumen, organization=cast.north, role=cast.role("staff"))
    assert str(row) == "Staff @ North"
