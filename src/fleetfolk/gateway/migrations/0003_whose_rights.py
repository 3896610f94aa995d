"""Whoever listens is told whose rights changed: of which tenant, or of which session, by a hash of its key."""

from importlib import import_module

from django.db import migrations

_WATCHED: dict[str, str] = import_module("fleetfolk.gateway.migrations.0001_rights")._WATCHED

_FUNCTION = """
CREATE OR REPLACE FUNCTION gateway_rights_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_TABLE_NAME = 'django_session' THEN
        PERFORM pg_notify('rights_changed', 'session ' || encode(sha256(convert_to(OLD.session_key, 'UTF8')), 'hex'));
    ELSE
        PERFORM pg_notify('rights_changed', 'tenant ' || OLD.tenant_id);
    END IF;
    RETURN NULL;
END $$
"""
_BEFORE = """
CREATE OR REPLACE FUNCTION gateway_rights_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('rights_changed', '');
    RETURN NULL;
END $$
"""


def _triggers(each: str) -> str:
    return ";".join(
        f"DROP TRIGGER gateway_rights ON {table};"
        f"CREATE TRIGGER gateway_rights AFTER {when} ON {table} FOR EACH {each} EXECUTE FUNCTION gateway_rights_changed()"
        for table, when in _WATCHED.items()
    )


class Migration(migrations.Migration):
    dependencies = [("gateway", "0002_support")]

    operations = [
        migrations.RunSQL(_FUNCTION, _BEFORE),
        migrations.RunSQL(_triggers("ROW"), _triggers("STATEMENT")),
    ]
