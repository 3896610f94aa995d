"""Admins may let directories in."""

from django.db import migrations

GIVE = """
UPDATE access_role
SET permissions = ARRAY(
    SELECT DISTINCT code FROM unnest(permissions || ARRAY['scim.view', 'scim.edit']::varchar[]) AS code ORDER BY code
)
WHERE builtin IN ('super_admin', 'admin');
"""
TAKE = """
UPDATE access_role
SET permissions = ARRAY(
    SELECT code FROM unnest(permissions) AS code WHERE code NOT LIKE 'scim.%' ORDER BY code
);
"""


class Migration(migrations.Migration):
    dependencies = [("scim", "0001_initial"), ("access", "0006_role_switches")]

    operations = [migrations.RunSQL(GIVE, TAKE)]
