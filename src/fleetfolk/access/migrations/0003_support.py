"""Every tenant has a Support role, and every Admin role holds what came new, as a code that can be taken away."""

from django.db import migrations, models

ADD = """
UPDATE access_role
SET permissions = ARRAY(
    SELECT DISTINCT code FROM unnest(permissions || ARRAY[
        'support.view_as', 'support.act_as', 'support.approve', 'users.deactivate', 'users.data.export'
    ]::varchar[]) AS code ORDER BY code
)
WHERE builtin = 'admin';

-- Staff of the same tenant, and the two rights to help customers in their own view.
INSERT INTO access_role (tenant_id, name, builtin, permissions, position)
SELECT staff.tenant_id,
    CASE WHEN EXISTS (
        SELECT 1 FROM access_role AS taken WHERE taken.tenant_id = staff.tenant_id AND taken.name = 'Support'
    ) THEN 'Remote support' ELSE 'Support' END,
    'support',
    ARRAY(
        SELECT DISTINCT code
        FROM unnest(staff.permissions || ARRAY['users.view', 'support.view_as', 'support.act_as']::varchar[]) AS code
        ORDER BY code
    ),
    staff.position + 1
FROM access_role AS staff WHERE staff.builtin = 'staff';

UPDATE access_role SET position = position + 1
WHERE builtin = 'user' AND EXISTS (
    SELECT 1 FROM access_role AS support
    WHERE support.tenant_id = access_role.tenant_id AND support.builtin = 'support'
        AND support.position = access_role.position
);
"""

REMOVE = """
DELETE FROM access_role WHERE builtin = 'support';
UPDATE access_role
SET permissions = ARRAY(
    SELECT code FROM unnest(permissions) AS code WHERE code <> ALL (ARRAY[
        'support.view_as', 'support.act_as', 'support.approve', 'users.deactivate', 'users.data.export'
    ]) ORDER BY code
)
WHERE builtin = 'admin';
"""


class Migration(migrations.Migration):
    dependencies = [("access", "0002_super_admin")]

    operations = [
        migrations.AlterField(
            model_name="role",
            name="builtin",
            field=models.CharField(
                blank=True,
                choices=[
                    ("super_admin", "Super Admin"),
                    ("admin", "Admin"),
                    ("staff", "Staff"),
                    ("support", "Support"),
                    ("user", "User"),
                ],
                max_length=12,
            ),
        ),
        migrations.RunSQL(ADD, REMOVE),
    ]
