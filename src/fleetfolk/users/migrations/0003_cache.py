"""The table in which sign-in attempts are counted."""

from django.core.management import call_command
from django.db import migrations


def create(apps, schema_editor):
    """The cache table is there."""
    call_command("createcachetable", database=schema_editor.connection.alias)


class Migration(migrations.Migration):
    dependencies = [("users", "0002_directory")]

    operations = [migrations.RunPython(create, migrations.RunPython.noop)]
