"""Built-in roles hold what came new."""

from django.db import migrations

ADD = """
UPDATE access_role
SET permissions = ARRAY(
    SELECT DISTINCT code
    FROM unnest(
        permissions || ARRAY['messages.view', 'messages.send', 'messages.templates.edit']::varchar[]
    ) AS code ORDER BY code
)
WHERE builtin IN ('super_admin', 'admin', 'staff', 'support');
"""
REMOVE = """
UPDATE access_role
SET permissions = ARRAY(
    SELECT code FROM unnest(permissions) AS code
    WHERE code <> ALL (ARRAY['messages.view', 'messages.send', 'messages.templates.edit']) ORDER BY code
);
"""


class Migration(migrations.Migration):
    dependencies = [("messaging", "0001_initial"), ("access", "0003_support")]

    operations = [migrations.RunSQL(ADD, REMOVE)]
