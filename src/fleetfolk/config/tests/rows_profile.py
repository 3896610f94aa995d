"""How the URLs of profiles, custom fields and rules are attacked."""

from typing import Any

from fleetfolk.config.tests.rows import Row, cleo
from fleetfolk.organizations.models import Tag
from fleetfolk.testing.cast import Cast
from fleetfolk.testing.door import staging
from fleetfolk.testing.samples_profile import deleted_tag, own_field, own_tag
from fleetfolk.users.models import UserTag


def information_of_cleo(cast: Cast) -> list[Any]:
    return [cast.cleo.pk, "information"]


def nickname_of_cleo(cast: Cast) -> list[Any]:
    return [cast.cleo.pk, "nickname"]


def tag_of_cleo(cast: Cast) -> list[Any]:
    with staging():
        tag, _ = Tag.objects.get_or_create(tenant=cast.lumen, organization=cast.lumen, name="Vip")
        UserTag.objects.get_or_create(tenant=cast.lumen, user=cast.cleo, tag=tag)
    return [cast.cleo.pk, tag.pk]


def field_of_north(cast: Cast) -> list[Any]:
    return [own_field(cast).pk]


def tag_of_north(cast: Cast) -> list[Any]:
    return [own_tag(cast).pk]


def deleted_tag_of_north(cast: Cast) -> list[Any]:
    return [deleted_tag(cast).pk]


def north(cast: Cast) -> list[Any]:
    return [cast.north.pk]


ROWS: list[Row] = [
    Row(name="users:export-form", dana=200),
    Row(name="users:export-file", dana=200),
    Row(name="settings:rules"),
    Row(name="settings:fields"),
    Row(name="settings:create-field"),
    Row(name="settings:organizations"),
    Row(name="settings:rules-of", target=north),
    Row(name="settings:rules-of", target=north, data={"second_factor": "yes"}, ada=(302,)),
    Row(name="settings:branding-of", target=north),
    Row(name="settings:branding-of", target=north, data={"name": "Northern light"}, ada=(302,)),
    Row(name="settings:branding-preview-of", target=north),
    Row(name="settings:fields-of", target=north),
    Row(name="settings:create-field-of", target=north),
    Row(name="settings:create-field-of", target=north, data={"name": "Contract", "kind": "text"}, ada=(302,)),
    Row(name="settings:edit-field", target=field_of_north, data={"name": "Agreement"}, ada=(302,)),
    Row(name="settings:archive-field", target=field_of_north, data={}, ada=(302,)),
    Row(name="settings:tags"),
    Row(name="settings:create-tag"),
    Row(name="settings:tags-of", target=north),
    Row(name="settings:create-tag-of", target=north),
    Row(name="settings:create-tag-of", target=north, data={"name": "Vip", "colour": "2"}, ada=(302,)),
    Row(name="settings:edit-tag", target=tag_of_north, data={"name": "Agreement", "colour": "2"}, ada=(302,)),
    Row(name="settings:delete-tag", target=tag_of_north, data={}, ada=(302,)),
    Row(name="settings:restore-tag", target=deleted_tag_of_north, data={}, ada=(302,)),
    Row(name="users:header", target=cleo, dana=200),
    Row(name="users:why", target=cleo, dana=200),
    Row(name="users:tab", target=information_of_cleo, dana=200),
    Row(name="users:edit-field", target=nickname_of_cleo, data={"value": "Cleo the First"}, ada=(302,)),
    Row(name="users:tag-choices", target=cleo),
    Row(name="users:add-tag", target=tag_of_cleo, data={}, ada=(302,)),
    Row(name="users:remove-tag", target=tag_of_cleo, data={}, ada=(302,)),
]
PUBLIC: dict[str, str] = {}
ELSEWHERE: dict[str, str] = {"users:picture": "users/tests/test_picture.py"}
