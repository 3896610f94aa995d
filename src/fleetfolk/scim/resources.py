"""What is told of people and groups, and taken from a directory: parts of RFC 7643, as `/Schemas` says them.

Names, an address and whether somebody is active are always told. A directory that leaves them out is understood all the
same (`fleetfolk.scim.reading`).
"""

from typing import Annotated, Any, Final

from django.conf import settings
from pydantic import Field
from scim2_models import (
    URN,
    AuthenticationScheme,
    Bulk,
    CaseExact,
    ChangePassword,
    ComplexAttribute,
    ETag,
    Filter,
    Mutability,
    Patch,
    Reference,
    Required,
    Resource,
    ScimPolicy,
    ScimProvider,
    ServiceProviderConfig,
    Sort,
    Uniqueness,
)

MOST_FOUND: Final = 200
"""So many resources at a time."""


class Name(ComplexAttribute):
    """How somebody is called."""

    family_name: Annotated[str | None, Required.true] = None
    """The family name, or the only one."""

    given_name: str | None = None
    """The given name."""


class Email(ComplexAttribute):
    """Somebody's address: there is one."""

    value: Annotated[str | None, Required.true] = None
    """The address that signs in."""

    type: str | None = Field(None, examples=["work"])
    """What kind of address it is."""

    primary: bool | None = None
    """Which of several is taken: there is one."""


class PhoneNumber(ComplexAttribute):
    """Somebody's phone number: there is one."""

    value: str | None = None
    """The number, with the country's code or as it is dialled there."""

    type: str | None = Field(None, examples=["work", "mobile"])
    """What kind of number it is."""

    primary: bool | None = None
    """Which of several is taken: there is one."""


class GroupOfUser(ComplexAttribute):
    """A group that somebody is in."""

    value: Annotated[str | None, Mutability.read_only] = None
    """The group's id."""

    ref: Annotated[Reference["Group"] | None, Mutability.read_only] = Field(
        None, serialization_alias="$ref", validation_alias="$ref"
    )
    """Where the group is."""

    display: Annotated[str | None, Mutability.read_only] = None
    """What it is called."""


class User(Resource[Any]):
    """Somebody whose home is the directory's organization."""

    __schema__ = URN("urn:ietf:params:scim:schemas:core:2.0:User")

    user_name: Annotated[str | None, Required.true, Uniqueness.server] = None
    """What the directory calls the person. Signs nobody in."""

    name: Annotated[Name | None, Required.true] = None
    """How the person is called."""

    nick_name: str | None = None
    """How the person is addressed by friends."""

    preferred_language: str | None = Field(None, examples=[code for code, _name in settings.LANGUAGES])
    """In which language the person reads pages and mails."""

    active: Annotated[bool | None, Required.true] = None
    """Whether the person may sign in. Switched off, all sessions and keys end at once."""

    emails: Annotated[list[Email] | None, Required.true] = None
    """The address that signs in."""

    phone_numbers: list[PhoneNumber] | None = None
    """The person's phone number."""

    groups: Annotated[list[GroupOfUser] | None, Mutability.read_only] = None
    """The groups of this directory that the person is in."""


class GroupMember(ComplexAttribute):
    """Somebody in a group."""

    value: Annotated[str | None, Mutability.immutable, CaseExact.true] = None
    """The person's id."""

    ref: Annotated[Reference[User] | None, Mutability.immutable] = Field(
        None, serialization_alias="$ref", validation_alias="$ref"
    )
    """Where the person is."""

    type: Annotated[str | None, Mutability.immutable] = Field(None, examples=["User"])
    """People alone are in groups."""


class Group(Resource[Any]):
    """A group of the directory. Where it has a role, its people have that role."""

    __schema__ = URN("urn:ietf:params:scim:schemas:core:2.0:Group")

    display_name: Annotated[str | None, Required.true, Uniqueness.server] = None
    """What the directory calls it."""

    members: list[GroupMember] | None = None
    """Who is in it."""


GroupOfUser.model_rebuild()

CONFIG: Final = ServiceProviderConfig(
    patch=Patch(supported=True),
    bulk=Bulk(supported=False, max_operations=0, max_payload_size=0),
    filter=Filter(supported=True, max_results=MOST_FOUND),
    change_password=ChangePassword(supported=False),
    sort=Sort(supported=False),
    etag=ETag(supported=False),
    authentication_schemes=[
        AuthenticationScheme(
            type=AuthenticationScheme.Type.oauthbearertoken,
            name="Bearer token",
            description="The token that an Admin made on the page Provisioning.",
            primary=True,
        )
    ],
)

PROVIDER: Final = ScimProvider(
    models=[User, Group],
    config=CONFIG,
    # Directories say more than is kept here, and some say it in their own way: what is not kept is passed over.
    policy=ScimPolicy(
        unknown=ScimPolicy.Unknown.ignore,
        remove_value_as_filter=ScimPolicy.RemoveValue.apply,
        unmatched_path_filter=ScimPolicy.UnmatchedPathFilter.create,
    ),
)
