"""Searches find what an organization's own fields say of people."""

from pathlib import Path

from django.db import migrations

SLICE = 5_000


def write_words(apps, schema_editor):
    """Everybody with own fields is found by them: slice by slice, each its own transaction."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) FROM users_user")
        ((last,),) = cursor.fetchall()
        for after in range(0, last, SLICE):
            cursor.execute(
                "UPDATE users_user SET custom = custom WHERE id > %s AND id <= %s AND custom <> '{}'",
                (after, after + SLICE),
            )


class Migration(migrations.Migration):
    atomic = False
    """The words of a million people are not written in one transaction."""

    dependencies = [("users", "0006_privacy"), ("organizations", "0008_searchable_fields")]

    operations = [
        migrations.RunSQL(
            "BEGIN;\n" + Path(__file__).with_name("own_words.sql").read_text() + "COMMIT;\n", migrations.RunSQL.noop
        ),
        migrations.RunPython(write_words, migrations.RunPython.noop),
    ]
