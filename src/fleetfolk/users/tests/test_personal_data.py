"""Personal data is complete by construction: every table is declared, or says why it knows nobody."""

import re
from collections import defaultdict

import pytest
from django.apps import apps
from django.db import connection

from fleetfolk.users.personal import Personal, registered

NOT_PERSONAL = {
    **dict.fromkeys(
        ("auth_group", "auth_group_permissions", "auth_permission", "django_content_type", "django_migrations"),
        "Django's own, about the program.",
    ),
    "django_session": "Declared as sessions.Session.",
    "account_emailconfirmation": "Never written: addresses are confirmed by users.EmailChange.",
    "access_role": "What a role may do. Who holds it is in users_user.",
    "access_roleswitches": "What a role may do in one organization.",
    "organizations_organization": "An organization's own.",
    "organizations_location": "An organization's own.",
    "organizations_customfield": "What fields there are. Their values are in users_user.",
    "organizations_brand": "How a tenant looks to its customers, and whom they may ask.",
    "organizations_brandpicture": "A tenant's logo.",
    "users_signup": "Who may sign up at an organization by themselves. Who did is in users_registration.",
    "users_ssodomain": "Which domains an organization has.",
    **dict.fromkeys(
        ("socialaccount_socialapp", "socialaccount_socialtoken"),
        "Never written: providers are users.SingleSignOn, and who is who there is users.SsoIdentity.",
    ),
    "organizations_plan": "What an organization may have.",
    **dict.fromkeys(
        ("api_programsecret", "api_programtoken", "api_window"), "What a program gets in by, and how often it asked."
    ),
    "api_answer": "What requests with an idempotency key were answered; gone after a day.",
    "api_moved": "What an organization, template, tag or device was called on another server.",
    "scim_group": "What a directory calls a group, and which role it gives. Who is in it is in scim_member.",
    "scim_scimclient_roles": "Which roles a directory may give.",
    "webhooks_delivery": "Of which entry a receiver is told, by number. What it says is made when it is sent.",
    "webhooks_attempt": "How a program answered a delivery, with the beginning of its answer; gone after 30 days.",
    "messaging_mailrule": "What becomes of forged mail in an organization.",
    **dict.fromkeys(
        ("devices_template", "devices_templateuse", "devices_datastream", "devices_metadatafield", "devices_eventkind"),
        "What devices of a model are. Who owns one is in devices_device.",
    ),
    "devices_eventnotice": "Of which events somebody is yet to be told.",
    "devices_devicetag": "An organization's own word for a device.",
    **dict.fromkeys(
        ("devices_reported", "devices_point", "devices_minute"),
        "What a device reported. It belongs to the device, which stays with its organization.",
    ),
    "fleetfolk_cache": "Counts of attempts under hashed keys, which expire within the hour.",
    "procrastinate_events": "When work in the queue began and ended. What it was given is in procrastinate_jobs.",
    "procrastinate_periodic_defers": "When regular work was queued.",
    "procrastinate_workers": "Which workers there are.",
    "demo_mail": "Stands in for a mail server, in the demo alone: what was mailed cannot be called back.",
    "demo_world": "How far the demo's story is told.",
}
"""Every table that is not declared, with the reason."""

SUSPICIOUS = re.compile(
    r"(^|_)(user|actor|agent|target|created_by|requested_by|invited_by|acting_for|by)_id$|(^|_)label$|^(e?mail|phone)$"
)
"""Columns that look as if they told of a person."""

HARMLESS_COLUMNS = {
    ("actionlog_entry", "organization_label"): "an organization's name",
    ("actionlog_entry", "target_label"): "taken out by the privileged function",
    ("actionlog_entry", "actor_label"): "taken out by the privileged function",
}


def table_of(part: Personal) -> str:
    return str(apps.get_model(part.model)._meta.db_table) if "." in part.model else part.model


def columns_declared() -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for part in registered():
        found[table_of(part)] |= {*part.by, *(column for pair in part.labels for column in pair)}
    return found


def tables() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND n.nspname = current_schema()"
        )
        return {name for (name,) in cursor.fetchall()}


def test_every_table_is_declared_or_says_why_it_knows_nobody(db: None) -> None:
    declared = {table_of(part) for part in registered()}
    modelled = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
    every = (tables() | modelled) - {"procrastinate_version"}
    unknown = every - declared - set(NOT_PERSONAL)
    assert not unknown, "declare these tables in an `export_parts` module, or say here why they know nobody"
    assert declared <= every | {"procrastinate_jobs"}


def test_every_key_of_a_person_is_declared(db: None) -> None:
    """A foreign key to a person makes a table personal, whatever it is said to hold."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.conrelid::regclass::text, a.attname FROM pg_constraint c"
            " JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = ANY(c.conkey)"
            " WHERE c.contype = 'f' AND c.confrelid = 'users_user'::regclass"
        )
        keys = cursor.fetchall()
    declared = columns_declared()
    assert len(keys) >= 6
    assert not {(table, column) for table, column in keys if column not in declared[table]}


def test_every_column_that_looks_like_a_person_is_declared_or_harmless(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = current_schema()"
        )
        columns = [(table, column) for table, column in cursor.fetchall() if SUSPICIOUS.search(column)]
    declared = columns_declared()
    own = {"email", "phone"}
    unknown = {
        (table, column)
        for table, column in columns
        if table in tables()
        and table not in NOT_PERSONAL
        and column not in declared[table]
        and (table, column) not in HARMLESS_COLUMNS
        and not (column in own and "user_id" in declared[table] | ({"user_id"} if table == "users_user" else set()))
    }
    assert not unknown


@pytest.mark.parametrize("part", registered(), ids=lambda part: part.model)
def test_what_a_declaration_names_is_there(part: Personal) -> None:
    if "." not in part.model:
        return
    model = apps.get_model(part.model)
    names = {"pk", *(field.attname for field in model._meta.concrete_fields)}
    assert {*part.by, *(column for pair in part.labels for column in pair)} <= names
