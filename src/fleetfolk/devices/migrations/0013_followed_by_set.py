"""Devices follow templates, locations and organizations in a time that grows with their number, not with its square.

As `followed_in_line.sql` says it of owners.
"""

from django.db import migrations

FORWARDS = """
CREATE OR REPLACE FUNCTION devices_follow_template() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    WITH renamed AS MATERIALIZED (SELECT id, name FROM changed EXCEPT SELECT id, name FROM before)
    UPDATE devices_device d SET template_id = d.template_id FROM renamed WHERE d.template_id = renamed.id;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION devices_follow_location() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    WITH renamed AS MATERIALIZED (SELECT id, name FROM changed EXCEPT SELECT id, name FROM before)
    UPDATE devices_device d SET location_id = d.location_id FROM renamed WHERE d.location_id = renamed.id;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION devices_follow_organization() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    WITH moved AS MATERIALIZED (SELECT id, name, path FROM changed EXCEPT SELECT id, name, path FROM before)
    UPDATE devices_device d SET organization_id = d.organization_id FROM moved WHERE d.organization_id = moved.id;
    RETURN NULL;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("devices", "0012_followed_in_line")]

    operations = [migrations.RunSQL(FORWARDS, migrations.RunSQL.noop)]
