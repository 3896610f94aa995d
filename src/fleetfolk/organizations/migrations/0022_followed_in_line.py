"""What is below an organization follows it in a time that grows with its number, not with the square of it.

What was changed is found by a set operation. A join of the rows of before with those of now, planned for one row while
there was one, compares each of a thousand with a thousand.
"""

from django.db import migrations

FORWARDS = """
CREATE OR REPLACE FUNCTION organizations_follow_parent() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    moved bigint[] := ARRAY(
        SELECT id FROM (SELECT id, path, line FROM changed EXCEPT SELECT id, path, line FROM before) AS other);
BEGIN
    -- Without the question a statement that changes nothing would call for the next one, without end.
    IF EXISTS (SELECT FROM organizations_organization WHERE parent_id = ANY (moved)) THEN
        UPDATE organizations_organization SET parent_id = parent_id WHERE parent_id = ANY (moved);
    END IF;
    RETURN NULL;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("organizations", "0021_allows_below")]

    operations = [migrations.RunSQL(FORWARDS, migrations.RunSQL.noop)]
