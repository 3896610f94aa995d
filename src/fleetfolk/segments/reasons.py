"""The sentences for what segments refuse."""

from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel.reasons import say

say(
    {
        "segment_name": _("Give the segment a name of 1 to 60 characters."),
        "segment_name_taken": _("%(organization)s has a segment “%(name)s” already. Choose another name."),
        "segments_full": _("An organization can have %(most)s segments at most. Delete one first."),
        "segment_in_use": _("The rules of “%(name)s” ask for this segment. Change those first."),
        "segment_by_rules": _("“%(segment)s” follows rules, so nobody is put into it or taken out by hand."),
        "segment_by_hand": _("“%(segment)s” is chosen by hand and has no rules."),
        "segment_elsewhere": _("This segment does not reach so far."),
        "segment_wrong_kind": _("A segment is of people or of devices."),
        "segment_changed": _("The rules were changed meanwhile."),
        "segment_counted_by_itself": _("Segments are counted by themselves."),
        "segment_gone_from_here": _("The order was changed meanwhile. Look again."),
        "segment_rules_unfit": _("These rules cannot be read, at %(place)s. Build them again."),
        "segment_rules_empty": _("A group without lines says nothing, at %(place)s. Add a line or remove the group."),
        "segment_rules_deep": _("Groups can stand in each other %(most)s times at most."),
        "segment_rules_long": _("These are too many lines: %(most)s at most, with those of the segments they name."),
        "segment_field_gone": _("There is nothing called “%(field)s” to ask about. Remove that line."),
        "segment_field_denied": _("Your role does not let you ask about “%(field)s” here."),
        "segment_members_denied": _(
            "The rules of “%(segment)s” ask about what your role does not show you, so you do not see who is in it."
        ),
        "segment_value_unfit": _("What stands after “%(field)s” does not fit. Choose again."),
        "segment_value_gone": _("Something chosen after “%(field)s” does not exist any more. Choose again."),
        "segment_gone": _("The rules ask for a segment that does not exist any more."),
        "segment_cycle": _("A segment cannot ask for itself, not even through another segment."),
        "segment_nested_deep": _("Segments can ask for each other %(most)s times in a row at most."),
        "segment_slow": _("Counting this takes too long. Ask for less, or for a shorter period."),
    }
)
