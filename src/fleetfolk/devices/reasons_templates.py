"""What people read when a change to a template is refused."""

from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel.reasons import say

say(
    {
        "part_missing": _("This cannot be empty."),
        "part_long": _("This is longer than %(limit)s characters."),
        "part_unseen": _("This holds characters that cannot be seen, or blanks at an edge."),
        "part_choice": _("This must be one of: %(choices)s."),
        "part_range": _("This must be between %(least)s and %(most)s."),
        "part_numbers_only": _("Only a number has this."),
        "part_lists_only": _("Only a list has entries."),
        "template_not_root": _("Templates belong to the operator's own organization and are enabled for others."),
        "template_at_the_top": _("Templates are added by the operator, at the top of the tree."),
        "template_name_taken": _("There is a template called “%(name)s” already. Choose another name."),
        "template_id": _("A template ID is TMPL and 4 to 12 letters or digits."),
        "template_id_taken": _("Another template has the ID %(id)s already. Leave it empty to get a new one."),
        "template_categories": _("Up to %(most)s categories, each once."),
        "template_archived": _("The template is archived. Restore it first."),
        "template_not_archived": _("The template is not archived."),
        "template_in_use": _(
            "It cannot be deleted: devices made from it, %(count)s. Archive it, then nothing new is made from it."
        ),
        "template_enabled": _("It is enabled there already."),
        "template_not_enabled": _("It is not enabled there."),
        "stream_name": _("Devices use this name in addresses: leave out / , + # \\ and quotation marks."),
        "stream_name_taken": _("There is a datastream called “%(name)s” in this template already."),
        "stream_pin_taken": _("V%(pin)s is taken by “%(name)s”. V%(free)s is free."),
        "streams_full": _("All 256 pins are taken."),
        "stream_whole": _("This must be a whole number from -2,147,483,648 to 2,147,483,647."),
        "stream_limits": _("The maximum must be greater than the minimum."),
        "stream_default": _("This does not fit the type or lies outside the limits."),
        "stream_choices": _("A list needs at least two entries, at most %(most)s, each with a number of its own."),
        "stream_reported": _(
            "Its type and pin stay: devices that have reported it, %(count)s. What is kept would not fit any more. Add "
            "another datastream, or delete this one with all that was reported."
        ),
        "metadata_name_taken": _("There is a metadata field called “%(name)s” in this template already."),
        "metadata_full": _("There are %(most)s metadata fields already. Delete one that is not used."),
        "metadata_choices": _("A list needs at least two entries, at most %(most)s, each once."),
        "metadata_default": _("This does not fit the type."),
        "metadata_kept": _(
            "Its type stays: devices that have a value here, %(count)s. Add another field, or delete this one with its "
            "values."
        ),
        "event_code": _("A code has letters from a to z, digits, underscores and spaces."),
        "event_code_reserved": _("“%(code)s” is written by the installation itself. Choose another code."),
        "event_code_taken": _("There is an event with the code “%(code)s” in this template already."),
        "events_full": _("There are %(most)s events already. Delete one that is not used."),
    }
)
