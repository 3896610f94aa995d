"""The pages of tags and segments, for the check of access and for pictures."""

from playwright.sync_api import expect

from e2e.people import House
from e2e.scenes import Stage, scene
from fleetfolk.kernel.perform import perform
from fleetfolk.segments.actions.assign_segment import AssignSegment, SegmentInput
from fleetfolk.segments.actions.create_segment import CreateSegment, CreateSegmentInput
from fleetfolk.segments.models import Segment
from fleetfolk.testing.cast import actor

RULES = {
    "all": [
        {"field": "name", "op": "contains", "value": "b"},
        {"field": "status", "op": "none_of", "value": ["disabled", "deletion"]},
        {
            "any": [
                {"field": "last_sign_in", "op": "last", "value": 90},
                {"field": "sign_ins", "op": "at_most", "value": 3, "about": {"days": 30}},
                {"field": "messages_read", "op": "equals", "value": 0, "about": {"days": 30}},
                {"field": "devices", "op": "between", "value": [1, 5]},
            ]
        },
        {"not": {"field": "created", "op": "before", "value": "2020-01-31"}},
    ]
}


def _segment(house: House, name: str, *, rules: object = None) -> Segment:
    data = CreateSegmentInput(name=name, rules=rules)
    perform(CreateSegment, actor=actor(house.ada), target_id=house.root.pk, data=data)
    return Segment.objects.get(tenant=house.root, name=name)


def _world(house: House) -> tuple[Segment, Segment]:
    """One by rules, and one by hand with Bob in it."""
    bob = house.person("Bob Berg")
    for name in ("Bartholomäus Schönfelder-Grünwald", "佐藤 美咲"):
        house.person(name)
    ruled, chosen = _segment(house, "Winter check due", rules=RULES), _segment(house, "Newsletter")
    perform(AssignSegment, actor=actor(house.ada), target_id=bob.pk, data=SegmentInput(segment_id=chosen.pk))
    return ruled, chosen


@scene("settings-tags", on_its_own=True)
def settings_tags(stage: Stage) -> None:
    """Tags, one of them in use."""
    for name in ("Winter check", "Heat pump"):
        stage.house.tag(name)
    stage.page.goto("/settings/tags/")


@scene("settings-tag", on_its_own=True)
def settings_tag(stage: Stage) -> None:
    """A new tag."""
    stage.page.goto("/settings/tags/")
    stage.page.get_by_role("link", name="New tag").first.click()
    expect(stage.page.locator("dialog[open]")).to_be_visible()


@scene("segments-none", on_its_own=True)
def segments_none(stage: Stage) -> None:
    """No segments yet."""
    stage.page.goto("/segments/")


@scene("segments", on_its_own=True)
def segments(stage: Stage) -> None:
    """The list."""
    _world(stage.house)
    stage.page.goto("/segments/")


@scene("segment-rules", on_its_own=True)
def segment_rules(stage: Stage) -> None:
    """Rules with a group in them, with their numbers."""
    ruled, _chosen = _world(stage.house)
    stage.page.goto(f"/segments/{ruled.pk}/edit/")
    expect(stage.page.locator("#k-r-0")).not_to_be_empty()


@scene("segment-unfinished", on_its_own=True)
def segment_unfinished(stage: Stage) -> None:
    """What is missing stands at its line."""
    stage.page.goto("/segments/new/")
    stage.page.get_by_label("Name", exact=True).fill("Winter")
    stage.page.get_by_role("button", name="Save segment").click()
    expect(stage.page.locator("#problem-r-0")).to_be_visible()


@scene("segment", on_its_own=True)
def segment(stage: Stage) -> None:
    """One by rules, with what they say."""
    ruled, _chosen = _world(stage.house)
    stage.page.goto(f"/segments/{ruled.pk}/")


@scene("segment-by-hand", on_its_own=True)
def segment_by_hand(stage: Stage) -> None:
    """One by hand, with its members."""
    _ruled, chosen = _world(stage.house)
    stage.page.goto(f"/segments/{chosen.pk}/")


@scene("users-bubbles", on_its_own=True)
def users_bubbles(stage: Stage) -> None:
    """A segment above the list is chosen."""
    _ruled, chosen = _world(stage.house)
    stage.page.goto(f"/users/?segment={chosen.pk}")


@scene("profile-segments", on_its_own=True)
def profile_segments(stage: Stage) -> None:
    """The card on a profile, with what can be added."""
    _ruled, chosen = _world(stage.house)
    stage.page.goto(f"/users/{chosen.members.get().target_id}/")
    stage.page.locator("#add-segment").click()
    expect(stage.page.locator("#segment-list")).to_contain_text("Type a name")
