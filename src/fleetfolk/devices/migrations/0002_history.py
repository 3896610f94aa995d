"""The partitioned tables of what devices reported."""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("devices", "0001_initial")]

    operations = [
        migrations.RunSQL(Path(__file__).with_name("history.sql").read_text(), migrations.RunSQL.noop),
    ]
