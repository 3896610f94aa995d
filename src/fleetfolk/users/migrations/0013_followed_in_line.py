"""People follow roles, locations, tags and organizations in a time that grows with their number, not with its square.

What was changed is found by a set operation. A join of the rows of before with those of now, planned for one row while
there was one, compares each of a thousand with a thousand.
"""

from django.db import migrations

FORWARDS = """
CREATE OR REPLACE FUNCTION users_follow_role() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    WITH renamed AS MATERIALIZED (SELECT id, name FROM changed EXCEPT SELECT id, name FROM before)
    UPDATE users_user u SET role_id = u.role_id FROM renamed WHERE u.role_id = renamed.id;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION users_follow_location() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    WITH renamed AS MATERIALIZED (SELECT id, name FROM changed EXCEPT SELECT id, name FROM before)
    UPDATE users_user u SET location_id = u.location_id FROM renamed WHERE u.location_id = renamed.id;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION users_follow_organization() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    WITH moved AS MATERIALIZED (SELECT id, name, path FROM changed EXCEPT SELECT id, name, path FROM before)
    UPDATE users_user u SET organization_id = u.organization_id FROM moved WHERE u.organization_id = moved.id;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION users_follow_tag() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM users_set_tags((
        SELECT array_agg(DISTINCT ut.user_id)
        FROM (SELECT id, name FROM changed EXCEPT SELECT id, name FROM before) AS renamed
        JOIN users_usertag ut ON ut.tag_id = renamed.id));
    RETURN NULL;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("users", "0012_single_sign_on")]

    operations = [migrations.RunSQL(FORWARDS, migrations.RunSQL.noop)]
