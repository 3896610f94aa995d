"""What an organization says of itself, its order in the tree, and branches that move with all below them."""

from django.db import migrations, models

# A root is its own tenant; everybody else belongs to the parent's. The path is the parent's and one's own key, the line
# the parent's and one's own folded name. The key stands behind the name: two that fold alike stay apart. An index holds
# no row of more than 2,704 bytes: 60 letters of each name decide.
LINE = """
CREATE OR REPLACE FUNCTION organizations_keep_path() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    own text := rtrim(left(fold(NEW.name), 60)) || E'\\x01' || NEW.id || E'\\x01';
BEGIN
    IF NEW.parent_id IS NULL THEN
        NEW.tenant_id := NEW.id;
        NEW.path := NEW.id || '.';
        NEW.line := own;
    ELSE
        SELECT parent.tenant_id, parent.path || NEW.id || '.', parent.line || own
        INTO STRICT NEW.tenant_id, NEW.path, NEW.line
        FROM organizations_organization AS parent WHERE parent.id = NEW.parent_id;
    END IF;
    RETURN NEW;
END $$;

DROP TRIGGER organizations_path ON organizations_organization;
CREATE TRIGGER organizations_path BEFORE INSERT OR UPDATE OF parent_id, name ON organizations_organization
    FOR EACH ROW EXECUTE FUNCTION organizations_keep_path();

-- What is below an organization that moved or was renamed is written again through the trigger above: level by level,
-- each in one statement.
CREATE FUNCTION organizations_follow_parent() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM changed JOIN before USING (id)
        JOIN organizations_organization below ON below.parent_id = changed.id
        WHERE (changed.path, changed.line) IS DISTINCT FROM (before.path, before.line)
    ) THEN
        UPDATE organizations_organization below SET parent_id = below.parent_id
        FROM changed JOIN before USING (id)
        WHERE below.parent_id = changed.id AND (changed.path, changed.line) IS DISTINCT FROM (before.path, before.line);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER organizations_follow_parent AFTER UPDATE ON organizations_organization
    REFERENCING OLD TABLE AS before NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION organizations_follow_parent();

UPDATE organizations_organization SET parent_id = parent_id WHERE parent_id IS NULL;

CREATE INDEX organizations_by_line ON organizations_organization (tenant_id, line, id);
CREATE INDEX organizations_by_folded_name ON organizations_organization (tenant_id, (fold(name) COLLATE "C"), id);
CREATE INDEX organizations_by_created ON organizations_organization (tenant_id, created_at, id);
"""

REVERSED = """
DROP INDEX organizations_by_created;
DROP INDEX organizations_by_folded_name;
DROP INDEX organizations_by_line;
DROP TRIGGER organizations_follow_parent ON organizations_organization;
DROP FUNCTION organizations_follow_parent();
"""


class Migration(migrations.Migration):
    # fold() comes with the people's directory.
    dependencies = [("organizations", "0012_plans"), ("users", "0002_directory")]

    operations = [
        migrations.AddField(
            "organization", "description", models.CharField("description", max_length=500, blank=True, db_default="")
        ),
        migrations.AddField(
            "organization", "phone", models.CharField("phone", max_length=16, blank=True, db_default="")
        ),
        migrations.AddField(
            "organization", "address", models.CharField("address", max_length=200, blank=True, db_default="")
        ),
        migrations.AddField(
            "organization",
            "unit_system",
            models.CharField(
                "units",
                max_length=8,
                choices=[("metric", "Metric"), ("imperial", "Imperial")],
                default="metric",
                db_default="metric",
            ),
        ),
        migrations.AddField("organization", "archived_at", models.DateTimeField("archived", null=True, editable=False)),
        migrations.AddField("organization", "created_by_id", models.BigIntegerField(null=True, editable=False)),
        migrations.AddField("organization", "line", models.TextField(db_collation="C", db_default="", editable=False)),
        migrations.AddConstraint(
            "organization",
            models.CheckConstraint(
                condition=models.Q(unit_system__in=["metric", "imperial"]), name="organizations_unit_system"
            ),
        ),
        migrations.AddConstraint(
            "organization",
            models.CheckConstraint(
                condition=models.Q(phone="") | models.Q(phone__regex=r"^\+[1-9][0-9]{4,14}$"),
                name="organizations_phone_e164",
            ),
        ),
        migrations.RunSQL(LINE, REVERSED),
    ]
