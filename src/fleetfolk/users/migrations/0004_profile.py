"""People have a nickname, a theme, and what their organization's own fields say of them."""

from django.db import migrations, models

CUSTOM = """
ALTER TABLE users_user ADD CONSTRAINT users_custom
    CHECK (jsonb_typeof(custom) = 'object' AND pg_column_size(custom) < 16384)
"""


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0002_super_admin"),
        ("organizations", "0004_rules"),
        ("users", "0003_cache"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="custom",
            field=models.JSONField(db_default=models.Value({}, models.JSONField()), default=dict, editable=False),
        ),
        migrations.AddField(
            model_name="user",
            name="nickname",
            field=models.CharField(blank=True, db_default="", max_length=40, verbose_name="nickname"),
        ),
        migrations.AddField(
            model_name="user",
            name="theme",
            field=models.CharField(
                choices=[("auto", "As the device"), ("light", "Light"), ("dark", "Dark")],
                db_default="auto",
                default="auto",
                max_length=5,
                verbose_name="theme",
            ),
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.CheckConstraint(
                condition=models.Q(("theme__in", ["auto", "light", "dark"])), name="users_theme"
            ),
        ),
        migrations.RunSQL(CUSTOM, "ALTER TABLE users_user DROP CONSTRAINT users_custom"),
    ]
