"""The Super Admin edits plans, and reads in the log who did."""

from django.db import migrations

GIVE = """
UPDATE access_role SET permissions = ARRAY(
    SELECT DISTINCT code FROM unnest(permissions || '{actionlog.view,installation.plans.edit}'::varchar[]) AS code
    ORDER BY code)
WHERE builtin = 'super_admin';
"""


class Migration(migrations.Migration):
    dependencies = [("access", "0003_support"), ("organizations", "0012_plans")]

    operations = [migrations.RunSQL(GIVE, migrations.RunSQL.noop)]
