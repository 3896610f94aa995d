"""Columns that the database keeps for lists and search, and the indexes that serve them."""

from pathlib import Path

from django.contrib.postgres.operations import BtreeGinExtension, TrigramExtension
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("users", "0001_initial"), ("organizations", "0002_path_and_installation")]

    operations = [
        TrigramExtension(),
        BtreeGinExtension(),
        migrations.RunSQL(Path(__file__).with_name("directory.sql").read_text(), migrations.RunSQL.noop),
    ]
