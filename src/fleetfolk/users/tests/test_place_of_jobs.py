"""Work that was begun in a place goes no further than the pages did in which it was begun."""

from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from fleetfolk.access.grants import grants_of
from fleetfolk.access.place import place_again
from fleetfolk.jobs.acting import actor_of_job
from fleetfolk.jobs.actions import CreateBulk, CreateBulkInput, StartBulk, StartBulkInput
from fleetfolk.jobs.bulk_run import run_bulk
from fleetfolk.jobs.models import Job
from fleetfolk.kernel.action import CATALOGUE
from fleetfolk.kernel.actor import Place
from fleetfolk.kernel.perform import perform
from fleetfolk.organizations.models import Organization
from fleetfolk.testing.cast import Cast, actor, fresh
from fleetfolk.testing.door import staging
from fleetfolk.testing.plugin import SignedIn
from fleetfolk.testing.samples import SAMPLES
from fleetfolk.testing.samples_guests import guest
from fleetfolk.users.actions.no_input import NoInput
from fleetfolk.users.actions.revoke_guest import RevokeGuest
from fleetfolk.users.models import User


def working_in(signed_in: SignedIn, person: User, place: Organization) -> Client:
    browser = signed_in(person)
    assert browser.post("/place/", {"organization": place.pk}).status_code == 302
    return browser


def disabled_by(browser: Client, *people: User) -> Job:
    """A job that disables the people was started on the page, and is waiting."""
    ids = ",".join(str(person.pk) for person in people)
    answer: Any = browser.post(reverse("bulk:choose", args=["users", "disable"]), {"ids": ids})
    assert answer.status_code == 302, answer.content
    job_id = int(answer["Location"].strip("/").split("/")[-1])
    assert browser.post(reverse("bulk:start", args=[job_id]), {"reason": ""}).status_code == 302
    return Job.objects.get(pk=job_id)


def run(job: Job) -> dict[str, int]:
    run_bulk(job.pk)
    counts: dict[str, int] = Job.objects.get(pk=job.pk).counts
    return counts


def test_a_guests_job_changes_the_people_of_the_place_alone(cast: Cast, signed_in: SignedIn) -> None:
    """Sam, an Admin of South, is an Admin in North as a guest, and there names somebody of South, too."""
    guest(cast, cast.sam, cast.north, "admin")
    job = disabled_by(working_in(signed_in, cast.sam, cast.north), cast.cleo, cast.sue)
    assert (job.organization_id, job.place_id) == (cast.north.pk, cast.north.pk)
    assert run(job) == {"changed": 1, "problem": 1}
    assert fresh(cast.cleo).disabled_at
    assert not fresh(cast.sue).disabled_at


def test_at_home_a_guest_changes_nobody_of_elsewhere(cast: Cast, signed_in: SignedIn) -> None:
    guest(cast, cast.sam, cast.north, "admin")
    job = disabled_by(signed_in(cast.sam), cast.cleo, cast.sue)
    assert run(job) == {"changed": 1, "problem": 1}
    assert not fresh(cast.cleo).disabled_at
    assert fresh(cast.sue).disabled_at


def test_whoever_switched_downwards_changes_nobody_beside(cast: Cast, signed_in: SignedIn) -> None:
    job = disabled_by(working_in(signed_in, cast.ada, cast.north), cast.cleo, cast.sue)
    assert run(job) == {"changed": 1, "problem": 1}
    assert not fresh(cast.sue).disabled_at


def test_a_guest_who_is_one_no_more_changes_nobody(cast: Cast, signed_in: SignedIn) -> None:
    membership = guest(cast, cast.sam, cast.north, "admin")
    job = disabled_by(working_in(signed_in, cast.sam, cast.north), cast.cleo, cast.sue)
    perform(RevokeGuest, actor=actor(cast.ada), target_id=membership.pk, data=NoInput())
    assert run(job) == {"problem": 2}


def test_the_job_is_seen_in_its_place_and_not_at_home(cast: Cast, signed_in: SignedIn) -> None:
    guest(cast, cast.sam, cast.north, "admin")
    browser = working_in(signed_in, cast.sam, cast.north)
    job = disabled_by(browser, cast.cleo)
    assert browser.get(f"/bulk/{job.pk}/").status_code == 200
    browser.post("/place/home/")
    assert browser.get(f"/bulk/{job.pk}/").status_code == 404


def test_who_starts_it_decides_in_which_place(cast: Cast) -> None:
    """A draft that was chosen at home and started elsewhere goes as far as where it was started."""
    north = Place(organization_id=cast.north.pk, path=cast.north.path, name="North", home=False)
    data = CreateBulkInput(of="users", act="disable", ids=[cast.cleo.pk, cast.sue.pk])
    draft: Any = perform(CreateBulk, actor=actor(cast.ada), target_id=cast.north.pk, data=data).target
    assert draft.place_id is None
    there = replace(actor(cast.ada), place=north)
    perform(StartBulk, actor=there, target_id=draft.pk, data=StartBulkInput(chosen={"reason": ""}))
    assert run(draft) == {"changed": 1, "problem": 1}


@pytest.mark.parametrize("gone", [True, False])
def test_in_a_place_that_is_gone_nobody_holds_anything(cast: Cast, gone: bool) -> None:
    key = 2**40 if gone else cast.evil.pk
    place = place_again(key, person_id=cast.ada.pk, tenant_id=cast.lumen.pk)
    assert not place.home
    assert grants_of(replace(actor(cast.ada), place=place)) == []


def test_who_moved_house_meanwhile_is_not_at_home_there_any_more(cast: Cast, signed_in: SignedIn) -> None:
    job = disabled_by(signed_in(cast.sam), cast.sue)
    assert actor_of_job(job).place == Place(
        organization_id=cast.south.pk, path=cast.south.path, name="South", home=True
    )
    with staging():
        User.objects.filter(pk=cast.sam.pk).update(organization=cast.north, path=cast.north.path)
    assert run(job) == {"problem": 1}


@pytest.mark.parametrize("code", ["user.import.start", "device.import.start", "device.tokens.start"])
def test_files_and_codes_are_worked_through_in_the_place_where_they_were_begun(cast: Cast, code: str) -> None:
    sample = SAMPLES[code](cast)
    north = Place(organization_id=cast.north.pk, path=cast.north.path, name="North", home=False)
    job: Any = perform(
        CATALOGUE[code],
        actor=replace(sample.permitted, place=north),
        target_id=sample.target_id,
        data=sample.data,
    ).target
    assert actor_of_job(Job.objects.get(pk=job.pk)).place == north
