"""What is refused of plans, places, fields and branding, case by case; and what changes nothing."""

import io
from dataclasses import replace

import pytest
from PIL import Image

from fleetfolk.kernel import clock
from fleetfolk.kernel.action import CATALOGUE
from fleetfolk.kernel.perform import perform
from fleetfolk.organizations import limits
from fleetfolk.organizations.actions import EditBrand, EditBrandInput
from fleetfolk.organizations.actions.create_plan import PlanInput
from fleetfolk.organizations.models import Brand, BrandPicture, Organization, Plan
from fleetfolk.testing.cast import Cast, actor
from fleetfolk.testing.door import staging
from fleetfolk.testing.refusals import Change, given, once, refuses
from fleetfolk.testing.samples import OPERATORS, SAMPLES
from fleetfolk.testing.sampling import Sample


def _at_a_tenant(cast: Cast, _code: str, sample: Sample) -> Sample:
    return replace(sample, target_id=cast.lumen.pk)


def _below_the_installation(_cast: Cast, _code: str, sample: Sample) -> Sample:
    with staging():
        branch = Organization.objects.create(tenant_id=1, parent_id=1, name="Branch", kind="branch")
    return replace(sample, target_id=branch.pk)


CASES: list[tuple[str, Change, str]] = [
    ("plan.create", _at_a_tenant, "not_found"),
    ("plan.create", _below_the_installation, "not_the_installation"),
    ("plan.create", given(name=" Huge "), "plan_unfit"),
    ("plan.create", given(limits={"nonsense": 1}), "plan_unfit"),
    ("plan.create", given(contact="a\nb"), "plan_unfit"),
    ("tenant.plan.assign", given(plan_id=2**40), "plan_gone"),
    ("location.create", given(name=""), "location_name_missing"),
    ("field.edit", once(retired_at=clock.now()), "field_archived"),
    ("organization.brand.edit", given(sender_email="ada@bücher.example"), "brand_contact"),
]


@pytest.mark.parametrize(("code", "change", "reason"), CASES)
def test_it_is_refused(cast: Cast, code: str, change: Change, reason: str) -> None:
    refuses(cast, code, change, reason)


@pytest.mark.parametrize("code", ["location.edit", "tag.edit"])
def test_the_same_again_changes_nothing(cast: Cast, code: str) -> None:
    sample = SAMPLES[code](cast)
    act = {"actor": sample.permitted, "target_id": sample.target_id, "data": sample.data}
    assert perform(CATALOGUE[code], **act).changes
    assert not perform(CATALOGUE[code], **act).changes


def test_a_number_that_a_plan_has_from_now_on_begins_to_be_counted(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[int] = []
    monkeypatch.setattr(limits, "_GIVEN", [begun.append])
    sample = OPERATORS["plan.edit"](cast)
    with staging():
        Plan.objects.filter(pk=sample.target_id).update(limits={})
        Organization.objects.filter(pk=cast.lumen.pk).update(plan_id=sample.target_id)
    data = PlanInput(name="Gratis", limits={"users": 100})
    perform(CATALOGUE["plan.edit"], actor=sample.permitted, target_id=sample.target_id, data=data)
    assert begun == [cast.lumen.pk]


def test_a_logo_stays_where_something_else_changes(cast: Cast) -> None:
    file = io.BytesIO()
    Image.new("RGB", (64, 32), "#0f766e").save(file, "PNG")
    data = EditBrandInput(name="Lumen", logo=file.getvalue())
    perform(EditBrand, actor=actor(cast.ada), target_id=cast.lumen.pk, data=data)
    pictures = set(BrandPicture.objects.values_list("pk", flat=True))
    assert pictures
    perform(EditBrand, actor=actor(cast.ada), target_id=cast.lumen.pk, data=replace(data, logo=None, name="Lumen Home"))
    assert set(BrandPicture.objects.values_list("pk", flat=True)) == pictures
    assert Brand.objects.get(organization=cast.lumen).name == "Lumen Home"
