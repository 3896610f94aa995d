"""What was typed to share a device, and how many devices each person owns."""

from pathlib import Path

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("devices", "0004_timeline_rights"), ("users", "0006_privacy")]

    operations = [
        migrations.AddField(
            "share", "address", models.EmailField(db_default="", max_length=254, verbose_name="e-mail")
        ),
        migrations.RunSQL(Path(__file__).with_name("ownership.sql").read_text(), migrations.RunSQL.noop),
    ]
