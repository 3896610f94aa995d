"""Devices follow their owners in a time that grows with the number of people changed at once, not with its square."""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("devices", "0011_owner_away")]

    operations = [
        migrations.RunSQL(Path(__file__).with_name("followed_in_line.sql").read_text(), migrations.RunSQL.noop)
    ]
