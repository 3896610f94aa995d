"""The database keeps each organization's path; the installation's own tenant is there."""

from django.db import migrations

PATH = """
-- A root is its own tenant; everybody else belongs to the parent's. The path is the parent's and one's own key.
CREATE FUNCTION organizations_keep_path() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.parent_id IS NULL THEN
        NEW.tenant_id := NEW.id;
        NEW.path := NEW.id || '.';
    ELSE
        SELECT parent.tenant_id, parent.path || NEW.id || '.' INTO STRICT NEW.tenant_id, NEW.path
        FROM organizations_organization AS parent WHERE parent.id = NEW.parent_id;
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER organizations_path BEFORE INSERT OR UPDATE OF parent_id ON organizations_organization
    FOR EACH ROW EXECUTE FUNCTION organizations_keep_path();

INSERT INTO organizations_organization (id, name, kind, country, time_zone, path, tenant_id)
    OVERRIDING SYSTEM VALUE VALUES (1, 'Installation', 'installation', '', 'UTC', '', 1);
SELECT setval(pg_get_serial_sequence('organizations_organization', 'id'), 1);
"""

REVERSED = """
DELETE FROM organizations_organization WHERE id = 1;
DROP TRIGGER organizations_path ON organizations_organization;
DROP FUNCTION organizations_keep_path();
"""


class Migration(migrations.Migration):
    dependencies = [("organizations", "0001_initial")]

    operations = [migrations.RunSQL(PATH, REVERSED)]
