"""The fields of a person that a file can fill."""

from enum import StrEnum

from django.utils.translation import gettext, gettext_noop


class Field(StrEnum):
    """A field of a person. `NAME` is one column that holds the whole name and is split while rows are checked."""

    FIRST_NAME = "first_name"
    LAST_NAME = "last_name"
    NAME = "name"
    EMAIL = "email"
    PHONE = "phone"
    ROLE = "role"
    LOCATION = "location"
    ORGANIZATION = "organization"
    TAGS = "tags"

    @property
    def label(self) -> str:
        """The field's name in the language of whoever reads it."""
        return gettext(_LABELS[self])


_LABELS = {
    Field.FIRST_NAME: gettext_noop("First name"),
    Field.LAST_NAME: gettext_noop("Last name"),
    Field.NAME: gettext_noop("Full name"),
    Field.EMAIL: gettext_noop("E-mail"),
    Field.PHONE: gettext_noop("Phone"),
    Field.ROLE: gettext_noop("Role"),
    Field.LOCATION: gettext_noop("Location"),
    Field.ORGANIZATION: gettext_noop("Organization"),
    Field.TAGS: gettext_noop("Tags"),
}

# The longest value of each field, in characters: those of the database's columns.
LONGEST = {
    Field.FIRST_NAME: 60,
    Field.LAST_NAME: 60,
    Field.EMAIL: 254,
    Field.ROLE: 80,
    Field.LOCATION: 48,
    Field.ORGANIZATION: 80,
    Field.TAGS: 24,
}
