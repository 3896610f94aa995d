"""What Actions refuse, from the samples that they take: one thing about a sample is changed, and nothing happens."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from fleetfolk.api.scopes import scopes_there_are
from fleetfolk.kernel.action import CATALOGUE
from fleetfolk.kernel.actor import Actor, ActorKind, Client, Proof
from fleetfolk.kernel.errors import ActionError
from fleetfolk.kernel.perform import perform
from fleetfolk.testing.cast import Cast, actor
from fleetfolk.testing.door import staging
from fleetfolk.testing.samples import OPERATORS, SAMPLES
from fleetfolk.testing.samples_api import program_of
from fleetfolk.testing.sampling import Sample

type Change = Callable[[Cast, str, Sample], Sample]
"""Makes of a good sample of an Action, by its code, one that is refused."""


def given(**values: Any) -> Change:
    """Other input. What can be called makes the value of the cast."""

    def change(cast: Cast, _code: str, sample: Sample) -> Sample:
        made = {name: value(cast) if callable(value) else value for name, value in values.items()}
        return replace(sample, data=replace(sample.data, **made))

    return change


def once(**columns: Any) -> Change:
    """The target's row is another meanwhile."""

    def change(_cast: Cast, code: str, sample: Sample) -> Sample:
        with staging():
            CATALOGUE[code].model()._default_manager.filter(pk=sample.target_id).update(**columns)
        return sample

    return change


def after(prepare: Callable[[Cast, Sample], object]) -> Change:
    """Something else has happened."""

    def change(cast: Cast, _code: str, sample: Sample) -> Sample:
        with staging():
            prepare(cast, sample)
        return sample

    return change


def by(name: str) -> Change:
    """Somebody else of the cast does it."""
    return lambda cast, _code, sample: replace(sample, permitted=actor(getattr(cast, name)))


def by_a_program(cast: Cast, _code: str, sample: Sample) -> Sample:
    """A program does it that may all of an Admin's that programs can."""
    rights = {one.code for one in scopes_there_are()} & set(cast.role("admin").permissions)
    program = program_of(cast.lumen, by=cast.ada, rights=sorted(rights))
    acting = Actor(
        kind=ActorKind.API_CLIENT,
        id=str(program.pk),
        label=program.name,
        tenant_id=program.tenant_id,
        client=Client.HTTPS_API,
        proof=Proof.GIVEN,
    )
    return replace(sample, permitted=acting)


def refuses(cast: Cast, code: str, change: Change, reason: str) -> None:
    """The sample is taken, and the changed one is refused for this reason."""
    sample = change(cast, code, {**SAMPLES, **OPERATORS}[code](cast))
    with pytest.raises(ActionError) as refusal:
        perform(CATALOGUE[code], actor=sample.permitted, target_id=sample.target_id, data=sample.data)
    assert refusal.value.reason == reason
