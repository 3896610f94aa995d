"""Built-in roles hold what came new."""

from django.db import migrations

ADD = """
UPDATE access_role
SET permissions = ARRAY(
    SELECT DISTINCT code
    FROM unnest(permissions || ARRAY['devices.timeline.view', 'devices.timeline.edit']::varchar[]) AS code ORDER BY code
)
WHERE builtin IN ('super_admin', 'admin', 'staff', 'support');
"""
REMOVE = """
UPDATE access_role
SET permissions = ARRAY(
    SELECT code FROM unnest(permissions) AS code
    WHERE code <> ALL (ARRAY['devices.timeline.view', 'devices.timeline.edit']) ORDER BY code
);
"""


class Migration(migrations.Migration):
    dependencies = [("devices", "0003_directory"), ("access", "0003_support")]

    operations = [migrations.RunSQL(ADD, REMOVE)]
