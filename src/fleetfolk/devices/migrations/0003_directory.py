"""Columns that the database keeps for lists and search, and the indexes that serve them."""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("devices", "0002_history"), ("users", "0002_directory")]

    operations = [
        migrations.RunSQL(Path(__file__).with_name("directory.sql").read_text(), migrations.RunSQL.noop),
    ]
