"""By which share a share was given, with which it ends."""

import django.db.models.deletion
from django.db import migrations, models

_KNOWN = """
UPDATE devices_share given SET through_id = behind.id
FROM devices_share behind
WHERE behind.device_id = given.device_id AND behind.user_id = given.created_by_id AND behind.level = 'manage'
    AND behind.id <> given.id AND given.level <> 'manage'
"""
_SHORTER = """
UPDATE devices_share given SET ends_at = least(given.ends_at, behind.ends_at)
FROM devices_share behind WHERE behind.id = given.through_id
"""


class Migration(migrations.Migration):
    dependencies = [("devices", "0006_whose_act")]

    operations = [
        migrations.AddField(
            "share",
            "through",
            models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.CASCADE, related_name="given_on", to="devices.share"
            ),
        ),
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.RunSQL(_KNOWN, migrations.RunSQL.noop),
        migrations.RunSQL(_SHORTER, migrations.RunSQL.noop),
    ]
