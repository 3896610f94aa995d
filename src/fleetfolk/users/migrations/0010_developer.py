"""Developer mode: a switch of each person; where nobody has touched it, the role says. Admins may touch it."""

from django.db import migrations, models

GIVE = """
UPDATE access_role SET permissions = ARRAY(
    SELECT DISTINCT code FROM unnest(permissions || '{users.developers.edit}'::varchar[]) AS code ORDER BY code)
WHERE builtin = 'admin';
"""
TAKE = "UPDATE access_role SET permissions = array_remove(permissions, 'users.developers.edit')"


class Migration(migrations.Migration):
    dependencies = [("users", "0009_guest_roles"), ("access", "0004_plans")]

    operations = [
        migrations.AddField("user", "developer", models.BooleanField(null=True, verbose_name="developer mode")),
        migrations.RunSQL(GIVE, TAKE),
    ]
