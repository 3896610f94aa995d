"""Devices are offered to people, by their owners too: built-in roles hold the right that came new."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

ADD = """
UPDATE access_role
SET permissions = ARRAY(
    SELECT DISTINCT code FROM unnest(permissions || ARRAY['devices.own.transfer']::varchar[]) AS code ORDER BY code
)
WHERE builtin <> '';
"""
REMOVE = """
UPDATE access_role SET permissions = array_remove(permissions, 'devices.own.transfer');
"""


class Migration(migrations.Migration):
    dependencies = [
        ("devices", "0008_event_mails"),
        ("organizations", "0009_brand"),
        ("access", "0003_support"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Gift",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("address", models.EmailField(max_length=254, verbose_name="e-mail")),
                ("created_by_id", models.BigIntegerField()),
                ("created_by_label", models.CharField(max_length=140)),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("ends_at", models.DateTimeField(verbose_name="ends")),
                (
                    "device",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="gift", to="devices.device"
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organizations.organization",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.RunSQL(ADD, REMOVE),
    ]
