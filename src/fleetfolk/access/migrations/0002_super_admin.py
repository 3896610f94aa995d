"""The installation's own tenant has its Super Admin role."""

from django.db import migrations

CREATE = """
INSERT INTO access_role (tenant_id, name, builtin, permissions, position)
VALUES (1, 'Super Admin', 'super_admin', ARRAY['installation.tenants.create', 'organizations.view', 'users.view'], 0);
"""


class Migration(migrations.Migration):
    dependencies = [("access", "0001_initial"), ("organizations", "0002_path_and_installation")]

    operations = [migrations.RunSQL(CREATE, "DELETE FROM access_role WHERE builtin = 'super_admin'")]
